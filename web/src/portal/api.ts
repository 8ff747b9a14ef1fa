// Calls of the page. Owns the ticket, which lives in memory only, and the keys that make a repeat harmless.
import { language } from './words'

export interface Line {
  line_no: number
  title: string
  spec: string
  quantity: number
}
export interface Parcel {
  carrier: string
  waybill: string
  shipped_at: string | null
  signed_at: string | null
}
export interface Offer {
  id: string
  state: 'sent' | 'accepted' | 'refused' | 'expired'
  amount_minor: number
  valid_until: string | null
  what: string
  why: string
  by_when: string | null
  buyer_must: string
  follows: string
}
export interface Step {
  at: string
  what: string
  amount_minor?: number
  due_at?: string
  put_off?: number
  satisfaction?: number
}
export interface Case {
  id: string
  no: string
  title: string
  open: boolean
  stage: string
  next: { what: string; by: string | null }
  photos: number
  return_to: string | null
  offers: Offer[]
  messages: { at: string; from: 'buyer' | 'shop'; text: string | null }[]
  steps: Step[]
  parcels: Parcel[]
  satisfaction: number | null
  may_rate: boolean
}
export interface Page {
  shop: { title: string }
  order: { tail: string; shipped_at: string | null; signed_at: string | null; lines: Line[]; parcels: Parcel[] }
  cases: Case[]
}

/** A clear no of the desk, or `network`. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    readonly params: Record<string, string> = {},
  ) {
    super(code)
  }
}

let ticket = ''
const keys = new Map<string, string>()

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

async function call<T>(method: string, path: string, body?: unknown, key?: string): Promise<T> {
  let answer: Response
  try {
    answer = await fetch(`/api/v1/portal${path}`, {
      method,
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      headers: {
        'accept-language': language(),
        ...(ticket ? { 'x-portal-ticket': ticket } : {}),
        ...(key ? { 'idempotency-key': key } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  } catch {
    throw new Refused('network')
  }
  const told = (await answer.json().catch(() => ({}))) as T & { code?: string; params?: Record<string, string> }
  if (!answer.ok) throw new Refused(told.code ?? 'other', told.params)
  return told
}

/** Does something once: the same act on the same words keeps its key until it has succeeded. */
async function once<T>(path: string, body: object): Promise<T> {
  const act = path + JSON.stringify(body)
  const key = keys.get(act) ?? newKey()
  keys.set(act, key)
  const told = await call<T>('POST', path, body, key)
  keys.delete(act)
  return told
}

export async function find(shop: string, orderNo: string, tail: string): Promise<void> {
  ticket = ''
  ticket = (await call<{ ticket: string }>('POST', '/find', { shop, order_no: orderNo, phone_tail: tail })).ticket
}

export const page = (): Promise<Page> => call('GET', '/order')
export const report = (body: object): Promise<{ case_id: string }> => once('/cases', body)
export const say = (id: string, text: string, solved?: boolean): Promise<unknown> =>
  once(`/cases/${id}/messages`, solved === undefined ? { text } : { text, solved })
export const photo = (id: string, base64: string): Promise<unknown> => once(`/cases/${id}/photos`, { base64 })
export const answer = (id: string, offer: string, said: string): Promise<{ state: string }> =>
  once(`/cases/${id}/offers/${offer}/answer`, { answer: said })
export const rate = (id: string, stars: number): Promise<unknown> => once(`/cases/${id}/rating`, { stars })
