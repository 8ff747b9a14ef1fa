import { describe, expect, it } from 'vitest'
import { amount, inWords, typedMinor, yuan } from './money'

describe('amounts', () => {
  it('keep fen and thousands, and tell absent from zero', () => {
    expect(yuan(128_000)).toBe('¥1,280.00')
    expect(amount(5)).toBe('0.05')
    expect(amount(0)).toBe('0.00')
    expect(amount(undefined)).toBe('—')
  })

  it.each([
    ['39.97', 3997],
    ['39.9', 3990],
    ['1,280', 128_000],
    ['￥ 5', 500],
    ['0', 0],
    ['', undefined],
    ['1.234', undefined],
    ['-5', undefined],
    ['五十', undefined],
  ])('reads %s', (text, expected) => expect(typedMinor(text)).toBe(expected))

  it.each([
    [3997, '叁拾玖元玖角柒分'],
    [5000, '伍拾元整'],
    [0, '零元整'],
    [5, '伍分'],
    [50, '伍角'],
    [10_005, '壹佰元零伍分'],
    [100_100, '壹仟零壹元整'],
    [12_800_000, '壹拾贰万捌仟元整'],
    [1_000_010_000, '壹仟万零壹佰元整'],
    [10_010_000, '壹拾万零壹佰元整'],
  ])('writes %i in capital numerals', (minor, expected) => expect(inWords(minor)).toBe(expected))
})
