import { describe, expect, it } from 'vitest'
import { grouped, topOf, within } from './groups'
import type { Shown } from './settle'

const NOW = Date.parse('2026-11-24T02:00:00Z')
const row = (id: string, minutes: number | null, amount_minor = 100): Shown =>
  ({ id, amount_minor, act_by: minutes === null ? null : new Date(NOW + minutes * 60_000).toISOString() }) as Shown
const ROWS = [row('a', -5), row('b', -1, 50), row('c', 30), row('d', null)]
const told = (given: ReturnType<typeof grouped>) =>
  given.groups.map((group) => `${group.bucket} ${group.from} ${group.count} ${group.amountMinor}`)

describe('groups', () => {
  it('has a heading with count and amount before each size', () =>
    expect(told(grouped(ROWS, NOW))).toEqual(['over 0 2 150', 'h1 2 1 100', 'later 3 1 100']))

  it.each([
    ['rows that came at the end', [...ROWS, row('e', null, 7)], NOW],
    ['a row that changed in its place', [ROWS[0], row('b', -1, 60), ...ROWS.slice(2)] as Shown[], NOW],
    ['another instant', ROWS, NOW + 40 * 60_000],
    ['fewer rows', ROWS.slice(0, 1), NOW],
  ])('says the same of %s with and without what it knew', (_, rows, now) =>
    expect(told(grouped(rows, now, grouped(ROWS, NOW)))).toEqual(told(grouped(rows, now))),
  )
})

describe('places', () => {
  const { groups } = grouped(ROWS, NOW)
  const HEIGHT = { group: 10, row: 40 }
  const seen = (top: number, bottom: number, of = groups) =>
    within(of, ROWS.length, HEIGHT, top, bottom).map((it) => `${it.kind === 'row' ? it.at : it.group.bucket}@${it.top}`)

  it('knows where each row stands', () => expect(ROWS.map((_, at) => topOf(groups, at, HEIGHT))).toEqual([10, 50, 100, 150]))
  it.each([
    [0, 1000, ['over@0', '0@10', '1@50', 'h1@90', '2@100', 'later@140', '3@150']],
    [0, 30, ['over@0', '0@10']],
    [60, 95, ['1@50', 'h1@90']],
    [145, 160, ['later@140', '3@150']],
    [400, 500, []],
  ])('shows what lies between %i and %i', (top, bottom, expected) => expect(seen(top, bottom)).toEqual(expected))
  it('puts rows without groups one after another', () => expect(seen(45, 100, [])).toEqual(['1@40', '2@80']))
})
