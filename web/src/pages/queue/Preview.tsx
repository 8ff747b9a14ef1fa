// The case beside the queue: time, money, last words, next step. Owns a reading view; work is done on the case page.
import { useQuery } from '@tanstack/react-query'
import type { JSX } from 'react'
import { caseQuery } from '@/api/queries'
import type { QueueItem } from '@/api/types'
import type { CaseAt } from '@/api/useCommand'
import type { CaseView } from '@/api/view'
import { useColleagues, useScenarios } from '@/app/me'
import { both, useTranslation, word } from '@/i18n'
import { Button } from '@/parts/form'
import { BecauseLines } from '@/parts/Lines'
import { clockLabel } from '@/parts/label'
import { Countdown, Party } from '@/parts/marks'
import { amount, yuan } from '@/parts/money'
import { Scroll } from '@/parts/Scroll'
import { Skeleton, Trouble } from '@/parts/Trouble'
import { bucket, exact, span, useNow, when } from '@/parts/time'
import { told } from '../case/events'

export function Preview({
  row,
  at,
  onOpen,
  onMove,
}: {
  row: QueueItem
  at: CaseAt
  onOpen: () => void
  onMove: (step: number) => void
}): JSX.Element {
  const { t } = useTranslation()
  const scenarios = useScenarios()
  const owner = useColleagues()(row.owner_id)
  const { data, error } = useQuery(caseQuery(at))
  return (
    <aside className="pv col" aria-label={t('queue.preview')}>
      <div className="pvh">
        <div className="row between">
          <span className="xs q clip">
            {[row.case_no, scenarios.title(row.scenario), t('severity', { level: row.severity })].join('·')}
          </span>
          <span className="row xs q nw">
            <Button small look="ghost" onClick={() => onMove(-1)}>
              {t('queue.previous')}
            </Button>
            <Button small look="ghost" onClick={() => onMove(1)}>
              {t('queue.next')}
            </Button>
          </span>
        </div>
        <h2>{row.title || scenarios.title(row.scenario)}</h2>
        <div className="row wide">
          <Party who={row.waiting_on} name={row.waiting_on === 'agent' ? owner : undefined} />
          <span className="q">{word('stage', row.stage)}</span>
        </div>
      </div>
      <Scroll label={t('queue.preview')} className="pvb">
        <BigClock row={row} view={data} />
        <Trouble error={error} />
        {data ? <Facts view={data} /> : error ? null : <Skeleton rows={4} height={64} />}
      </Scroll>
      <div className="act">
        <Button look="primary" keys="Enter" grow onClick={onOpen}>
          {t('queue.open')}
        </Button>
      </div>
    </aside>
  )
}

function BigClock({ row, view }: { row: QueueItem; view?: CaseView }): JSX.Element | null {
  const { t } = useTranslation()
  const now = useNow()
  const deadline = view?.deadlines.find((it) => it.id === view.case.next_deadline?.id)
  if (!row.next_deadline_at || row.next_state !== 'running') {
    return row.next_state ? (
      <div className="big later">
        <Countdown at={row.next_deadline_at} state={row.next_state} />
        <span>{clockLabel(deadline ?? { clock: row.next_clock })}</span>
      </div>
    ) : null
  }
  const left = new Date(row.next_deadline_at).getTime() - now
  const size = bucket(row.next_deadline_at, now)
  return (
    <div className={`big ${size}`}>
      <div className="bigt num">{span(left)}</div>
      <div className="grow">
        <div className="m">
          {left <= 0 ? t('queue.past') : ''}
          {clockLabel(deadline ?? { clock: row.next_clock })}
          {t('queue.and_then', { what: word(left <= 0 ? 'past_zero' : 'at_zero', row.next_at_zero) })}
        </div>
        <div className="xs">
          {t('queue.due_at', { at: exact(row.next_deadline_at).slice(5, 16) })}
          {deadline?.source ? `·${word('source', deadline.source)}` : ''}
          {deadline?.rule ? ` ${deadline.rule}` : ''}
        </div>
      </div>
    </div>
  )
}

function Facts({ view }: { view: CaseView }): JSX.Element {
  const { t } = useTranslation()
  const { order, advice } = view
  const line = order?.lines[0]
  const last = view.timeline.findLast((entry) => entry.direction === 'in')
  const step = advice?.steps.find((it) => it.must && !it.done) ?? advice?.steps.find((it) => !it.done)
  const rung = advice?.ladder.find((it) => it.possible)
  return (
    <>
      {order && line ? (
        <div>
          <div className="row between start">
            <div className="grow">
              <div className="clip m">
                {line.title} {line.spec} ×{line.quantity}
              </div>
              <div className="xs q">
                {t('order.no')} <span className="num">{order.order_no}</span>
              </div>
              <div className="xs q">
                {word('order_state', order.state)} {order.signed_at ? t('order.signed', { at: when(order.signed_at) }) : ''}
              </div>
            </div>
            <b className="num lg">{yuan(order.paid_minor, order.currency)}</b>
          </div>
          <div className="led gap">
            <div>
              <span>{t('ledger.refunded')}</span>
              <b className="num">{amount(order.refunded_minor)}</b>
            </div>
            <div>
              <span>{t('ledger.paid_out')}</span>
              <b className="num">{amount(order.payout_minor)}</b>
            </div>
            <div>
              <span>{t('ledger.refundable')}</span>
              <b className="num">{amount(order.refundable_minor)}</b>
            </div>
          </div>
        </div>
      ) : null}
      {last ? (
        <div className="msg">
          <div className="xs q">
            {view.case.buyer_masked}·{word('channel', last.channel)} {when(last.at)}
          </div>
          <span className="four">{last.text}</span>
        </div>
      ) : null}
      {step || rung ? (
        <div className="nx">
          <div className="hd">{t('queue.next_step')}</div>
          <div className="b md">{both(step?.title ?? rung?.title)}</div>
          {step?.why ? <div className="xs q2">{both(step.why)}</div> : null}
          {!step && rung ? <BecauseLines lines={rung.because} /> : null}
        </div>
      ) : null}
      <div>
        <div className="hd xs q2">{t('queue.recent')}</div>
        <div className="tl">
          {view.timeline
            .filter((entry) => entry.kind !== 'contact')
            .slice(-5)
            .reverse()
            .map((entry, at) => (
              <div key={at}>
                <span className="num">{when(entry.at)}</span>
                <span>
                  {entry.actor ?? word('party', entry.actor_role)} {told(entry)}
                </span>
              </div>
            ))}
        </div>
      </div>
    </>
  )
}
