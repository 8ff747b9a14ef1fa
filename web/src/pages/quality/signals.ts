// Signals of the quality page as the desk gives them. Owns asking; judges nothing.
import { queryOptions } from '@tanstack/react-query'
import { get, post } from '@/api/client'

export interface Signal {
  sku: string
  title: string
  sold: number
  asked_back: number
  rate: number | null
  interval: [number, number] | null
  band: [number, number] | null
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

export const say = (shop: string, sku: string, word: 'acknowledge' | 'investigate', note: string) =>
  post<{ case_id: string | null; linked: number }>(`${path(shop)}/words`, { sku, word, note }, { key: crypto.randomUUID() })
