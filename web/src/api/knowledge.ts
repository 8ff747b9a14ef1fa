// The shop's own texts as the screens ask for them. Owns addresses, names and shapes.
import { queryOptions } from '@tanstack/react-query'
import type { Both } from '@/i18n'
import { get } from './client'
import { type CaseAt, casePath } from './useCommand'

export const KINDS = ['script', 'macro', 'article', 'reject_reason'] as const
export type Kind = (typeof KINDS)[number]
export const SCOPES = ['person', 'team', 'shop'] as const
export type Scope = (typeof SCOPES)[number]

/** A step of a macro. None of them moves money; the desk knows no such step. */
export type Step =
  | { do: 'note'; text: string }
  | { do: 'remark'; text: string }
  | { do: 'flag'; flag: string }
  | { do: 'class'; class: string }
  | { do: 'assign'; to: string }
  | { do: 'wait'; on: string; until_h: number; reason: string }

export interface Content {
  steps?: Step[]
  title_zh: string
  title_en: string
  text_zh: string
  text_en: string
}

export interface Entry {
  id: string
  kind: Kind
  scope: Scope
  team?: string | null
  code: string
  scenarios: string[]
  content: Content
  review_at: string
  stale: boolean
  /** Cases it was used on. */
  used: number
  version: number
  changed_by?: string | null
  changed_at: string
  editable: boolean
  versions?: { version: number; content: Content; changed_by?: string | null; changed_at: string }[]
}

/** A text filled in for a case. */
export interface Ready {
  id: string
  kind: Kind
  scope: Scope
  code: string
  title: Both
  text: Both
  steps?: Step[]
  missing: string[]
  fits: boolean
  used: number
  stale: boolean
}

export const knowledgePath = (shop: string, rest = ''): string =>
  `/shops/${encodeURIComponent(shop)}/knowledge${rest ? `/${rest}` : ''}`

export const knowledgeQuery = (shop: string) =>
  queryOptions({
    queryKey: ['knowledge', shop],
    queryFn: async ({ signal }) => (await get<{ items: Entry[] }>(knowledgePath(shop), signal)).items,
    enabled: shop !== '',
  })

export const entryQuery = (shop: string, id: string) =>
  queryOptions({
    queryKey: ['knowledge', shop, id],
    queryFn: ({ signal }) => get<Entry>(knowledgePath(shop, id), signal),
    enabled: shop !== '' && id !== '',
  })

/** Asked when the list is opened: what is known of the case changes with every step. */
export const readyQuery = (at: CaseAt, wanted: boolean) =>
  queryOptions({
    queryKey: ['ready', at.shop, at.id],
    queryFn: async ({ signal }) => (await get<{ items: Ready[] }>(casePath(at, 'knowledge'), signal)).items,
    enabled: wanted,
    staleTime: 0,
    retry: false,
  })
