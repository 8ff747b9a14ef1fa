// Which requests of the buyer have had no answer. Owns the rule as the desk's closing has it; answers nothing itself.
import { isOver, type Request } from '@/api/types'
import type { CaseView } from '@/api/view'

/** Requests that words answer. */
const TALK = new Set(['inquiry', 'help', 'complaint', 'order_change'])

/** What was asked for is answered by what was carried out, agreed, refused or taken back; without it the desk will not close. */
export function unanswered(view: Pick<CaseView, 'requests' | 'sent_offers' | 'effects'>): Request[] {
  const met =
    view.sent_offers.some((it) => it.state === 'accepted') ||
    view.effects.some((it) => it.state === 'succeeded' && it.amount_minor > 0)
  if (met) return []
  return view.requests.filter((it) => !isOver(it) && !TALK.has(it.kind) && it.state !== 'agreed')
}
