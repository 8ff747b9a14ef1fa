import { describe, expect, it } from 'vitest'
import { added, type Batch, type Differing, LISTED, type Sums, started } from './trial'

const sums = (part: Partial<Sums>): Sums => ({
  cases: 0,
  same: 0,
  amount: 0,
  other: 0,
  silent: 0,
  by_itself: 0,
  would_minor: 0,
  given_minor: 0,
  ...part,
})
const differing = (n: number): Differing[] =>
  Array.from({ length: n }, (_, at) => ({ case_id: String(at) }) as unknown as Differing)

describe('a run over past cases', () => {
  it('adds batches up to the end', () => {
    const first: Batch = {
      total: 90,
      looked_at: 60,
      sums: sums({ cases: 50, same: 40, would_minor: 100 }),
      differing: differing(10),
      next: 'x',
    }
    const last: Batch = {
      total: 90,
      looked_at: 35,
      sums: sums({ cases: 30, same: 10, would_minor: 7 }),
      differing: differing(20),
      next: null,
    }
    const half = added(started(), first)
    expect([half.state, half.done, half.total]).toEqual(['running', 60, 90])
    const whole = added(half, last)
    expect([whole.state, whole.done, whole.total]).toEqual(['done', 95, 95])
    expect([whole.sums.cases, whole.sums.same, whole.sums.would_minor, whole.differing.length]).toEqual([80, 50, 107, 30])
  })
  it('lists a bounded number of differences', () => {
    const batch: Batch = { total: 500, looked_at: 60, sums: sums({}), differing: differing(150), next: 'x' }
    expect(added(added(started(), batch), batch).differing).toHaveLength(LISTED)
  })
})
