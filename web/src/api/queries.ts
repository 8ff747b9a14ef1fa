// What the screens ask the desk. Owns addresses and cache names of questions.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { type Both, both } from '@/i18n'
import type { Block, Shape } from '@/pages/playbooks/outline'
import { get, post, text } from './client'
import type { Approval, Effect, Figure, Me, OfCase, Order, Page, Promised, QueueItem, Task } from './types'
import { type CaseAt, caseKey, casePath } from './useCommand'
import type { CaseView } from './view'

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => get<Me>('/me', signal),
  retry: false,
  staleTime: 300_000,
})

function search(params: Record<string, string | number | null | undefined>): string {
  const said = Object.entries(params).filter(([, value]) => value !== undefined && value !== null && value !== '')
  return said.length ? `?${new URLSearchParams(said.map(([name, value]) => [name, String(value)]))}` : ''
}

export const queueQuery = (view: string, shop?: string, narrow?: Record<string, string>) =>
  infiniteQueryOptions({
    queryKey: ['queue', view, shop ?? '', narrow ?? {}],
    queryFn: ({ pageParam, signal }) =>
      get<Page<QueueItem>>(`/queue${search({ view, shop, ...narrow, cursor: pageParam, limit: 50 })}`, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })

export const figuresQuery = queryOptions({
  queryKey: ['figures'],
  queryFn: ({ signal }) => get<Figure[]>('/queue/figures', signal),
  staleTime: 5_000,
})

export const caseQuery = (at: CaseAt) =>
  queryOptions({ queryKey: caseKey(at), queryFn: ({ signal }) => get<CaseView>(casePath(at), signal), staleTime: 15_000 })

export interface Order360 {
  /** Its lines stand beside it. */
  order: Order
  lines: Order['lines']
  payments?: { payment_no: string; method: string; captured_minor: number; refunded_minor: number; in_flight_minor: number }[]
  parcels: CaseView['parcels']
  ledger: {
    n: number
    kind: string
    line_no?: number | null
    quantity: number
    amount_minor: number
    at: string
    case_no?: string | null
  }[]
  remarks: NonNullable<CaseView['remarks']>
  cases: { case_id: string; case_no: string; title: string; stage: string; scenario: string; opened_at: string; result: string }[]
  buyer?: CaseView['buyer']
}

export const orderQuery = (shop: string, orderNo: string) =>
  queryOptions({
    queryKey: ['order', shop, orderNo],
    queryFn: ({ signal }) => get<Order360>(`/shops/${encodeURIComponent(shop)}/orders/${encodeURIComponent(orderNo)}`, signal),
    retry: false,
  })

const list = <T>(name: string, path: string) =>
  infiniteQueryOptions({
    queryKey: [name, path],
    queryFn: ({ pageParam, signal }) =>
      get<Page<T & OfCase>>(path + (path.includes('?') ? '&' : '?') + search({ cursor: pageParam, limit: 50 }).slice(1), signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
  })

export const approvalsQuery = list<Approval>('approvals', '/approvals')
export const promisesQuery = (team?: string) => list<Promised>('promises', `/promises${search({ team })}`)
export const tasksQuery = (team?: string) => list<Task>('tasks', `/tasks${search({ team })}`)
export const effectsQuery = (state: string) => list<Effect>('effects', `/effects${search({ state })}`)

export interface HandoverRow {
  id: string
  at: string
  from?: { name: string; display_name: string } | null
  to?: { name: string; display_name: string } | null
  note?: string | null
  summary: {
    stage: string
    waiting_on: string
    severity: number
    amount_minor: number
    last_contact_at?: string | null
    last_contact_from?: string
    unknown_money?: boolean
    next_deadline?: { at?: string | null; clock: string; at_zero: string } | null
    promises: { id: string; team: string; due_at: string; state: string; amount_minor?: number | null }[]
    tasks: { id: string; team: string; kind: string; due_at?: string | null; state: string }[]
  }
}
export const handoverQuery = list<HandoverRow>('handover', '/handover')

/** A returned parcel: signed and not scanned, or on the shelf of unknown ones. */
export interface ReturnItem {
  id: string
  carrier: string
  waybill: string
  signed_at?: string | null
  scanned_at?: string | null
  created_at: string
  hours: number
  case_id?: string | null
  case_no?: string | null
  order_no?: string | null
  title?: string | null
}
export const waitingParcels = (shop: string) =>
  queryOptions({ queryKey: ['returns', 'waiting', shop], queryFn: () => get<Page<ReturnItem>>(`/shops/${shop}/returns/waiting`) })
export const unclaimedParcels = (shop: string) =>
  queryOptions({
    queryKey: ['returns', 'unclaimed', shop],
    queryFn: () => get<Page<ReturnItem>>(`/shops/${shop}/returns/unclaimed`),
  })

export interface PlaybookRow {
  scenario: string
  number: string
  title: Both
  version: number
  /** A draft that waits for publishing. */
  draft?: number | null
  class?: string
  summary?: Both
  /** How its cases can end. */
  results?: { id: string; title: Both }[]
}
export const playbooksQuery = queryOptions({
  queryKey: ['playbooks'],
  queryFn: async ({ signal }) => {
    const answer = await get<PlaybookRow[] | Page<PlaybookRow>>('/playbooks', signal)
    const rows = Array.isArray(answer) ? answer : answer.items
    endings = new Map(rows.flatMap((row) => row.results ?? []).map((result) => [result.id, result.title]))
    return rows
  },
  staleTime: 300_000,
})

/** How cases end in the playbooks in force, as read last: their titles by their ids. */
let endings = new Map<string, Both>()

/** How a case ended, in the playbooks' own words. */
export const endingWord = (result: string): string => both(endings.get(result)) || result

export interface PlaybookVersion {
  version: number
  state: 'draft' | 'published'
  origin: string
  valid_from: string
  author?: string | null
  created_at: string
  published_by?: string | null
  published_at?: string | null
  note: string
  /** Whether the reader wrote it. */
  own: boolean
}
export interface PlaybookText {
  scenario: string
  version: number
  in_force?: number | null
  source: string
  shared: Record<string, string>
  versions: PlaybookVersion[]
  blocks?: Block[] | null
}
export const playbookQuery = (scenario: string, version?: number) =>
  queryOptions({
    queryKey: ['playbook', scenario, version ?? 0],
    queryFn: ({ signal }) => get<PlaybookText>(`/playbooks/${scenario}${search({ version: version || undefined })}`, signal),
  })

/** What a form over the playbook format has to know. */
export interface FormatWords {
  tables: Record<string, { key: string; shape: Shape; set?: string | null; needed: boolean }[]>
  sets: Record<string, { code: string; zh: string }[]>
  variables: { name: string; zh: string; en: string }[]
}
export const formatQuery = queryOptions({
  queryKey: ['facts', 'words'],
  queryFn: ({ signal }) => get<FormatWords>('/facts/words', signal),
  staleTime: Number.POSITIVE_INFINITY,
})
export const documentQuery = (scenario: string, lang: string, version?: number) =>
  queryOptions({
    queryKey: ['document', scenario, lang, version ?? 0],
    queryFn: ({ signal }) => text(`/playbooks/${scenario}/document${search({ lang, version })}`, signal),
  })

export interface StaffRow {
  id: string
  name: string
  display_name: string
  agent_no: string
  role: string
  custom_role?: string | null
  factor?: boolean
  disabled?: boolean
  shops?: string[]
}
export const staffQuery = queryOptions({
  queryKey: ['staff'],
  queryFn: async ({ signal }) => {
    const answer = await get<StaffRow[] | Page<StaffRow>>('/staff', signal)
    return Array.isArray(answer) ? answer : answer.items
  },
  staleTime: 60_000,
})

export interface Found {
  case_id: string
  shop: string
  case_no: string
  title: string
  order_no: string
  buyer_masked: string
  stage: string
  why: string
}
/** What is looked for may be a phone number: it goes in the body, never in an address that ends up in logs. */
export const findCases = (q: string, cursor?: string): Promise<Page<Found>> =>
  post<Page<Found>>('/search', { q, ...(cursor ? { cursor } : {}) })

export const searchQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ['search', q],
    queryFn: ({ pageParam }) => findCases(q, pageParam || undefined),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
    enabled: q.trim() !== '',
  })
