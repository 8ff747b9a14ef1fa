// The shapes of the desk's answers that the screens read. Owns names only; amounts in minor units, times RFC 3339.
import type { Both } from '@/i18n'

export interface Shop {
  id: number
  code: string
  title: string
  platform: string
}

export interface Me {
  id?: string
  name: string
  display_name: string
  role: string
  agent_no: string
  shops: Shop[]
  may: string[]
  authority: { kind: string; per_case_minor: number; per_day_minor: number }[]
  /** The shop's own role that narrows the built-in one. */
  custom_role?: string | null
  /** Fields of a buyer they may see in clear. */
  reveals: string[]
  sees_costs: boolean
  factor: { on: boolean; demanded: boolean; recovery_left: number }
}

/** A page of a list: a cursor, never a total. */
export interface Page<T> {
  items: T[]
  next?: string | null
}

export interface QueueItem {
  id: string
  case_no: string
  shop_id: number
  scenario: string
  title: string
  amount_minor: number
  currency: string
  stage: string
  waiting_on: string
  owner_id?: string | null
  severity: number
  emotion: string
  version: number
  next_deadline_at?: string | null
  next_at_zero: string
  next_clock: string
  next_state: string
  last_contact_at?: string | null
  last_contact_from: string
  order_no: string
  buyer_masked: string
  verdict: string
  unknown_money: boolean
  opened_at: string
  /** The instant the row is placed at: its due time less what is at stake. */
  act_by?: string | null
}

export interface Figure {
  view: string
  count: number
  amount_minor: number
}

/** What every list over several shops carries with its rows. */
export interface OfCase {
  shop: string
  case_id: string
  case_no: string
  case_version: number
  order_no: string
  title: string
}

export interface Changed<R = Record<string, unknown>> {
  case_id: string
  case_no: string
  version: number
  result: R
  /** Money it decided that leaves only after the hold. */
  held?: Held[]
}

export interface Held {
  remedy_id: string
  kind: string
  amount_minor: number
  leaves_at: string
}

export interface CaseHead {
  id: string
  shop_id: number
  case_no: string
  order_no: string
  buyer_masked: string
  scenario: string
  playbook: { scenario: string; version: number }
  title: string
  stage: string
  waiting_on: string
  open: boolean
  owner_id?: string | null
  channel: string
  complaint_class: string
  severity: number
  emotion: string
  amount_minor: number
  currency: string
  next_deadline?: { id: string; at?: string | null; at_zero: string; clock: string; state: string } | null
  unknown_money: boolean
  open_promises: number
  marks: Record<string, string>
  facts?: Record<string, unknown>
  cause: string
  party: string
  result: string
  confirmation: string
  satisfaction?: number | null
  merged_into?: string | null
  opened_at: string
  closed_at?: string | null
  updated_at: string
  last_contact_at?: string | null
  last_contact_from: string
  version: number
}

export interface OrderLine {
  line_no: number
  sku: string
  title: string
  spec: string
  category: string
  quantity: number
  list_minor: number
  discount_minor: number
  paid_minor: number
  shipped: number
  requested: number
  received: number
  made_good: number
  refunded_units: number
  refunded_minor: number
  in_flight_minor: number
  returnable: number
  refundable_minor: number
}

export interface Order {
  order_no: string
  state: string
  currency: string
  goods_minor: number
  discount_minor: number
  freight_minor: number
  paid_minor: number
  paid_at?: string | null
  shipped_at?: string | null
  signed_at?: string | null
  completed_at?: string | null
  bulky: boolean
  flag: number
  refunded_minor: number
  in_flight_minor: number
  freight_refunded_minor: number
  external_minor: number
  payout_minor: number
  payout_in_flight_minor: number
  refundable_minor: number
  lines: OrderLine[]
}

export interface Buyer {
  id?: string
  masked_name: string
  masked_phone: string
  masked_address: string
  level: string
  orders: number
  cases: number
  no_contact: boolean
}

export interface LineQuantity {
  line_no: number
  quantity: number
}

export interface Request {
  id: string
  kind: string
  state: string
  reason: string
  amount_minor?: number | null
  lines: LineQuantity[]
  applied_at: string
  ended_at?: string | null
}

/** Whether a request has ended: done, withdrawn, refused, superseded or lapsed. */
export const isOver = (request: Request): boolean => Boolean(request.ended_at)

export interface TimelineEntry {
  at: string
  kind: string
  id?: string
  direction?: 'in' | 'out' | 'note'
  channel?: string
  text?: string | null
  /** Absent on an outgoing text that only lies ready. */
  sent_at?: string | null
  marks?: string[]
  actor?: string | null
  actor_role?: string | null
  agent_no?: string | null
  data?: Record<string, unknown>
  version?: number
}

export interface Deadline {
  id: string
  clock: string
  label: Both
  source: string
  rule: string
  state: string
  due_at?: string | null
  at_zero: string
  started_at: string
  ended_at?: string | null
}

export interface Promised {
  id: string
  team: string
  owner?: string | null
  text?: string | null
  amount_minor?: number | null
  state: string
  due_at: string
  effect_id?: string | null
  successor_id?: string | null
  at: string
  ended_at?: string | null
}

export interface Task {
  id: string
  team: string
  kind: string
  text?: string | null
  state: string
  owner?: string | null
  due_at?: string | null
  at: string
  ended_at?: string | null
  note?: string | null
}

export interface Approval {
  id: string
  subject: string
  /** Carried out; it serves once. */
  used_at?: string | null
  subject_id?: string | null
  amount_minor: number
  /** The version it was asked on. */
  asked_on_version?: number
  case_version: number
  state: string
  why: string | string[]
  note?: string | null
  asked_by: string
  asked_by_id?: string | null
  asked_at: string
  decided_by?: string | null
  decided_at?: string | null
  expires_at: string
}

export interface Effect {
  id: string
  kind: string
  manual: boolean
  team: string
  state: string
  amount_minor: number
  payment_no: string
  not_before: string
  next_at: string
  attempt: number
  platform_ref?: string | null
  code: string
  at: string
  ended_at?: string | null
  body?: Record<string, unknown>
}

export interface Offer {
  id: string
  rung: string
  remedy: string
  means: string
  amount_minor: number
  cap_minor?: number | null
  state: string
  /** As the buyer reads it; nothing once erased. */
  text?: string | null
  valid_until?: string | null
  sent_at?: string | null
  answered_at?: string | null
  at: string
  approval_id?: string | null
}

export interface Evidence {
  id: string
  kind: string
  giver: string
  sha256?: string | null
  name?: string | null
  at: string
  blob_id?: string | null
  media_type?: string | null
}

export interface Parcel {
  id: string
  direction: string
  carrier: string
  waybill: string
  state: string
  shipped_at?: string | null
  last_event_at?: string | null
  signed_at?: string | null
  signed_by: string
  scanned_at?: string | null
  inspected_at?: string | null
  lines: LineQuantity[]
  events?: { at?: string | null; state: string; text?: string | null }[]
}

export interface Reservation {
  id: string
  sku: string
  quantity: number
  state: string
  until: string
  at: string
}

export interface Inspection {
  id: string
  parcel_id: string
  units: { line_no: number; quantity: number; condition: string; grade?: string; failed?: string[]; note?: string }[]
  photos: number
  video: boolean
  /** The worst condition found. */
  condition: string
  intact?: boolean | null
  /** What it leads to: refund_full, propose_deduction, may_refuse … */
  proposal?: string | null
  deduction_minor?: number | null
  at: string
  actor?: string | null
}
