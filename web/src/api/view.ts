// The case page in one answer. Owns its shape; parts in types.ts and advice.ts.
import type { Advice } from './advice'
import type { Later } from './together'
import type {
  Approval,
  Buyer,
  CaseHead,
  Deadline,
  Effect,
  Evidence,
  Inspection,
  Offer,
  Order,
  Parcel,
  Promised,
  Request,
  Reservation,
  Task,
  TimelineEntry,
} from './types'

export interface CaseView {
  case: CaseHead
  order?: Order | null
  buyer?: Buyer | null
  requests: Request[]
  timeline: TimelineEntry[]
  deadlines: Deadline[]
  promises: Promised[]
  tasks: Task[]
  approvals: Approval[]
  effects: Effect[]
  sent_offers: Offer[]
  evidence: Evidence[]
  parcels: Parcel[]
  reservations: Reservation[]
  inspections: Inspection[]
  advice?: Advice | null
  later?: Later[]
  watchers?: { staff_id: string; name: string }[]
  links?: { case_id: string; case_no: string; kind: string; title: string }[]
  side_threads?: {
    id: string
    party: string
    subject?: string | null
    state: string
    messages: { direction: string; text?: string | null; at: string }[]
  }[]
  custom?: { code: string; label: Both2; kind: string; choices?: string[]; value?: unknown }[]
  carrier_claims?: { id: string; parcel_id?: string | null; state: string; amount_minor: number; paid_minor: number }[]
  remarks?: { at: string; text?: string | null; flag?: number | null; agent_no: string }[]
}

type Both2 = { zh: string; en: string } | string
