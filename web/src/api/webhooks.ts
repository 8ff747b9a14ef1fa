// Webhooks of a shop: who is told of its events, and how each telling went. Owns addresses and shapes; a secret is in no question's answer.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { get } from './client'
import type { Page } from './types'

export interface Webhook {
  id: string
  name: string
  url: string
  /** Every one when empty. */
  events: string[]
  state: 'active' | 'paused'
  pause?: 'by_person' | 'failing' | 'gone' | null
  failing_since?: string | null
  delivered_at?: string | null
  old_secret_until?: string | null
  created_at: string
  waiting: number
  failed: number
}

export interface Webhooks {
  items: Webhook[]
  /** What can be subscribed to. */
  events: string[]
}

export interface Delivery {
  id: string
  kind: string
  case_id: string
  case_no: string
  case_version: number
  at: string
  state: 'waiting' | 'delivered' | 'failed'
  tries: number
  next_at?: string | null
  tried_at?: string | null
  status: number
  problem: string
}

/** The secret, in this answer and in no other. */
export interface NewSecret {
  id: string
  secret: string
}

/** How often the log looks whether something has arrived. */
const LOOK_MS = 5_000

export const hooksPath = (shop: string, id = '', rest = ''): string =>
  `/shops/${encodeURIComponent(shop)}/webhooks${id ? `/${id}` : ''}${rest ? `/${rest}` : ''}`

export const webhooksQuery = (shop: string) =>
  queryOptions({
    queryKey: ['webhooks', shop],
    queryFn: ({ signal }) => get<Webhooks>(hooksPath(shop), signal),
    enabled: shop !== '',
    refetchInterval: LOOK_MS,
  })

export const deliveriesQuery = (shop: string, id: string, state: string) =>
  infiniteQueryOptions({
    queryKey: ['webhooks', shop, id, state],
    queryFn: ({ signal, pageParam }) =>
      get<Page<Delivery>>(`${hooksPath(shop, id, 'deliveries')}?limit=50&state=${state}&cursor=${pageParam}`, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: LOOK_MS,
  })
