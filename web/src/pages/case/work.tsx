// What every part of the case page needs: the case, its version, sending commands, opening a sheet. Owns nothing of the case itself.
import { createContext, type ReactNode, useContext } from 'react'
import type { Rung } from '@/api/advice'
import type { CaseCommand } from '@/api/commands'
import type { Person } from '@/api/together'
import type { Approval, Changed, Offer, Request } from '@/api/types'
import type { CaseAt } from '@/api/useCommand'
import type { CaseView } from '@/api/view'
import type { Self } from '@/app/me'

/** The form that is open in the decision column, with what it starts from. */
export type SheetName =
  | { name: 'offer'; rung?: Rung }
  | { name: 'send_offer'; offerId: string }
  /** `ask`: what moves is shown for the second press as soon as the amount is known. */
  | { name: 'refund'; ask?: boolean; request?: Request; offer?: Offer; approvalId?: string; amountMinor?: number }
  | { name: 'payout'; rung?: Rung; approvalId?: string; amountMinor?: number; means?: string }
  | { name: 'approval'; subject: string; subjectId?: string; amountMinor?: number; means?: string }
  | { name: 'agree_return'; request: Request }
  | { name: 'answer_request'; request: Request }
  | { name: 'refuse_request'; request: Request }
  | { name: 'change_request'; request: Request }
  | { name: 'settle'; effectId: string; outcome: 'succeeded' | 'rejected' }
  | { name: 'keep_promise'; promiseId: string }
  | { name: 'renegotiate'; promiseId: string }
  | { name: 'done_task'; taskId: string }
  | { name: 'task'; team?: string; text?: string; kind?: string }
  | { name: 'facts'; fact?: string }
  | { name: 'ship'; reservationId?: string; sku?: string; quantity?: number }
  | { name: 'settle_claim'; claimId: string }
  | { name: 'side_message'; threadId: string }
  | { name: PlainSheet }

/** Forms that start from the case alone. */
export type PlainSheet =
  | 'request'
  | 'evidence'
  | 'diagnosis'
  | 'classify'
  | 'promise'
  | 'wait'
  | 'close'
  | 'reopen'
  | 'assign'
  | 'waybill'
  | 'reserve'
  | 'intercept'
  | 'freeze'
  | 'order_change'
  | 'carrier_claim'
  | 'merge'
  | 'link'
  | 'split'
  | 'side_thread'
  | 'call'
  | 'custom'

export interface CaseWork {
  at: CaseAt
  view: CaseView
  me: Self
  /** Colleagues who have it open now. */
  people: Person[]
  run: <B, R = Record<string, unknown>>(command: CaseCommand<B>, body: B, seen?: number) => Promise<Changed<R> | undefined>
  busy: boolean
  error: Error | null
  clear: () => void
  open: (sheet: SheetName) => void
  /** Puts a text into the composer. */
  compose: (text: string, script?: string, marks?: string[]) => void
}

const Context = createContext<CaseWork | null>(null)

export const WorkProvider = ({ work, children }: { work: CaseWork; children: ReactNode }) => (
  <Context.Provider value={work}>{children}</Context.Provider>
)

/** The yes of a second person that covers exactly this amount, as an approval binds. */
export const granted = (view: CaseView, subject: string, minor?: number): Approval | undefined =>
  view.approvals.findLast((it) => it.subject === subject && it.state === 'approved' && !it.used_at && it.amount_minor === minor)

export function useWork(): CaseWork {
  const work = useContext(Context)
  if (!work) throw new Error('outside of a case page')
  return work
}
