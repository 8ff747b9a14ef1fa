// The person behind a buyer, as the desk tells it. Owns the shapes and the question.
import { queryOptions } from '@tanstack/react-query'
import { get } from '@/api/client'

export interface Identity {
  shop: string
  shop_title: string
  buyer: string
  masked_name: string
  masked_phone: string
  signals: string[]
  by_id?: string | null
  at?: string | null
}

export interface Mark {
  id: string
  kind: 'risk' | 'block'
  buyer: string
  masked_name: string
  reason?: string | null
  by_id: string
  at: string
  expires_at: string
}

export interface Person {
  linked: Identity[]
  proposed: Identity[]
  history: {
    case_id: string
    case_no: string
    order_no: string
    title: string
    stage: string
    result: string
    opened_at: string
    shop: string
  }[]
  marks: Mark[]
}

export const personKey = (shop: string, buyer: string) => ['person', shop, buyer] as const

export const personQuery = (shop: string, buyer: string) =>
  queryOptions({
    queryKey: personKey(shop, buyer),
    queryFn: ({ signal }) => get<Person>(`/shops/${encodeURIComponent(shop)}/buyers/${buyer}`, signal),
    staleTime: 30_000,
  })
