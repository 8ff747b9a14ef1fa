// The one thing to do next. Owns its choice from what the desk says: a move that must be made, an answer, an offer, an end.
import type { Rung } from '@/api/advice'
import { isOver, type Request } from '@/api/types'
import type { CaseView } from '@/api/view'
import { both, t, word } from '@/i18n'
import { actionOf } from './actions'
import { unanswered } from './answered'
import type { SheetName } from './work'

export interface Primary {
  label: string
  sheet?: SheetName
  /** A text for the composer in place of a sheet. */
  text?: string
  script?: string
  marks?: string[]
  right?: string
  rung?: Rung
}

/** The mark of a message that tells the buyer what came of it. */
const RESULT_TOLD = 'told_result'
const CLOSING = (): Primary => ({ label: t('primary.close'), sheet: { name: 'close' }, right: 'close' })

/** `can` says what the person may do. */
export function primary(view: CaseView, can: (right: string) => boolean): Primary | undefined {
  if (!view.case.open) return undefined
  // Money of which nobody knows whether it moved goes before everything else.
  const unknown = view.effects.find((it) => it.state === 'unknown' || it.state === 'needs_person')
  if (unknown && can('settle_effect')) {
    const label = t('primary.settle', { what: word('effect', unknown.kind) })
    return { label, sheet: { name: 'settle', effectId: unknown.id, outcome: 'succeeded' }, right: 'settle_effect' }
  }
  const ready = view.sent_offers.find((offer) => offer.state === 'ready')
  if (ready) return { label: t('primary.send_offer'), sheet: { name: 'send_offer', offerId: ready.id }, right: 'send_offer' }

  // Everything that was asked for has been refused or taken back: what is left is the end.
  const declined = view.requests.length > 0 && view.requests.every(isOver) && view.case.stage !== 'execution'
  const ending = view.case.stage === 'confirmation' || declined
  const said = (step: { script?: string | null }) => view.advice?.scripts.find((one) => one.id === step.script)
  const steps = (view.advice?.steps.filter((step) => step.done === false || (step.done === null && step.must)) ?? [])
    // At the end only what tells the result is still to be said; what belonged to an earlier stage is over.
    .filter((step) => !ending || said(step)?.marks?.includes(RESULT_TOLD))
  const asks = view.requests.some((it) => !isOver(it))
  const last = view.timeline.findLast((it) => it.kind === 'contact' && it.direction !== 'note')
  // The buyer had the last word and nothing is asked any more.
  if (ending && !asks && last?.direction === 'in') return CLOSING()
  // What is left at the end is a request without an answer: nothing closes over it.
  const open = unanswered(view)[0]
  const answer = (request: Request): Primary => ({
    label: t('answer.do'),
    sheet: { name: 'answer_request', request },
    right: 'request',
  })
  if (ending && open) return answer(open)
  const step = steps.find((one) => one.must) ?? steps[0]
  const script = view.advice?.scripts.find((one) => one.id === step?.script && !one.missing?.length)
  if (step && script) {
    return {
      label: t('primary.step', { step: both(step.title) }),
      text: both(script.text),
      script: script.id,
      marks: script.marks,
      right: 'contact',
    }
  }
  const row = actionOf(step?.do)
  const given = row?.sheet(view)
  // What is due is shown ready for the second press.
  const sheet = given?.name === 'refund' ? { ...given, ask: true } : given
  if (step && row && sheet) return { label: t('primary.step', { step: both(step.title) }), sheet, right: row.right }

  // What the law or the rules give, as it was asked for and within one's own authority, needs no offer first.
  const asked = view.requests.findLast((it) => !isOver(it))
  const plain = view.advice?.ladder.find((it) => it.rung === view.advice?.plain_refund && !it.needs_approval)
  if (asked?.kind === 'refund_only' && plain && view.sent_offers.length === 0 && can('refund'))
    return {
      label: t('primary.agree_refund'),
      sheet: { name: 'refund', request: asked, ask: true },
      right: 'refund',
      rung: plain,
    }

  const waiting = view.sent_offers.some((offer) => offer.state === 'sent' || offer.state === 'needs_approval')
  if (ending) return CLOSING()
  const working = view.case.stage === 'execution'
  const refused = new Set(
    view.sent_offers.filter((offer) => offer.state === 'refused' || offer.state === 'expired').map((offer) => offer.rung),
  )
  const rung =
    view.advice?.ladder.find((one) => one.next && one.possible) ??
    view.advice?.ladder.find((one) => one.possible && !refused.has(one.rung))
  if (rung && !waiting && !working)
    return { label: t('primary.offer', { title: both(rung.title) }), sheet: { name: 'offer', rung }, right: 'offer', rung }
  // Nothing is left to be offered: the request still wants its answer.
  if (open && !waiting && !working) return answer(open)
  return undefined
}
