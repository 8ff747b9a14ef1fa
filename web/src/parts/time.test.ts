import { describe, expect, it } from 'vitest'
import { bucket, fromLocal, span, toLocal, when } from './time'

const NOW = Date.parse('2026-11-24T10:38:00+08:00')

describe('times', () => {
  it.each([
    ['2026-11-24T10:35:00+08:00', '10:35'],
    ['2026-11-22T08:40:00Z', '11-22 16:40'],
    ['2025-12-31T23:00:00+08:00', '2025-12-31'],
    [null, '—'],
  ])('shows %s as short as it is clear', (at, expected) => expect(when(at, NOW)).toBe(expected))

  it.each([
    [38 * 60_000, '38m'],
    [-(38 * 60_000), '38m'],
    [82 * 60_000, '1h 22m'],
    [54 * 3_600_000, '2d 06h'],
    [5_000, '5s'],
  ])('says how long %i is', (ms, expected) => expect(span(ms)).toBe(expected))

  it('sorts what is left into five sizes', () => {
    const at = (minutes: number) => bucket(NOW + minutes * 60_000, NOW)
    expect([0, 60, 61, 240, 241, 1440, 1441].map(at)).toEqual(['over', 'h1', 'h4', 'h4', 'h24', 'h24', 'later'])
  })

  it('reads and writes the shop’s wall time', () => {
    expect(fromLocal('2026-11-25T10:00')).toBe('2026-11-25T02:00:00.000Z')
    expect(toLocal('2026-11-25T02:00:00Z')).toBe('2026-11-25T10:00')
  })
})
