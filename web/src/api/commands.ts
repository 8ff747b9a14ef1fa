// The desk's commands as the screen sends them. Owns addresses and bodies; how one is sent stands in useCommand.
import type { LineQuantity } from './types'

/** A command on a case: its address under the case, and whether it needs the version that the person saw. */
export interface CaseCommand<B> {
  path: string
  versioned: boolean
  /** Carries the body's type; never present. */
  body?: B
}

const on = <B>(path: string): CaseCommand<B> => ({ path, versioned: false })
const seen = <B>(path: string): CaseCommand<B> => ({ path, versioned: true })

type Empty = Record<string, never>
type Lines = LineQuantity[]
export interface RefundLine extends LineQuantity {
  amount_minor?: number
}

// — talk —
export interface NewContact {
  direction: 'in' | 'out' | 'note'
  channel: string
  text: string
  marks?: string[]
  script?: string
  knowledge?: string
  override?: { reason: string }
}
export const contact = on<NewContact>('contacts')
/** A text that lies ready was pasted and sent. */
export const markSent = (id: string) => on<{ text?: string; override?: { reason: string } }>(`contacts/${id}/sent`)
export const dropPrepared = (id: string) => on<Empty>(`contacts/${id}/drop`)
export const classify = on<{ scenario?: string; severity?: number; emotion?: string; class?: string }>('classify')
export const facts = on<{ facts: Record<string, unknown> }>('facts')
export const evidence = on<{ kind: string; giver: string; name: string; media_type?: string; base64?: string }>('evidence')
export const diagnosis = on<{ cause: string; party: string; note: string; verified: boolean }>('diagnosis')

// — requests —
export const request = on<{ kind: string; reason: string; amount_minor?: number; lines: Lines }>('requests')
export const changeRequest = (id: string) => on<{ kind?: string; amount_minor?: number; lines?: Lines }>(`requests/${id}/change`)
export const withdrawRequest = (id: string) => on<Empty>(`requests/${id}/withdraw`)
export const refuseRequest = (id: string) => seen<{ reason: string; proof?: string }>(`requests/${id}/refuse`)
export const agreeRequest = (id: string) => seen<{ method: string; address?: string }>(`requests/${id}/agree`)

// — offers and approvals —
export interface NewOffer {
  rung?: string
  remedy: string
  means?: string
  amount_minor?: number
  lines?: Lines
  what: string
  why: string
  by_when: string
  buyer_must: string
  follows: string
  promise?: { team: string; within_h: number; text: string }
}
export const offer = on<NewOffer>('offers')
export const sendOffer = (id: string) => seen<{ valid_for_h: number }>(`offers/${id}/send`)
export const answerOffer = (id: string) => seen<{ answer: 'accepted' | 'refused' }>(`offers/${id}/answer`)
export const askApproval = on<{ subject: string; subject_id?: string; means?: string; amount_minor: number; note: string }>(
  'approvals',
)
export const approve = (id: string) => on<{ note: string; amount_minor?: number }>(`approvals/${id}/approve`)
export const decline = (id: string) => on<{ note: string }>(`approvals/${id}/decline`)

// — money —
export interface NewRefund {
  lines: RefundLine[]
  /** Absent: as the policy has it; zero: none. */
  freight_minor?: number
  reason: string
  request_id?: string
  offer_id?: string
  approval_id?: string
  confirm_payouts_seen: boolean
  before_return?: boolean
}
export const refund = seen<NewRefund>('refunds')
export interface NewPayout {
  means: string
  amount_minor: number
  reason: string
  payer: 'platform' | 'finance'
  approval_id?: string
  offer_id?: string
  bearer?: string
  due_in_h?: number
  /** The promise given in words that it keeps. */
  promise_id?: string
}
export const payout = seen<NewPayout>('payouts')
export const settleEffect = (id: string) =>
  on<{ outcome: 'succeeded' | 'rejected'; serial: string; note: string }>(`effects/${id}/settle`)
export const cancelEffect = (id: string) => on<Empty>(`effects/${id}/cancel`)
export const queryEffect = (id: string) => on<Empty>(`effects/${id}/query`)

// — promises and tasks —
export const promise = on<{ text: string; team: string; due_at?: string; due_in_h?: number; amount_minor?: number }>('promises')
export const keepPromise = (id: string) => on<{ proof: string }>(`promises/${id}/keep`)
export const renegotiate = (id: string) =>
  on<{ due_at?: string; due_in_h?: number; reason: string }>(`promises/${id}/renegotiate`)
export const task = on<{ team: string; kind?: string; text: string; due_in_h?: number; tell_buyer?: boolean }>('tasks')
export const takeTask = (id: string) => on<Empty>(`tasks/${id}/take`)
export const doneTask = (id: string) => on<{ note: string; facts?: Record<string, unknown> }>(`tasks/${id}/done`)
export const cancelTask = (id: string) => on<Empty>(`tasks/${id}/cancel`)

// — goods —
export const waybill = on<{ carrier: string; waybill: string; request_id?: string; lines?: Lines }>('returns/waybill')
export const reserve = on<{ sku: string; quantity: number; until_h: number }>('reservations')
export const release = (id: string) => on<Empty>(`reservations/${id}/release`)
export const ship = on<{
  kind: string
  sku: string
  quantity: number
  carrier: string
  waybill: string
  line_no?: number
  reservation_id?: string
  request_id?: string
}>('shipments')
export const freeze = on<{ line_nos?: number[] }>('freeze')
export const intercept = on<{ parcel_id?: string }>('intercept')
/** The platform's colours, by the number they have there. */
export const FLAGS = ['grey', 'red', 'yellow', 'green', 'blue', 'pink'] as const
export const flag = on<{ flag: (typeof FLAGS)[number] }>('flag')
export const remark = on<{ text: string }>('remark')
export const orderChange = on<{ kind: string; text: string }>('order-change')
export const carrierClaim = on<{ parcel_id?: string; amount_minor: number }>('carrier-claims')
export const settleClaim = (id: string) => on<{ paid_minor: number }>(`carrier-claims/${id}/settle`)

// — the case as a whole —
export const assign = on<{ staff: string }>('assign')
export const wait = on<{ on: string; until_h?: number; reason: string }>('wait')
export const close = seen<{ result: string; confirmation: string; cause?: string; satisfaction?: number }>('close')
export const reopen = on<{ reason: string }>('reopen')
export const merge = on<{ into: string }>('merge')
export const unmerge = on<Empty>('unmerge')
export const split = on<{ request_ids: string[] }>('split')
export const unsplit = on<Empty>('unsplit')
export const link = on<{ other: string; kind: string }>('link')
export const sideThread = on<{ party: string; subject: string }>('side-threads')
export const sideMessage = (id: string) => on<{ direction: string; text: string }>(`side-threads/${id}/messages`)
export const custom = on<Record<string, unknown>>('custom')
