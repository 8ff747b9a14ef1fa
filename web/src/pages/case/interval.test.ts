import { expect, it } from 'vitest'
import { interval } from './interval'

it.each([
  [20, 64, 21, 43],
  [41, 58, 58, 81],
  [11, 40, 16, 43],
  [0, 10, 0, 28],
  [0, 0, 0, 100],
])('%i of %i', (hits, tries, low, high) =>
  expect(interval(hits, tries).map((share) => Math.round(share * 100))).toEqual([low, high]),
)
