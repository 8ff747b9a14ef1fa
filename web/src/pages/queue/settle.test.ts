import { describe, expect, it } from 'vitest'
import type { QueueItem } from '@/api/types'
import { settle } from './settle'

const row = (id: string, version = 1): QueueItem => ({ id, version }) as QueueItem
const list = (ids: string) => [...ids].map((id) => row(id))

function check(shown: string, fresh: string, expected: string, waiting: number): void {
  const settled = settle(list(shown), list(fresh))
  expect(settled.rows.map((it) => it.id + (it.gone ? '!' : '')).join('')).toBe(expected)
  expect(settled.waiting).toBe(waiting)
}

describe('a live queue', () => {
  it('takes the first list as it is', () => check('', 'abc', 'abc', 0))
  it('adds what comes after the last row', () => check('ab', 'abcd', 'abcd', 0))
  it('keeps a new row in between waiting', () => check('abc', 'axbc', 'abc', 1))
  it('keeps a row that left in its place', () => check('abc', 'ac', 'ab!c', 1))
  it('counts what moved, not what it passed', () => check('abcd', 'bcda', 'abcd', 1))
  it('moves nothing when everything is new', () => check('ab', 'xy', 'a!b!', 4))

  it('brings content up to date at once', () => {
    const settled = settle(list('ab'), [row('a', 2), row('b')])
    expect(settled.rows[0]?.version).toBe(2)
    expect(settled.waiting).toBe(0)
  })
})
