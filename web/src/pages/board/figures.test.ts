import { describe, expect, it } from 'vitest'
import { byKey, daysOf, spent, total } from './figures'

describe('sums of the board', () => {
  const rows = [
    { figure: 'paid', day: '2026-11-23', key: 'refund>damage', count: 1, amount_minor: 500 },
    { figure: 'paid', day: '2026-11-24', key: 'refund>damage', count: 2, amount_minor: 700 },
    { figure: 'paid', day: '2026-11-24', key: 'payout>damage', count: 4, amount_minor: 90 },
    { figure: 'closed', day: '2026-11-24', key: 'refunded', count: 9, amount_minor: 0 },
  ]
  it('are of one figure, over days, the largest first', () => {
    const check = (fold: ((key: string) => string) | undefined, expected: [string, number, number][]) =>
      expect(byKey(rows, 'paid', fold).map((row) => [row.key, row.count, row.amount_minor])).toEqual(expected)
    check(undefined, [
      ['payout>damage', 4, 90],
      ['refund>damage', 3, 1200],
    ])
    check((key) => key.split('>')[1] ?? '', [['damage', 7, 1290]])
    expect([total(rows), spent(rows)]).toEqual([16, 1290])
  })
  it('has every day of a period', () => {
    expect(daysOf({ from: '2026-11-29', to: '2026-12-02' })).toEqual(['2026-11-29', '2026-11-30', '2026-12-01', '2026-12-02'])
  })
})
