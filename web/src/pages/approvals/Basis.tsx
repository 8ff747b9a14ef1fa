// What a decision rests on: the reason given, the rules line by line, the ledger, the last words, the evidence. Owns a reading view.
import type { JSX } from 'react'
import { valueWord } from '@/api/catalogue'
import { href } from '@/api/client'
import type { Approval, OfCase, Offer } from '@/api/types'
import { casePath } from '@/api/useCommand'
import type { CaseView } from '@/api/view'
import { useTranslation, word } from '@/i18n'
import { BecauseLines, Line } from '@/parts/Lines'
import { amount } from '@/parts/money'
import { when } from '@/parts/time'
import { above } from '../case/ApprovalRow'
import { EvidenceChip } from '../case/Conversation'

export function Basis({ row, view, offer }: { row: Approval & OfCase; view: CaseView; offer?: Offer }): JSX.Element {
  const { t } = useTranslation()
  const rung = view.advice?.ladder.find((it) => it.rung === offer?.rung)
  const { order } = view
  const last = view.timeline.findLast((entry) => entry.direction === 'in')
  const cap = offer?.cap_minor ?? rung?.cap_minor
  const text = offer?.text
  return (
    <div className="g2">
      <section>
        <h3>{t('approval.reason')}</h3>
        <p className="why2">
          {row.note || t('approval.no_reason')}
          <span className="q xs nw">
            {' '}
            {row.asked_by} {when(row.asked_at)}
          </span>
        </p>
        <h3>{t('approval.rules')}</h3>
        {row.why.length ? <Line kind="no">{above(row.why)}</Line> : null}
        {view.case.cause ? (
          <Line kind="yes">
            {valueWord('diagnosis.cause', view.case.cause)}·{valueWord('diagnosis.party', view.case.party)}
          </Line>
        ) : (
          <Line kind="unknown">{t('approval.no_diagnosis')}</Line>
        )}
        {rung ? <BecauseLines lines={rung.because} /> : null}
        {cap ? (
          <Line kind={row.amount_minor <= cap ? 'yes' : 'no'}>
            {t(row.amount_minor <= cap ? 'approval.within_cap' : 'approval.over_cap', {
              amount: amount(row.amount_minor),
              cap: amount(cap),
            })}
          </Line>
        ) : null}
        <Line kind={order?.payout_minor ? 'note' : 'yes'}>{t('approval.earlier', { amount: amount(order?.payout_minor) })}</Line>
        <h3>{t('approval.after')}</h3>
        <Line kind="time">
          {t('approval.binds_long', { amount: amount(row.amount_minor), version: row.asked_on_version ?? row.case_version })}
        </Line>
        {rung?.promise ? (
          <Line kind="time">
            {t('approval.then_promise', { team: word('team', rung.promise.team), hours: rung.promise.within_h })}
          </Line>
        ) : null}
        {text ? (
          <>
            <h3>{t('approval.text')}</h3>
            <div className="txt pre">{text}</div>
          </>
        ) : null}
      </section>
      <section>
        <h3>{t('approval.ledger')}</h3>
        <div className="led">
          <div>
            <span>{t('ledger.refunded')}</span>
            <b className="num">{amount(order?.refunded_minor)}</b>
          </div>
          <div>
            <span>{t('ledger.paid_out')}</span>
            <b className="num">{amount(order?.payout_minor)}</b>
          </div>
          <div>
            <span>{t('ledger.refundable')}</span>
            <b className="num">{amount(order?.refundable_minor)}</b>
          </div>
        </div>
        {view.buyer ? (
          <>
            <h3>{t('buyer.title')}</h3>
            <dl className="kv">
              <dt>{t('buyer.orders')}</dt>
              <dd className="num">{view.buyer.orders}</dd>
              <dt>{t('buyer.cases')}</dt>
              <dd className="num">{view.buyer.cases}</dd>
            </dl>
          </>
        ) : null}
        {rung?.asked ? (
          <>
            <h3>{t('approval.similar', { count: rung.asked })}</h3>
            <div className="num">
              <b>
                {rung.accepted}/{rung.asked}
              </b>{' '}
              {t('ladder.accepted')}
            </div>
          </>
        ) : null}
      </section>
      <section>
        <h3>{t('approval.evidence')}</h3>
        {view.evidence.slice(-2).map((item) => (
          <EvidenceChip
            key={item.id}
            item={item}
            link={href(casePath({ shop: row.shop, id: row.case_id }, `evidence/${item.id}`))}
          />
        ))}
        {last ? (
          <>
            <div className="bub">{last.text}</div>
            <div className="xs q">
              {view.case.buyer_masked}·{word('channel', last.channel)} {when(last.at)}
            </div>
          </>
        ) : null}
      </section>
    </div>
  )
}
