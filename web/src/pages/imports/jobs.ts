// Import jobs as the desk tells them, and the words that move them. Owns asking anew while something is under way.
import { queryOptions } from '@tanstack/react-query'
import { get } from '@/api/client'

export type JobState =
  | 'uploading'
  | 'ready'
  | 'checking'
  | 'checked'
  | 'running'
  | 'paused'
  | 'done'
  | 'stopped'
  | 'undoing'
  | 'undone'
  | 'failed'

export const FIELDS = [
  'order_no',
  'sku',
  'title',
  'spec',
  'quantity',
  'unit_price',
  'time',
  'buyer',
  'buyer_name',
  'phone',
  'address',
  'carrier',
  'waybill',
] as const
export type FieldName = (typeof FIELDS)[number]

export interface Mapping {
  format: 1
  encoding: string | null
  separator: string | null
  currency: string
  time_format: string
  time_zone: string
  scenario: string
  cancellation_prefix: string | null
  columns: Partial<Record<FieldName, string>>
}

export interface Figures {
  rows: number
  rows_bad: number
  left_alone: number
  orders_new: number
  orders_known: number
  lines_new: number
  lines_minor: number
  undone: number
  kept: number
}

export interface Job {
  id: string
  name: string
  state: JobState
  size: number
  arrived: number
  wants: number
  done: number
  total: number
  work_began_at: string | null
  figures: Figures
  problem: string
  mapping: Mapping | null
  at: string
  ended_at: string | null
  undo_until: string | null
}

export interface Looked {
  kind: 'sheet' | 'utf-8' | 'gb18030'
  rows: number
  headers: string[]
  mapping: Mapping
  missing: string[]
  sample: string[][]
}

export const STEPS = ['file', 'mapping', 'check', 'run', 'report'] as const
export type Step = (typeof STEPS)[number]

/** Which step of the wizard a state belongs to. */
export const STEP_OF: Record<JobState, Step> = {
  uploading: 'file',
  ready: 'mapping',
  failed: 'mapping',
  checking: 'check',
  checked: 'check',
  running: 'run',
  paused: 'run',
  done: 'report',
  stopped: 'report',
  undoing: 'report',
  undone: 'report',
}

export const working = (state: JobState): boolean => state === 'checking' || state === 'running' || state === 'undoing'

export const jobsPath = (shop: string, rest = ''): string => `/shops/${encodeURIComponent(shop)}/imports${rest}`

/** Asked every second while something is under way; work goes on without anybody looking. */
export const jobsQuery = (shop: string) =>
  queryOptions({
    queryKey: ['imports', shop],
    queryFn: async ({ signal }) => (await get<{ items: Job[] }>(jobsPath(shop), signal)).items,
    enabled: shop !== '',
    refetchInterval: (query) => (query.state.data?.some((job) => working(job.state)) ? 1000 : false),
  })
