// What was set going: offers, approvals, effects, promises, tasks, goods held. Owns rows with what can be done about each.
import type { JSX, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { answerOffer, cancelEffect, cancelTask, queryEffect, release, takeTask } from '@/api/commands'
import type { Effect, Offer } from '@/api/types'
import { serves } from '@/app/me'
import { word } from '@/i18n'
import { Button } from '@/parts/form'
import { Line } from '@/parts/Lines'
import { Countdown, Party, StateMark } from '@/parts/marks'
import { amount, yuan } from '@/parts/money'
import { span, useNow, when } from '@/parts/time'
import { ApprovalRow } from './ApprovalRow'
import { useWork } from './work'

const OVER = ['cancelled', 'void', 'expired', 'released', 'renegotiated']

export function UnderWay(): JSX.Element | null {
  const { view } = useWork()
  const rows: ReactNode[] = [
    ...view.effects.filter((it) => !OVER.includes(it.state)).map((it) => <EffectRow key={it.id} effect={it} />),
    ...view.sent_offers
      .filter((it) => ['draft', 'ready', 'needs_approval', 'sent', 'accepted'].includes(it.state))
      .map((it) => <OfferRow key={it.id} offer={it} />),
    ...view.approvals.filter((it) => !OVER.includes(it.state)).map((it) => <ApprovalRow key={it.id} approval={it} />),
    ...view.promises.filter((it) => !OVER.includes(it.state)).map((it) => <PromiseRow key={it.id} id={it.id} />),
    ...view.tasks.filter((it) => !OVER.includes(it.state)).map((it) => <TaskRow key={it.id} id={it.id} />),
    ...view.reservations.filter((it) => !OVER.includes(it.state)).map((it) => <ReservationRow key={it.id} id={it.id} />),
    ...(view.carrier_claims ?? []).map((it) => <ClaimRow key={it.id} id={it.id} />),
    ...(view.side_threads ?? []).map((it) => <ThreadRow key={it.id} id={it.id} />),
    ...view.inspections.map((it) => <InspectionRow key={it.id} id={it.id} />),
  ]
  return rows.length ? <div className="card rows">{rows}</div> : null
}

function OfferRow({ offer }: { offer: Offer }): JSX.Element {
  const { t } = useTranslation()
  const { view, me, open, run, busy } = useWork()
  const title = `${word('remedy', offer.remedy)}${offer.means ? `·${word('means', offer.means)}` : ''}`
  return (
    <div className="uw">
      <div className="row between">
        <span className="row">
          <span className="xs q">{t('offer.title')}</span>
          <b className="clip">{title}</b>
          {offer.amount_minor ? <b className="num">{yuan(offer.amount_minor)}</b> : null}
        </span>
        <StateMark kind="offer" state={offer.state} />
      </div>
      {offer.state === 'sent' ? (
        <div className="xs q">{t('offer.valid', { sent: when(offer.sent_at), until: when(offer.valid_until) })}</div>
      ) : null}
      {view.case.open ? (
        <div className="row wrap">
          {offer.state === 'sent' && me.can('answer_offer') ? (
            <>
              <Button small busy={busy} icon="check" onClick={() => void run(answerOffer(offer.id), { answer: 'accepted' })}>
                {t('offer.accepted')}
              </Button>
              <Button small busy={busy} icon="close" onClick={() => void run(answerOffer(offer.id), { answer: 'refused' })}>
                {t('offer.refused')}
              </Button>
            </>
          ) : null}
          {offer.state === 'ready' && me.can('send_offer') ? (
            <Button small look="primary" icon="send" onClick={() => open({ name: 'send_offer', offerId: offer.id })}>
              {t('primary.send_offer')}
            </Button>
          ) : null}
          {(offer.state === 'needs_approval' || offer.state === 'draft') &&
          !view.approvals.some((it) => it.subject_id === offer.id && it.state === 'pending') ? (
            <Button
              small
              onClick={() => open({ name: 'approval', subject: 'offer', subjectId: offer.id, amountMinor: offer.amount_minor })}
            >
              {t('action.approval')}
            </Button>
          ) : null}
        </div>
      ) : null}
    </div>
  )
}

/** An effect: what is done to the outside, exactly once. *Unknown* has its own look and says what is safe. */
export function EffectRow({ effect }: { effect: Effect }): JSX.Element {
  const { t } = useTranslation()
  const { me, open, run, busy, view } = useWork()
  const now = useNow(effect.state === 'held')
  const unknown = effect.state === 'unknown' || effect.state === 'needs_person'
  const byHand = effect.state === 'awaiting_person'
  const left = Math.max(0, new Date(effect.not_before).getTime() - now)
  return (
    <div className={unknown ? 'uw unk' : 'uw'}>
      <div className="row between">
        <span className="row">
          <b>{word('effect', effect.kind)}</b>
          {effect.amount_minor ? <b className="num">{yuan(effect.amount_minor)}</b> : null}
          {effect.payment_no ? <span className="xs q num">{effect.payment_no}</span> : null}
        </span>
        <StateMark kind="effect" state={effect.state} />
      </div>
      <div className="xs q">
        {effect.state === 'held' ? t('effect.leaves_in', { span: span(left) }) : t('effect.made', { at: when(effect.at) })}
        {effect.attempt ? `·${t('effect.attempts', { count: effect.attempt })}` : ''}
        {effect.code ? `·${effect.code}` : ''}
        {effect.platform_ref ? `·${effect.platform_ref}` : ''}
        {byHand ? `·${word('team', effect.team)}` : ''}
      </div>
      {unknown ? (
        <>
          <Line kind="note">
            <b className="bad">{t('effect.do_not_repeat')}</b> {t('effect.unknown_text')}
          </Line>
          <Line kind="yes">{t('effect.may')}</Line>
          <Line kind="no">
            {t('effect.may_not', { amount: amount(effect.amount_minor), rest: amount(view.order?.refundable_minor) })}
          </Line>
          {effect.state === 'unknown' ? <Line kind="time">{t('effect.next_query', { at: when(effect.next_at) })}</Line> : null}
        </>
      ) : null}
      <div className="row wrap">
        {effect.state === 'held' && me.can('cancel_effect') ? (
          <Button small busy={busy} onClick={() => void run(cancelEffect(effect.id), {})}>
            {t('effect.undo')}
          </Button>
        ) : null}
        {unknown && !effect.manual ? (
          <Button small busy={busy} onClick={() => void run(queryEffect(effect.id), {})}>
            {t('effect.query')}
          </Button>
        ) : null}
        {(unknown || byHand) && me.can('settle_effect') ? (
          <>
            <Button small onClick={() => open({ name: 'settle', effectId: effect.id, outcome: 'succeeded' })}>
              {t('effect.was_done')}
            </Button>
            <Button small onClick={() => open({ name: 'settle', effectId: effect.id, outcome: 'rejected' })}>
              {t('effect.was_not_done')}
            </Button>
          </>
        ) : null}
      </div>
    </div>
  )
}

function PromiseRow({ id }: { id: string }): JSX.Element | null {
  const { t } = useTranslation()
  const { view, me, open } = useWork()
  const it = view.promises.find((one) => one.id === id)
  if (!it) return null
  const binds = !it.ended_at && (it.state === 'open' || it.state === 'broken')
  return (
    <div className="uw">
      <div className="row between">
        <span className="row">
          <span className="xs q">{t('promise.title')}</span>
          <b className="clip">{it.text ?? '—'}</b>
        </span>
        <StateMark kind="promise" state={it.state} />
      </div>
      <div className="row xs q">
        <Party who={it.team} name={it.owner} />
        {binds ? <Countdown at={it.due_at} from={it.at} /> : null}
        <span>{t('promise.due', { at: when(it.due_at) })}</span>
        {it.amount_minor ? <span className="num">{yuan(it.amount_minor)}</span> : null}
      </div>
      {binds ? (
        <div className="row wrap">
          {!it.effect_id && me.can('keep_promise') && (serves(me.role, it.team) || me.role === 'supervisor') ? (
            <Button small onClick={() => open({ name: 'keep_promise', promiseId: id })}>
              {t('promise.keep')}
            </Button>
          ) : null}
          {it.effect_id ? <span className="xs q">{t('promise.with_effect')}</span> : null}
          {me.can('renegotiate_promise') ? (
            <Button small look="ghost" onClick={() => open({ name: 'renegotiate', promiseId: id })}>
              {t('promise.renegotiate')}
            </Button>
          ) : null}
        </div>
      ) : null}
    </div>
  )
}

function TaskRow({ id }: { id: string }): JSX.Element | null {
  const { t } = useTranslation()
  const { view, me, open, run, busy } = useWork()
  const it = view.tasks.find((one) => one.id === id)
  if (!it) return null
  const live = it.state === 'open' || it.state === 'taken'
  return (
    <div className="uw">
      <div className="row between">
        <span className="row">
          <span className="xs q">{t('task.title')}</span>
          <b className="clip">{it.text ?? '—'}</b>
        </span>
        <StateMark kind="task" state={it.state} />
      </div>
      <div className="row xs q">
        <Party who={it.team} name={it.owner} />
        {live && it.due_at ? <Countdown at={it.due_at} from={it.at} /> : null}
        {it.note ? <span className="q2">{it.note}</span> : null}
      </div>
      {live ? (
        <div className="row wrap">
          {it.state === 'open' && serves(me.role, it.team) ? (
            <Button small busy={busy} onClick={() => void run(takeTask(id), {})}>
              {t('task.take')}
            </Button>
          ) : null}
          {serves(me.role, it.team) ? (
            <Button small onClick={() => open({ name: 'done_task', taskId: id })}>
              {t('task.done')}
            </Button>
          ) : null}
          {me.can('cancel_task') ? (
            <Button small look="ghost" busy={busy} onClick={() => void run(cancelTask(id), {})}>
              {t('task.cancel')}
            </Button>
          ) : null}
        </div>
      ) : null}
    </div>
  )
}

function ReservationRow({ id }: { id: string }): JSX.Element | null {
  const { t } = useTranslation()
  const { view, me, open, run, busy } = useWork()
  const it = view.reservations.find((one) => one.id === id)
  if (!it) return null
  const held = !['released', 'consumed', 'shipped', 'used', 'expired'].includes(it.state)
  return (
    <div className="uw">
      <div className="row between">
        <span className="row">
          <span className="xs q">{t('reservation.title')}</span>
          <b>
            {it.sku} ×{it.quantity}
          </b>
        </span>
        <StateMark kind="reservation" state={it.state} />
      </div>
      <div className="row wrap xs q">
        {held ? <Countdown at={it.until} from={it.at} /> : null}
        <span>{t('reservation.until', { at: when(it.until) })}</span>
        {held && me.can('ship') ? (
          <Button small onClick={() => open({ name: 'ship', reservationId: id, sku: it.sku, quantity: it.quantity })}>
            {t('action.ship')}
          </Button>
        ) : null}
        {held && me.can('release_reservation') ? (
          <Button small look="ghost" busy={busy} onClick={() => void run(release(id), {})}>
            {t('reservation.release')}
          </Button>
        ) : null}
      </div>
    </div>
  )
}

function ClaimRow({ id }: { id: string }): JSX.Element | null {
  const { t } = useTranslation()
  const { view, open } = useWork()
  const it = view.carrier_claims?.find((one) => one.id === id)
  if (!it) return null
  return (
    <div className="uw row between">
      <span className="row">
        <span className="xs q">{t('claim.title')}</span>
        <b className="num">{yuan(it.amount_minor)}</b>
        {it.paid_minor ? <span className="xs q">{t('claim.paid', { amount: amount(it.paid_minor) })}</span> : null}
      </span>
      <span className="row">
        <StateMark kind="claim" state={it.state} />
        {it.state === 'open' ? (
          <Button small onClick={() => open({ name: 'settle_claim', claimId: id })}>
            {t('claim.settle')}
          </Button>
        ) : null}
      </span>
    </div>
  )
}

function ThreadRow({ id }: { id: string }): JSX.Element | null {
  const { t } = useTranslation()
  const { view, open } = useWork()
  const it = view.side_threads?.find((one) => one.id === id)
  if (!it) return null
  return (
    <div className="uw">
      <div className="row between">
        <span className="row">
          <span className="xs q">{t('thread.title')}</span>
          <b>{it.subject}</b>
          <span className="xs q">{word('party', it.party)}</span>
        </span>
        <Button small onClick={() => open({ name: 'side_message', threadId: id })}>
          {t('thread.write')}
        </Button>
      </div>
      {(it.messages ?? []).slice(-3).map((message, at) => (
        <div key={at} className="xs q2">
          {when(message.at)} {message.direction === 'in' ? '←' : '→'} {message.text}
        </div>
      ))}
    </div>
  )
}

function InspectionRow({ id }: { id: string }): JSX.Element | null {
  const { t } = useTranslation()
  const { view } = useWork()
  const it = view.inspections.find((one) => one.id === id)
  if (!it) return null
  return (
    <div className="uw">
      <div className="row between">
        <span className="row">
          <span className="xs q">{t('inspection.title')}</span>
          <b>{word('inspection', it.verdict)}</b>
        </span>
        <span className="xs q">
          {[
            when(it.at),
            t('inspection.photos', { count: it.photos }),
            it.video ? t('inspection.video') : t('inspection.no_video'),
          ].join('·')}
        </span>
      </div>
      {it.units.map((unit) => (
        <Line key={`${unit.line_no}${unit.condition}`} kind={unit.condition === 'good' ? 'yes' : 'no'}>
          {view.order?.lines.find((line) => line.line_no === unit.line_no)?.title} ×{unit.quantity}{' '}
          {word('condition', unit.condition)} {unit.note}
        </Line>
      ))}
    </div>
  )
}
