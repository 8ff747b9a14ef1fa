// The next thing to do where a request of the buyer still wants its answer.
import { describe, expect, it } from 'vitest'
import type { CaseView } from '@/api/view'
import { actionOf } from './actions'
import { unanswered } from './answered'
import { primary } from './primary'

const request = (state: string, kind = 'compensation') => ({
  id: 'r1',
  kind,
  reason: 'bargain',
  lines: [],
  state,
  applied_at: '',
  ended_at: state === 'refused' ? '2026-11-24T10:00:00+08:00' : null,
})
const rung = { rung: 'own_coupon', title: { zh: '券', en: 'coupon' }, possible: true, remedy: 'compensation', because: [] }

function view(over: Record<string, unknown> = {}): CaseView {
  return {
    case: { open: true, stage: 'negotiation' },
    requests: [request('open')],
    sent_offers: [],
    effects: [],
    timeline: [],
    advice: { steps: [], ladder: [], scripts: [] },
    ...over,
  } as unknown as CaseView
}
const heard = [{ kind: 'contact', direction: 'in' }]
const confirming = { open: true, stage: 'confirmation' }

describe('the next step over a request without an answer', () => {
  const table: [string, Record<string, unknown>, string | undefined][] = [
    ['offers are left: they come first', { advice: { steps: [], ladder: [rung], scripts: [] } }, 'offer'],
    ['nothing is left to offer', {}, 'answer_request'],
    [
      'every rung was refused',
      { advice: { steps: [], ladder: [rung], scripts: [] }, sent_offers: [{ state: 'refused', rung: 'own_coupon' }] },
      'answer_request',
    ],
    ['an offer is with the buyer', { sent_offers: [{ state: 'sent', rung: 'own_coupon' }] }, undefined],
    ['the end has come, the buyer had the last word', { case: confirming, timeline: heard }, 'answer_request'],
    ['refused: it may be closed', { case: confirming, timeline: heard, requests: [request('refused')] }, 'close'],
    [
      'an accepted offer is an answer',
      { case: confirming, timeline: heard, sent_offers: [{ state: 'accepted', rung: 'x' }] },
      'close',
    ],
    ['a question is answered by words', { case: confirming, timeline: heard, requests: [request('open', 'help')] }, 'close'],
  ]
  it.each(table)('%s', (_, over, expected) => {
    expect(primary(view(over), () => true)?.sheet?.name).toBe(expected)
  })
  it('is not given to whoever may not answer by a form of another right', () => {
    expect(primary(view(), () => false)?.right).toBe('request')
  })
})

it('counts what was paid as an answer, and what failed as none', () => {
  const paid = (state: string) => unanswered(view({ effects: [{ state, amount_minor: 500 }] })).length
  expect([paid('succeeded'), paid('rejected'), paid('queued')]).toEqual([0, 1, 1])
})

it('gives a task the word of the step it comes from', () => {
  expect(actionOf('invoice')?.sheet(view())).toEqual({ name: 'task', kind: 'invoice' })
  expect(actionOf('task')?.sheet(view())).toEqual({ name: 'task' })
})
