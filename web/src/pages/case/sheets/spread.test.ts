import { expect, it } from 'vitest'
import { spread } from './RefundSheet'

const lines = [
  { line_no: 1, quantity: 1 },
  { line_no: 2, quantity: 1 },
  { line_no: 3, quantity: 2 },
]
const known = [
  { line_no: 1, paid_minor: 7906, refundable_minor: 7906 },
  { line_no: 2, paid_minor: 3997, refundable_minor: 3997 },
  { line_no: 3, paid_minor: 3997, refundable_minor: 3997 },
]

it.each([1, 99, 5000, 15_900])('spreads %i to the fen', (part) => {
  const shares = spread(lines, part, known).map((line) => line.amount_minor ?? -1)
  expect(shares.reduce((sum, share) => sum + share, 0)).toBe(part)
  expect(Math.min(...shares)).toBeGreaterThanOrEqual(0)
})

it('leaves the amount to the desk when none was typed', () => expect(spread(lines, undefined, known)).toEqual(lines))
