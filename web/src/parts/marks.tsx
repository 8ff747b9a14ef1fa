// Small signs of state: countdown, party, verdict, flag, money. Each has colour, shape and word; none relies on colour alone.
import type { CSSProperties, JSX } from 'react'
import { useTranslation, word } from '@/i18n'
import { Icon, type IconName } from './Icon'
import { bucket, exact, span, useNow } from './time'

/** What is left until `at`; `from` gives the pie its full length. */
export function Countdown({ at, state, from }: { at?: string | null; state?: string; from?: string | null }): JSX.Element | null {
  const { t } = useTranslation()
  const now = useNow()
  if (state === 'paused') return <Sign kind="paused" text={t('countdown.paused')} />
  if (state === 'unknown') return <Sign kind="unknown" text={t('countdown.unknown')} />
  if (!at) return null
  const left = new Date(at).getTime() - now
  const whole = from ? new Date(at).getTime() - new Date(from).getTime() : 24 * 3_600_000
  const size = bucket(at, now)
  const text = size === 'over' ? t('countdown.over', { span: span(left) }) : span(left)
  return (
    <Sign
      kind={size}
      text={text}
      share={Math.max(0.04, Math.min(1, Math.round((left / whole) * SHARES) / SHARES))}
      title={exact(at)}
    />
  )
}

/** Steps of the little clock: finer ones nobody sees, and each is painted. */
const SHARES = 60

function Sign({ kind, text, share = 1, title }: { kind: string; text: string; share?: number; title?: string }): JSX.Element {
  return (
    <span className={`cd ${kind}`} style={{ '--p': share } as CSSProperties} title={title}>
      <i aria-hidden="true" />
      {text}
    </span>
  )
}

const ZERO_ICON: Record<string, IconName> = {
  auto_refund: 'refund',
  auto_agree: 'check',
  auto_close: 'close',
  platform_decides: 'gavel',
  platform_pays: 'coin',
  escalate: 'up',
  notify: 'warn',
  release: 'release',
  promise_breaks: 'hand',
}

/** What happens when the time is over. */
export function AtZero({ code, past }: { code: string; past?: boolean }): JSX.Element | null {
  if (!code) return null
  return (
    <span className="zero">
      <Icon name={ZERO_ICON[code] ?? 'clock'} />
      {word(past ? 'past_zero' : 'at_zero', code)}
    </span>
  )
}

const PARTY_CLASS: Record<string, string> = {
  supervisor: 'lead',
  parcel_desk: 'carrier',
  desk: 'sys',
  senior: 'agent',
  night: 'agent',
}

/** Whose move it is: square for the own team, round for the buyer, cut corners for the outside. */
export function Party({ who, name }: { who: string; name?: string | null }): JSX.Element {
  return (
    <span className={`pt ${PARTY_CLASS[who] ?? who}`}>
      <i aria-hidden="true">{word('party_letter', who)}</i>
      {word('party', who)}
      {name ? <b>{name}</b> : null}
    </span>
  )
}

/** The letter of a party alone, for the time line; the word is read aloud. */
export function PartyMark({ who }: { who: string }): JSX.Element {
  return (
    <span className={`pt ${PARTY_CLASS[who] ?? who}`} title={word('party', who)}>
      <i aria-hidden="true">{word('party_letter', who)}</i>
      <span className="sr">{word('party', who)}</span>
    </span>
  )
}

/** What the inspection found in the goods that came back. */
export function Verdict({ code }: { code: string }): JSX.Element | null {
  if (!code) return null
  return <span className={`vd ${code === 'good' ? 'ok' : 'risk'}`}>{word('returned', code)}</span>
}

export function Flag({ flag }: { flag: number }): JSX.Element {
  const { t } = useTranslation()
  if (!flag) return <span className="xs q">{t('flag.none')}</span>
  return (
    <span className={`fl f${flag}`}>
      <b aria-hidden="true">{flag}</b>
      {word('flag', String(flag))}
    </span>
  )
}

const MONEY: Record<string, [string, IconName]> = {
  draft: ['draft', 'dot'],
  held: ['sent', 'clock'],
  queued: ['sent', 'send'],
  in_flight: ['work', 'run'],
  awaiting_person: ['approval', 'user'],
  needs_person: ['unknown', 'user'],
  unknown: ['unknown', 'question'],
  succeeded: ['done', 'check'],
  rejected: ['refused', 'close'],
  cancelled: ['draft', 'close'],
  needs_approval: ['approval', 'approve'],
  pending: ['approval', 'approve'],
  approved: ['done', 'check'],
  declined: ['refused', 'close'],
  void: ['draft', 'close'],
  expired: ['draft', 'clock'],
  ready: ['done', 'check'],
  sent: ['sent', 'send'],
  accepted: ['done', 'check'],
  refused: ['refused', 'close'],
  open: ['approval', 'clock'],
  taken: ['work', 'user'],
  done: ['done', 'check'],
  kept: ['done', 'check'],
  broken: ['refused', 'warn'],
  renegotiated: ['draft', 'hand'],
  live: ['sent', 'lock'],
  released: ['draft', 'release'],
  consumed: ['done', 'check'],
  shipped: ['done', 'truck'],
  agreed: ['done', 'check'],
  withdrawn: ['draft', 'close'],
}

/** Where something stands that moves money, goods or a word given. */
export function StateMark({ kind, state }: { kind: string; state: string }): JSX.Element {
  const [look, icon] = MONEY[state] ?? ['draft', 'dot']
  return (
    <span className={`ms ${look}`}>
      <Icon name={icon} />
      {word(`state_${kind}`, state)}
    </span>
  )
}
