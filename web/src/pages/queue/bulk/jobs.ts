// Bulk jobs as the desk tells them, and the words that move them. Owns when they are asked again and how long is left.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { deskNow, get, post } from '@/api/client'
import type { Page } from '@/api/types'

export type What =
  | { do: 'refund' }
  | { do: 'flag'; flag: string }
  | { do: 'assign'; staff: string }
  | { do: 'wait'; on: string; until_h: number; reason: string }
  | { do: 'close'; result: string; confirmation: string }

export type JobState = 'checking' | 'checked' | 'running' | 'paused' | 'done' | 'stopped'
export const GROUPS = ['can', 'approval', 'cannot'] as const
export type Group = (typeof GROUPS)[number]
export const ENDS = ['ready', 'done', 'waiting', 'refused', 'stale'] as const
export type RowState = (typeof ENDS)[number]

export interface Job {
  id: string
  what: What
  state: JobState
  currency: string
  total: number
  counts: Record<Group | RowState | 'new' | 'retryable' | 'can_minor' | 'approval_minor' | 'done_minor', number>
  confirm_above_minor: number
  rests_until: string | null
  paced_until: string | null
  at: string
  work_began_at: string | null
  ended_at: string | null
  version: number
}

export interface JobRow {
  n: number
  shop_id: number
  case_id: string
  case_no: string
  title: string
  buyer_masked: string
  order_no: string
  amount_minor: number
  group: Group | null
  state: RowState | 'new'
  code: string
  why: { zh: string; en: string } | null
  retryable: boolean
}

export const isWork = (job: Job | undefined): boolean => job?.state === 'checking' || job?.state === 'running'
export const isMoney = (what: What): boolean => what.do === 'refund'
/** Opened and left before anything was done: nothing to tell of. */
export const isIdle = (job: Job): boolean =>
  job.state === 'checking' ||
  job.state === 'checked' ||
  (job.state === 'stopped' && job.counts.done + job.counts.waiting + job.counts.stale === 0)

export const jobsQuery = queryOptions({
  queryKey: ['bulk'],
  queryFn: async ({ signal }) => (await get<{ items: Job[] }>('/bulk', signal)).items,
  refetchInterval: (query) => (query.state.data?.some((job) => job.state === 'running') ? 1_500 : false),
})

export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: ['bulk', id],
    queryFn: ({ signal }) => get<Job>(`/bulk/${id}`, signal),
    refetchInterval: (query) => (isWork(query.state.data) ? (query.state.data?.state === 'checking' ? 250 : 700) : false),
  })

export const rowsQuery = (id: string, by: { group?: string; state?: string }, version: number) =>
  infiniteQueryOptions({
    // A new version asks anew, at most as often as the job itself is asked.
    queryKey: ['bulk', id, 'rows', by.group ?? '', by.state ?? '', version],
    queryFn: ({ pageParam, signal }) =>
      get<Page<JobRow>>(
        `/bulk/${id}/rows?${new URLSearchParams({ limit: '100', ...by, ...(pageParam ? { cursor: pageParam } : {}) })}`,
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
    placeholderData: (before) => before,
  })

export const openJob = (what: What, cases: readonly { shop_id: number; id: string }[], key: string): Promise<Job> =>
  post<Job>('/bulk', { what, cases: cases.map(({ shop_id, id }) => ({ shop_id, id })) }, { key })

export const steer = (id: string, word: string, more: { confirm_minor?: number; ask_approvals?: boolean } = {}): Promise<Job> =>
  post<Job>(`/bulk/${id}/steer`, { word, ...more })

/** Rows of the work under way that have an end. */
export function finished(job: Job): { done: number; total: number } {
  if (job.state === 'checking') return { done: job.total - job.counts.new, total: job.total }
  const total = job.counts.can + job.counts.approval
  return { done: total - job.counts.ready, total }
}

/** Milliseconds the rest will take: by the speed so far, and not before the pace lets the last row go. Nothing while that is unknown. */
export function left(job: Job, now = deskNow()): number | undefined {
  const { done, total } = finished(job)
  const paced = job.paced_until ? new Date(job.paced_until).getTime() - now : 0
  if (!job.work_began_at || done <= 0) return paced > 0 ? paced : undefined
  const each = (now - new Date(job.work_began_at).getTime()) / done
  return Math.max(paced, job.rests_until ? 0 : each * (total - done))
}
