// What was set going: offers, approvals, effects, promises, tasks, goods held. Owns rows with what can be done about each.
import type { JSX, ReactNode } from 'react'
import { answerOffer, cancelTask, release, takeTask } from '@/api/commands'
import type { Offer, Promised, Reservation, Task } from '@/api/types'
import { serves } from '@/app/me'
import { useTranslation, word } from '@/i18n'
import { Button } from '@/parts/form'
import { Line } from '@/parts/Lines'
import { Countdown, Party, StateMark } from '@/parts/marks'
import { amount, yuan } from '@/parts/money'
import { when } from '@/parts/time'
import { ApprovalRow } from './ApprovalRow'
import { EffectRow } from './EffectRow'
import { useWork } from './work'

const OVER = ['cancelled', 'void', 'expired', 'released', 'renegotiated', 'used']

/** `decided`: what the money and the buyer's answer hang on; `work`: what colleagues and the warehouse do about it. */
export function UnderWay({ part }: { part: 'decided' | 'work' }): JSX.Element | null {
  const { view } = useWork()
  const live = <T extends { state: string }>(rows: readonly T[]) => rows.filter((it) => !OVER.includes(it.state))
  const decided: ReactNode[] = [
    ...live(view.effects).map((it) => <EffectRow key={it.id} effect={it} />),
    ...live(view.sent_offers)
      .filter((it) => it.state !== 'refused')
      .map((it) => <OfferRow key={it.id} offer={it} />),
    ...live(view.approvals).map((it) => <ApprovalRow key={it.id} approval={it} />),
  ]
  const work: ReactNode[] = [
    ...live(view.promises).map((it) => <PromiseRow key={it.id} promise={it} />),
    ...live(view.tasks).map((it) => <TaskRow key={it.id} task={it} />),
    ...live(view.reservations).map((it) => <ReservationRow key={it.id} held={it} />),
    ...(view.carrier_claims ?? []).map((it) => <ClaimRow key={it.id} claim={it} />),
    ...(view.side_threads ?? []).map((it) => <ThreadRow key={it.id} thread={it} />),
    ...view.inspections.map((it) => <InspectionRow key={it.id} found={it} />),
  ]
  const rows = part === 'decided' ? decided : work
  return rows.length ? <div className="card rows">{rows}</div> : null
}

/** Two lines: what it is and where it stands; then who, when, and what can be done. */
export function TwoLines({
  kind,
  title,
  minor,
  mark,
  meta,
  children,
}: {
  kind?: string
  title: ReactNode
  minor?: number | null
  mark: ReactNode
  meta?: ReactNode
  children?: ReactNode
}): JSX.Element {
  return (
    <>
      <div className="row between">
        <span className="row">
          {kind ? <span className="xs q nw">{kind}</span> : null}
          <b className="clip">{title}</b>
          {minor ? <b className="num">{yuan(minor)}</b> : null}
        </span>
        {mark}
      </div>
      <div className="row between uw2">
        <span className="row xs q">{meta}</span>
        <span className="row">{children}</span>
      </div>
    </>
  )
}

function OfferRow({ offer }: { offer: Offer }): JSX.Element {
  const { t } = useTranslation()
  const { view, me, open, run, busy } = useWork()
  const asked = view.approvals.some((it) => it.subject_id === offer.id && it.state === 'pending')
  const can = view.case.open
  return (
    <div className="uw">
      <TwoLines
        kind={t('offer.title')}
        title={`${word('remedy', offer.remedy)}${offer.means ? `·${word('means', offer.means)}` : ''}`}
        minor={offer.amount_minor}
        mark={<StateMark kind="offer" state={offer.state} />}
        meta={
          offer.state === 'sent'
            ? t('offer.valid', { sent: when(offer.sent_at), until: when(offer.valid_until) })
            : when(offer.at)
        }
      >
        {can && offer.state === 'sent' && me.can('answer_offer') ? (
          <>
            <Button small busy={busy} icon="check" onClick={() => void run(answerOffer(offer.id), { answer: 'accepted' })}>
              {t('offer.accepted')}
            </Button>
            <Button small busy={busy} icon="close" onClick={() => void run(answerOffer(offer.id), { answer: 'refused' })}>
              {t('offer.refused')}
            </Button>
          </>
        ) : null}
        {can && offer.state === 'ready' && me.can('send_offer') ? (
          <Button small look="primary" icon="send" onClick={() => open({ name: 'send_offer', offerId: offer.id })}>
            {t('primary.send_offer')}
          </Button>
        ) : null}
        {can && (offer.state === 'needs_approval' || offer.state === 'draft') && !asked && me.can('ask_approval') ? (
          <Button
            small
            onClick={() => open({ name: 'approval', subject: 'offer', subjectId: offer.id, amountMinor: offer.amount_minor })}
          >
            {t('action.approval')}
          </Button>
        ) : null}
      </TwoLines>
    </div>
  )
}

function PromiseRow({ promise: it }: { promise: Promised }): JSX.Element {
  const { t } = useTranslation()
  const { me, open } = useWork()
  const binds = !it.ended_at && (it.state === 'open' || it.state === 'broken')
  const mine = serves(me.role, it.team) || me.role === 'supervisor'
  return (
    <div className="uw">
      <TwoLines
        kind={t('promise.title')}
        title={it.text ?? '—'}
        minor={it.amount_minor}
        mark={<StateMark kind="promise" state={it.state} />}
        meta={
          <>
            <Party who={it.team} name={it.owner} />
            {binds ? <Countdown at={it.due_at} from={it.at} /> : null}
            <span className="nw">
              {it.effect_id && binds ? t('promise.with_effect') : t('promise.due', { at: when(it.due_at) })}
            </span>
          </>
        }
      >
        {binds && !it.effect_id && me.can('keep_promise') && mine ? (
          <Button small onClick={() => open({ name: 'keep_promise', promiseId: it.id })}>
            {t('promise.keep')}
          </Button>
        ) : null}
        {binds && me.can('renegotiate_promise') ? (
          <Button small look="ghost" onClick={() => open({ name: 'renegotiate', promiseId: it.id })}>
            {t('promise.renegotiate')}
          </Button>
        ) : null}
      </TwoLines>
    </div>
  )
}

function TaskRow({ task: it }: { task: Task }): JSX.Element {
  const { t } = useTranslation()
  const { me, open, run, busy } = useWork()
  const live = it.state === 'open' || it.state === 'taken'
  const mine = serves(me.role, it.team)
  return (
    <div className="uw">
      <TwoLines
        kind={t('task.title')}
        title={it.text ?? '—'}
        mark={<StateMark kind="task" state={it.state} />}
        meta={
          <>
            <Party who={it.team} name={it.owner} />
            {live && it.due_at ? <Countdown at={it.due_at} from={it.at} /> : null}
            {it.note ? <span className="q2 clip">{it.note}</span> : null}
          </>
        }
      >
        {live && mine && it.state === 'open' ? (
          <Button small look="ghost" busy={busy} onClick={() => void run(takeTask(it.id), {})}>
            {t('task.take')}
          </Button>
        ) : null}
        {live && mine ? (
          <Button small onClick={() => open({ name: 'done_task', taskId: it.id })}>
            {t('task.done')}
          </Button>
        ) : null}
        {live && me.can('cancel_task') ? (
          <Button small look="ghost" busy={busy} onClick={() => void run(cancelTask(it.id), {})}>
            {t('task.cancel')}
          </Button>
        ) : null}
      </TwoLines>
    </div>
  )
}

function ReservationRow({ held: it }: { held: Reservation }): JSX.Element {
  const { t } = useTranslation()
  const { me, open, run, busy } = useWork()
  const live = !['released', 'consumed', 'shipped', 'used', 'expired'].includes(it.state)
  return (
    <div className="uw">
      <TwoLines
        kind={t('reservation.title')}
        title={`${it.sku} ×${it.quantity}`}
        mark={<StateMark kind="reservation" state={it.state} />}
        meta={
          <>
            {live ? <Countdown at={it.until} from={it.at} /> : null}
            <span>{t('reservation.until', { at: when(it.until) })}</span>
          </>
        }
      >
        {live && me.can('ship') ? (
          <Button small onClick={() => open({ name: 'ship', reservationId: it.id, sku: it.sku, quantity: it.quantity })}>
            {t('action.ship')}
          </Button>
        ) : null}
        {live && me.can('release_reservation') ? (
          <Button small look="ghost" busy={busy} onClick={() => void run(release(it.id), {})}>
            {t('reservation.release')}
          </Button>
        ) : null}
      </TwoLines>
    </div>
  )
}

type Claim = NonNullable<ReturnType<typeof useWork>['view']['carrier_claims']>[number]
type Thread = NonNullable<ReturnType<typeof useWork>['view']['side_threads']>[number]
type Found = ReturnType<typeof useWork>['view']['inspections'][number]

function ClaimRow({ claim: it }: { claim: Claim }): JSX.Element {
  const { t } = useTranslation()
  const { open } = useWork()
  return (
    <div className="uw">
      <TwoLines
        kind={t('claim.title')}
        title=""
        minor={it.amount_minor}
        mark={<StateMark kind="claim" state={it.state} />}
        meta={it.paid_minor ? t('claim.paid', { amount: amount(it.paid_minor) }) : ''}
      >
        {it.state === 'open' ? (
          <Button small onClick={() => open({ name: 'settle_claim', claimId: it.id })}>
            {t('claim.settle')}
          </Button>
        ) : null}
      </TwoLines>
    </div>
  )
}

function ThreadRow({ thread: it }: { thread: Thread }): JSX.Element {
  const { t } = useTranslation()
  const { open } = useWork()
  return (
    <div className="uw">
      <TwoLines kind={t('thread.title')} title={it.subject} mark={<Party who={it.party} />} meta="">
        <Button small onClick={() => open({ name: 'side_message', threadId: it.id })}>
          {t('thread.write')}
        </Button>
      </TwoLines>
      {(it.messages ?? []).slice(-3).map((message, at) => (
        <div key={at} className="xs q2">
          {when(message.at)} {message.direction === 'in' ? '←' : '→'} {message.text}
        </div>
      ))}
    </div>
  )
}

function InspectionRow({ found: it }: { found: Found }): JSX.Element {
  const { t } = useTranslation()
  const { view } = useWork()
  return (
    <div className="uw">
      <TwoLines
        kind={t('inspection.title')}
        title={word('condition', it.condition)}
        minor={it.deduction_minor}
        mark={
          <span className="xs q nw">
            {[
              when(it.at),
              t('inspection.photos', { count: it.photos }),
              it.video ? t('inspection.video') : t('inspection.no_video'),
            ].join('·')}
          </span>
        }
      />
      {it.units.map((unit, at) => (
        <Line key={at} kind={unit.condition === 'good' ? 'yes' : 'no'}>
          {view.order?.lines.find((line) => line.line_no === unit.line_no)?.title} ×{unit.quantity}{' '}
          {word('condition', unit.condition)} {unit.note}
        </Line>
      ))}
    </div>
  )
}
