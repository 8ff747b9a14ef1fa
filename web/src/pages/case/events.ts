// What happened, as one sentence for people. Owns which words a code of an event's data gets; the templates stand with the texts.
import { factWord, parcelWord, valueWord } from '@/api/catalogue'
import { endingWord } from '@/api/queries'
import type { TimelineEntry } from '@/api/types'
import { type Both, both, t, word } from '@/i18n'
import { amount } from '@/parts/money'
import { when } from '@/parts/time'

/** Which word list a field of an event's data is read with. */
const WORDS: Record<string, string> = {
  team: 'team',
  on: 'party',
  waiting_on: 'party',
  from: 'stage',
  to: 'stage',
  stage: 'stage',
  means: 'means',
  remedy: 'remedy',
  at_zero: 'at_zero',
  channel: 'channel',
  how: 'ended',
  answer: 'answer',
  confirmation: 'confirmation',
  subject: 'subject',
  condition: 'condition',
  outcome: 'outcome',
  method: 'method',
  clock: 'clock',
  act: 'act',
  verdict: 'condition',
  rung: 'escalation',
  payer: 'payer',
  giver: 'giver',
}
const FACTS: Record<string, string> = {
  cause: 'diagnosis.cause',
  party: 'diagnosis.party',
  emotion: 'buyer.mood',
  class: 'case.class',
}

/** The sentence of an entry. */
export function told(entry: TimelineEntry): string {
  const data = entry.data ?? {}
  const said: Record<string, string> = { count: String(data.count ?? '') }
  for (const [name, value] of Object.entries(data)) {
    if (value === null || value === undefined) said[name] = ''
    else if (name.endsWith('_minor') && typeof value === 'number') said[name.slice(0, -6)] = value === 0 ? '' : amount(value)
    else if (name.endsWith('_at') && typeof value === 'string') said[name] = when(value)
    else if (name === 'result' && entry.kind === 'case_closed') said[name] = endingWord(String(value))
    else if (FACTS[name]) said[name] = valueWord(FACTS[name], String(value))
    else if (WORDS[name]) said[name] = word(WORDS[name], String(value))
    else if (name === 'facts' && Array.isArray(value)) said[name] = value.map((fact) => factWord(String(fact))).join(' ')
    else if (name === 'title' && typeof value === 'object') said[name] = both(value as Both)
    else if (Array.isArray(value)) said[name] = value.filter((one) => typeof one === 'string').join(' ')
    else said[name] = typeof value === 'object' ? '' : kindWord(entry.kind, name, String(value))
  }
  // Amounts that an event does not carry leave no hole in its sentence.
  const text = t(`events.${entry.kind}` as never, { ...said, defaultValue: entry.kind.replaceAll('_', ' ') }) as string
  return text
    .replace(/\s*\{\{\w+\}\}\s*/g, ' ')
    .replace(/[，,：:]\s*$/, '')
    .trim()
}

function kindWord(event: string, field: string, value: string): string {
  if (field === 'kind') {
    const list = event.startsWith('request')
      ? 'request_kind'
      : event.startsWith('effect') || event === 'taken_back'
        ? 'effect'
        : event.startsWith('evidence')
          ? 'evidence'
          : 'kind'
    return word(list, value)
  }
  if (field === 'state' && event.startsWith('request')) return word('state_request', value)
  if (field === 'state' && event.startsWith('parcel')) return parcelWord(value)
  if (field === 'state') return word('state_any', value)
  return value
}

/** Clocks and holds that follow from what is told beside them; shown among the work, not between the words. */
const HOUSEKEEPING = [
  'deadline_opened',
  'deadline_ended',
  'units_taken',
  'units_given_back',
  'notice_prepared',
  'remedy_ended',
  'deadline_moved',
  'stage_changed',
  // the end of the effect is told beside them
  'refund_done',
  'refund_cancelled',
  'refund_rejected',
  'payout_done',
  'payout_cancelled',
  'payout_rejected',
]

export const isHousekeeping = (entry: TimelineEntry): boolean => HOUSEKEEPING.includes(entry.kind)

/** Which tab an entry belongs to. */
export function tabOf(entry: TimelineEntry): 'talk' | 'work' | 'platform' {
  if (entry.kind === 'contact') return 'talk'
  return /^(platform|callback|effect_)/.test(entry.kind) ? 'platform' : 'work'
}
