// Commands and questions of working together: words that leave later, watching, being there, notifications. Owns addresses and shapes.
import { infiniteQueryOptions } from '@tanstack/react-query'
import type { Both } from '@/i18n'
import { get, post } from './client'
import type { CaseCommand } from './commands'
import type { Page } from './types'

const on = <B>(path: string): CaseCommand<B> => ({ path, versioned: false })
type Empty = Record<string, never>

/** Words that have neither left nor been cancelled. */
export interface Later {
  id: string
  channel: string
  /** Leaves by itself; else it lies ready to be pasted at its time. */
  by_itself: boolean
  text?: string | null
  send_at: string
  unless_answered: boolean
  state: 'waiting' | 'held'
  reasons: { code: string; message: Both }[]
  allowed_from?: string | null
  /** Times at which it could not leave. */
  tries: number
  actor?: string | null
}

export const sendLater = on<{
  channel: string
  text: string
  marks?: string[]
  script?: string
  knowledge?: string
  send_at: string
  unless_answered: boolean
}>('later')
/** Without a time: now. */
export const changeLater = (id: string) => on<{ text?: string; send_at?: string }>(`later/${id}/change`)
export const cancelLater = (id: string) => on<Empty>(`later/${id}/cancel`)

/** A macro: its reply and all its steps, or none of them. */
export const runMacro = (id: string) => on<{ channel: string }>(`knowledge/${id}/run`)

export const watch = on<{ watching: boolean }>('watch')

/** Somebody on a case. */
export interface Person {
  staff_id: string
  name: string
  doing: 'looking' | 'replying'
}
export interface Here {
  shop_id: number
  case_id: string
  people: Person[]
}

export interface Notification {
  id: string
  at: string
  kind: 'mention' | 'assigned' | 'later' | 'watched' | 'webhook'
  /** The kind of the latest event. */
  what: string
  count: number
  read_at?: string | null
  shop: string
  case_id: string
  case_no: string
  title: string
  open: boolean
  actor?: string | null
}
export interface Notifications extends Page<Notification> {
  unread: number
}

export const notificationsQuery = infiniteQueryOptions({
  queryKey: ['notifications'],
  queryFn: ({ pageParam, signal }) =>
    get<Notifications>(`/notifications?limit=50${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`, signal),
  initialPageParam: '',
  getNextPageParam: (last) => last.next || undefined,
  staleTime: 10_000,
})

/** Marks these as read, those of one case, or all. */
export const markRead = (which: { ids?: string[]; case_id?: string }): Promise<{ read: number }> =>
  post('/notifications/read', which, { key: crypto.randomUUID() })
