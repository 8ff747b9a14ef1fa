// Exports as the desk gives them. Owns asking, looking and fetching; files are never read here.
import { queryOptions } from '@tanstack/react-query'
import { get, href } from '@/api/client'
import { language } from '@/i18n/language'
import type { Narrow, Sort } from '../queue/views/saved'

export type What =
  | { kind: 'queue'; view: string; shop?: number; narrow?: Narrow; sort?: Sort }
  | { kind: 'board'; shop: number; from: string; to: string }
  | { kind: 'search'; q: string }

export type Form = 'xlsx' | 'csv'

export interface Job {
  id: string
  kind: What['kind']
  format: Form
  state: 'waiting' | 'running' | 'done' | 'failed' | 'stopped'
  done: number
  total: number
  size: number
  cut: boolean
  problem: string
}

/** How often a job under way is looked at. */
const LOOK_MS = 600

export const isOver = (job: Job): boolean => job.state !== 'waiting' && job.state !== 'running'

/** The export to be asked for. */
export const newExport = (what: What, format: Form) => ({ what, format, lang: language() })

export const jobQuery = (id: string | undefined) =>
  queryOptions({
    queryKey: ['export', id],
    queryFn: ({ signal }) => get<Job>(`/exports/${id}`, signal),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : LOOK_MS),
    gcTime: 0,
  })

/** Hands the file to the browser, which keeps its name. */
export function fetchFile(id: string): void {
  const link = document.createElement('a')
  link.href = href(`/exports/${id}/file`)
  link.download = ''
  link.click()
}

/** `1.4 MB`. */
export const bytes = (size: number): string =>
  size < 1024 * 1024 ? `${Math.max(1, Math.round(size / 1024))} KB` : `${(size / 1024 / 1024).toFixed(1)} MB`
