import { describe, expect, it } from 'vitest'
import type { Board } from './figures'
import { sumsOf } from './sums'

const row = (figure: string, day: string, key: string, count: number, amount_minor = 0) => ({
  figure,
  day,
  key,
  count,
  amount_minor,
})
const board = (rows: Board['rows'], staffing: Board['staffing'] = []): Board => ({
  rows,
  staffing,
  speeds: [],
  waterline: [],
  waterline_cut: false,
  at: '2026-11-24T02:00:00Z',
})

describe('what the panels show', () => {
  const period = { from: '2026-11-23', to: '2026-11-24' }
  it('is summed over days and by day', () => {
    const sums = sumsOf(
      board([
        row('promise', '2026-11-23', 'kept', 2),
        row('promise', '2026-11-24', 'kept', 1),
        row('promise', '2026-11-24', 'broken', 1),
        row('arrived', '2026-11-23', '1-09', 3),
        row('arrived', '2026-11-24', '2-09', 1),
      ]),
      period,
    )
    expect(sums.promises).toEqual({ count: 4, kept: 3, late: 0, broken: 1 })
    expect(sums.stacks.map((stack) => stack.parts.map((part) => part.count))).toEqual([
      [2, 0, 0],
      [1, 0, 1],
    ])
    expect(sums.cells.get('1-09')).toBe(3)
  })
  it('keeps the largest causes and folds the rest', () => {
    const many = Array.from({ length: 9 }, (_, at) => row('cause', '2026-11-23', `c${at}>done`, 20 - at))
    const { bands, pairs } = sumsOf(board(many), period)
    expect(pairs).toHaveLength(9)
    expect(bands.find((band) => band.from === 'others')?.count).toBe(14 + 13 + 12)
  })
  it('finds the hours with most work for each person', () => {
    const hour = (at: number, cases: number, people: number) => ({ hour: at, cases, people })
    const { busy } = sumsOf(board([], [hour(9, 10, 5), hour(12, 9, 2), hour(21, 4, 0), hour(3, 0, 0)]), period)
    expect(busy).toEqual([12, 21, 9])
  })
})
