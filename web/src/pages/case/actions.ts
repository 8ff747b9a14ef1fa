// Everything that can be done on a case. Owns the table: the word of the playbooks, the sheet it opens, the right it needs.
import { isOver } from '@/api/types'
import type { CaseView } from '@/api/view'
import type { IconName } from '@/parts/Icon'
import type { PlainSheet, SheetName } from './work'

export interface ActionRow {
  name: string
  group: 'talk' | 'decide' | 'money' | 'goods' | 'order' | 'team' | 'case'
  icon: IconName
  right: string
  sheet: (view: CaseView) => SheetName | null
}

const live = (view: CaseView) => view.requests.findLast((it) => !isOver(it))
const openRequest =
  (name: 'agree_return' | 'answer_request' | 'refuse_request' | 'change_request') =>
  (view: CaseView): SheetName | null => {
    const request = live(view)
    return request ? { name, request } : null
  }
const plain = (name: PlainSheet) => (): SheetName => ({ name })

export const ACTIONS: ActionRow[] = [
  { name: 'call', group: 'talk', icon: 'phone', right: 'contact', sheet: plain('call') },
  { name: 'evidence', group: 'talk', icon: 'photo', right: 'evidence', sheet: plain('evidence') },
  { name: 'request', group: 'talk', icon: 'case', right: 'request', sheet: plain('request') },
  { name: 'classify', group: 'decide', icon: 'list', right: 'classify', sheet: plain('classify') },
  { name: 'facts', group: 'decide', icon: 'search', right: 'classify', sheet: () => ({ name: 'facts' }) },
  { name: 'diagnose', group: 'decide', icon: 'gavel', right: 'diagnose', sheet: plain('diagnosis') },
  { name: 'answer_request', group: 'decide', icon: 'hand', right: 'request', sheet: openRequest('answer_request') },
  { name: 'offer', group: 'decide', icon: 'send', right: 'offer', sheet: () => ({ name: 'offer' }) },
  { name: 'refund', group: 'money', icon: 'refund', right: 'refund', sheet: (view) => ({ name: 'refund', request: live(view) }) },
  { name: 'payout', group: 'money', icon: 'coin', right: 'payout', sheet: () => ({ name: 'payout' }) },
  {
    name: 'approval',
    group: 'money',
    icon: 'approve',
    right: 'ask_approval',
    sheet: () => ({ name: 'approval', subject: 'refund' }),
  },
  { name: 'agree_return', group: 'goods', icon: 'check', right: 'agree_return', sheet: openRequest('agree_return') },
  { name: 'refuse_request', group: 'goods', icon: 'close', right: 'refuse_request', sheet: openRequest('refuse_request') },
  { name: 'modify_amount', group: 'goods', icon: 'hand', right: 'request', sheet: openRequest('change_request') },
  { name: 'waybill', group: 'goods', icon: 'box', right: 'return_waybill', sheet: plain('waybill') },
  { name: 'reserve', group: 'goods', icon: 'lock', right: 'reserve', sheet: plain('reserve') },
  { name: 'ship', group: 'goods', icon: 'truck', right: 'ship', sheet: () => ({ name: 'ship' }) },
  { name: 'freeze_shipment', group: 'order', icon: 'lock', right: 'freeze', sheet: plain('freeze') },
  { name: 'intercept', group: 'order', icon: 'truck', right: 'intercept', sheet: plain('intercept') },
  { name: 'change_order', group: 'order', icon: 'case', right: 'change_order', sheet: plain('order_change') },
  { name: 'claim_carrier', group: 'order', icon: 'coin', right: 'intercept', sheet: plain('carrier_claim') },
  { name: 'promise', group: 'team', icon: 'hand', right: 'promise', sheet: plain('promise') },
  { name: 'task', group: 'team', icon: 'list', right: 'open_task', sheet: () => ({ name: 'task' }) },
  { name: 'side_thread', group: 'team', icon: 'user', right: 'note', sheet: plain('side_thread') },
  { name: 'wait', group: 'case', icon: 'clock', right: 'wait', sheet: plain('wait') },
  { name: 'assign', group: 'case', icon: 'user', right: 'assign', sheet: plain('assign') },
  { name: 'merge', group: 'case', icon: 'hand', right: 'merge', sheet: plain('merge') },
  { name: 'split', group: 'case', icon: 'hand', right: 'split', sheet: plain('split') },
  { name: 'link', group: 'case', icon: 'case', right: 'merge', sheet: plain('link') },
  { name: 'custom', group: 'case', icon: 'list', right: 'note', sheet: plain('custom') },
  { name: 'close', group: 'case', icon: 'check', right: 'close', sheet: plain('close') },
]

/** Words of the playbooks that mean one of the rows above. */
const SAME: Record<string, string> = {
  ask_evidence: 'evidence',
  repair: 'task',
  visit: 'task',
  remind: 'promise',
  escalate: 'task',
  report: 'task',
  upload_evidence: 'evidence',
  invoice: 'task',
  satisfaction: 'close',
  release: 'reserve',
  diagnosis: 'diagnose',
  return: 'agree_return',
}

export function actionOf(name: string | null | undefined): ActionRow | undefined {
  if (!name) return undefined
  const own = ACTIONS.find((row) => row.name === name)
  const same = own ?? ACTIONS.find((row) => row.name === SAME[name])
  // The task keeps the word it came from: once it is done the desk knows what was done.
  return !own && same?.name === 'task' ? { ...same, sheet: () => ({ name: 'task', kind: name }) } : same
}
