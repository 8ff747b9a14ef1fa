// What the playbook says about a case: steps, facts to find, ladder, texts. Owns names only.
import type { Both } from '@/i18n'

export interface Because {
  ok: boolean | null
  line: Both
  is?: Both
  /** How deep below an `any of` line. */
  level?: number
}

export interface Step {
  id: string
  title: Both
  before: string
  done: boolean | null
  due_at?: string | null
  late?: boolean
  must?: boolean
  script?: string | null
  team?: string | null
  do?: string | null
  waits_on?: string | null
  why?: Both
}

export interface FactNeeded {
  need: Because
  facts: string[]
  before?: string
  ask?: Both
  of?: string | null
  asked?: number
  at_most?: number | null
  why?: Both
  instead?: Both
}

export interface Rung {
  rung: string
  title: Both
  remedy: string
  means?: string | string[] | null
  possible: boolean | null
  lawful: boolean
  first?: boolean
  /** The one to make now, after those that were refused. */
  next?: boolean
  approver?: string | null
  script?: string | null
  amount_minor?: number | null
  cap_minor?: number | null
  limit_minor?: number | null
  cost_minor?: number | null
  takes_h?: number | null
  freight?: { borne_by?: string | null; advanced_by?: string | null; cap_minor?: number | null; reimbursed?: Both } | null
  promise?: { team: string; within_h: number; text: Both } | null
  what?: Both
  why?: Both
  buyer_must?: Both
  follows?: Both
  needs_approval?: boolean
  own_minor?: number | null
  accepted?: number | null
  asked?: number | null
  because: Because[]
  asks?: Both[]
  then?: string[]
}

export interface Script {
  id: string
  title: Both
  text?: Both
  missing?: string[]
  fits: boolean | null
  unfit_line?: Both
  marks?: string[]
  channel?: string[] | null
  frozen?: boolean
}

export interface Advice {
  /** The rung of a refund that is agreed to as it was asked for. */
  plain_refund?: string | null
  steps: Step[]
  facts: FactNeeded[]
  ladder: Rung[]
  scripts: Script[]
  causes: { cause: string; party: string; ok?: boolean | null; note?: Both; title?: Both; party_title?: Both }[]
  call: { id: string; title: Both; say?: Both; outcomes?: { id: string; title: Both; then?: string | null }[] }[]
  closing?: {
    results: { id: string; title: Both }[]
    /** Shown as chosen until a person chooses another. */
    proposed?: { id: string; why: Both } | null
    by: string[]
    needs?: Because[]
    met?: boolean | null
    silence_h?: number | null
    satisfaction?: boolean | null
  } | null
  actions: string[]
  severity?: { level: number; why?: Both } | number | null
  bottom_line?: Both
  playbook?: { scenario: string; version: number; title: Both; number?: string }
  /** Lines of the warehouse's check list; *yes* means intact. */
  criteria?: { id: string; title: Both; text?: Both; proof?: string }[]
  exceptions?: { id: string; title: Both; text?: Both; kind?: string; ok?: boolean | null }[]
}
