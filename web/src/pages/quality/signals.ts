// Signals of the quality page as the desk gives them. Owns asking; judges nothing.
import { queryOptions } from '@tanstack/react-query'
import { get } from '@/api/client'
import type { ProductRow } from '../board/figures'

export interface Signal {
  article: ProductRow
  cases: number
  open: number
  /** Absent for whoever does not see costs. */
  cost_minor: number | null
  reasons: { reason: string; count: number }[]
  word: { kind: 'acknowledged' | 'investigated'; note: string; by: string; case_id: string | null; at: string } | null
  quiet: boolean
}

export interface Signals {
  items: Signal[]
  articles: number
  usual: number | null
  least: number
  from: string
  to: string
}

const path = (shop: string) => `/shops/${encodeURIComponent(shop)}/quality`

export const signalsQuery = (shop: string, days: string) =>
  queryOptions({
    queryKey: ['quality', shop, days],
    queryFn: ({ signal }) => get<Signals>(`${path(shop)}?days=${days}`, signal),
    enabled: shop !== '',
  })

export const wordsPath = (shop: string): string => `${path(shop)}/words`

/** What was said: the investigation, where one was opened. */
export interface Said {
  case_id: string | null
}
