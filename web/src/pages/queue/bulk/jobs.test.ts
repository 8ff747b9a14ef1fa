import { describe, expect, it } from 'vitest'
import { finished, isIdle, type Job, left } from './jobs'

const NOW = Date.parse('2026-12-01T10:00:10+08:00')
const job = (state: Job['state'], counts: Partial<Job['counts']>, more: Partial<Job> = {}): Job =>
  ({
    state,
    total: 20,
    counts: { can: 18, approval: 1, cannot: 1, new: 0, ready: 0, done: 0, waiting: 0, refused: 1, stale: 0, ...counts },
    work_began_at: '2026-12-01T10:00:00+08:00',
    rests_until: null,
    paced_until: null,
    ...more,
  }) as Job

describe('a job under way', () => {
  it('counts what has an end, without what was left out', () => {
    expect(finished(job('checking', { new: 5 }))).toEqual({ done: 15, total: 20 })
    expect(finished(job('running', { ready: 9 }))).toEqual({ done: 10, total: 19 })
  })

  it('tells what is left by its speed, and never less than the pace', () => {
    expect(left(job('running', { ready: 9 }), NOW)).toBe(9_000)
    expect(left(job('running', { ready: 9 }, { paced_until: '2026-12-01T10:01:10+08:00' }), NOW)).toBe(60_000)
    expect(left(job('running', { ready: 19 }), NOW)).toBeUndefined()
  })

  it('is nothing to tell of when it never began', () => {
    expect(isIdle(job('checked', { ready: 19 }))).toBe(true)
    expect(isIdle(job('stopped', { ready: 19 }))).toBe(true)
    expect(isIdle(job('stopped', { ready: 9, done: 10 }))).toBe(false)
    expect(isIdle(job('done', {}))).toBe(false)
  })
})
