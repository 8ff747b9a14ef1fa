// An offer to the buyer: what, why, by when, what the buyer must do, what follows. Owns drafting and sending with its five parts.
import { type JSX, useState } from 'react'
import type { Rung } from '@/api/advice'
import { deskNow } from '@/api/client'
import { offer, sendOffer } from '@/api/commands'
import { both, useTranslation, word } from '@/i18n'
import { AreaField, MoneyField, SelectField, TextField } from '@/parts/form'
import { BecauseLines, Line } from '@/parts/Lines'
import { amount, typed, typedMinor, yuan } from '@/parts/money'
import { fromLocal, toLocal, when } from '@/parts/time'
import { CapBar } from '../Ladder'
import { type SheetName, useWork } from '../work'
import { fromLines, LinesPick, type Picked, pickedLines } from './LinesPick'
import { Sheet } from './Sheet'

const REMEDIES = [
  'refund',
  'return_refund',
  'exchange',
  'reship',
  'compensation',
  'freight_reimbursement',
  'repair',
  'onsite_visit',
  'intercept',
  'order_change',
  'explanation',
]
const MEANS = ['coupon', 'points', 'level', 'red_packet', 'gift', 'small_payment', 'cash']
const PAYS = ['refund', 'return_refund', 'compensation', 'freight_reimbursement']

export function OfferSheet({ rung, onClose }: { rung?: Rung; onClose: () => void }): JSX.Element {
  const { t } = useTranslation()
  const { view, open } = useWork()
  const order = view.order
  const first = Array.isArray(rung?.means) ? rung?.means[0] : rung?.means
  const [remedy, setRemedy] = useState(rung?.remedy ?? 'compensation')
  const [means, setMeans] = useState(first ?? '')
  const [money, setMoney] = useState(typed(rung?.amount_minor))
  const [picked, setPicked] = useState<Picked>(() => {
    const asked = view.requests.at(-1)?.lines ?? []
    if (asked.length) return fromLines(asked)
    return order?.lines[0] ? { [order.lines[0].line_no]: 1 } : {}
  })
  const [what, setWhat] = useState(both(rung?.what) || both(rung?.title))
  const [why, setWhy] = useState(both(rung?.why))
  const [byWhen, setByWhen] = useState(toLocal(deskNow() + (rung?.promise?.within_h ?? rung?.takes_h ?? 24) * 3_600_000))
  const [must, setMust] = useState(both(rung?.buyer_must) || t('sheet.offer.nothing'))
  const [follows, setFollows] = useState(both(rung?.follows))
  const minor = typedMinor(money)
  const pays = PAYS.includes(remedy)
  // The playbook's words leave room for an amount that only the agent knows.
  const filled = (text: string) =>
    minor ? text.replaceAll('{offer.amount}', t('sheet.offer.money', { amount: amount(minor) })) : text
  const parts = {
    what: filled(what).trim(),
    why: filled(why).trim(),
    buyer_must: filled(must).trim(),
    follows: filled(follows).trim(),
  }
  const complete =
    Object.values(parts).every(Boolean) && byWhen !== '' && (!pays || minor !== undefined || rung?.amount_minor == null)

  return (
    <Sheet
      title={rung ? t('sheet.offer.title_rung', { title: both(rung.title) }) : t('sheet.offer.title')}
      note={t('sheet.offer.note')}
      command={offer}
      submit={rung?.needs_approval ? t('sheet.offer.submit_approval') : t('sheet.offer.submit')}
      body={() =>
        complete
          ? {
              ...(rung ? { rung: rung.rung } : {}),
              remedy,
              ...(means ? { means } : {}),
              ...(pays && minor !== undefined ? { amount_minor: minor } : {}),
              lines: pickedLines(picked),
              ...parts,
              by_when: fromLocal(byWhen),
              ...(rung?.promise
                ? {
                    promise: {
                      team: rung.promise.team,
                      within_h: rung.promise.within_h,
                      text: filled(both(rung.promise.text)) || parts.what,
                    },
                  }
                : {}),
            }
          : undefined
      }
      onDone={(answer) => {
        const made = answer.result as { offer_id?: string; state?: string }
        if (!made.offer_id) return
        const next: SheetName =
          made.state === 'ready'
            ? { name: 'send_offer', offerId: made.offer_id }
            : { name: 'approval', subject: 'offer', subjectId: made.offer_id, amountMinor: minor ?? rung?.amount_minor ?? 0 }
        // After this sheet has closed.
        setTimeout(() => open(next))
      }}
      onClose={onClose}
    >
      {rung ? <BecauseLines lines={rung.because} /> : null}
      <div className="two">
        {rung ? null : (
          <SelectField
            label={t('sheet.offer.remedy')}
            value={remedy}
            onChange={setRemedy}
            options={REMEDIES.map((it) => ({ value: it, label: word('remedy', it) }))}
          />
        )}
        {remedy === 'compensation' ? (
          <SelectField
            label={t('sheet.payout.means')}
            value={means}
            onChange={setMeans}
            empty="—"
            options={MEANS.map((it) => ({ value: it, label: word('means', it) }))}
          />
        ) : null}
        {pays ? <MoneyField label={t('sheet.amount')} value={money} onChange={setMoney} autoFocus={rung !== undefined} /> : null}
      </div>
      {rung?.cap_minor ? <CapBar rung={rung} minor={minor} /> : null}
      {rung?.limit_minor ? <Line kind="note">{t('sheet.offer.limit', { amount: amount(rung.limit_minor) })}</Line> : null}
      {order && ['refund', 'return_refund', 'exchange', 'reship', 'repair'].includes(remedy) ? (
        <LinesPick lines={order.lines} picked={picked} onChange={setPicked} />
      ) : null}
      <AreaField label={t('sheet.offer.what')} value={filled(what)} onChange={setWhat} rows={2} />
      <AreaField label={t('sheet.offer.why')} value={filled(why)} onChange={setWhy} rows={2} />
      <div className="two">
        <TextField
          label={t('sheet.offer.by_when')}
          type="datetime-local"
          value={byWhen}
          onChange={setByWhen}
          hint={t('sheet.offer.by_when_hint')}
        />
        <TextField label={t('sheet.offer.buyer_must')} value={filled(must)} onChange={setMust} />
      </div>
      <AreaField label={t('sheet.offer.follows')} value={filled(follows)} onChange={setFollows} rows={2} />
      {rung?.promise ? (
        <Line kind="time">
          {t('ladder.promise', {
            team: word('team', rung.promise.team),
            hours: rung.promise.within_h,
            text: both(rung.promise.text),
          })}
        </Line>
      ) : null}
    </Sheet>
  )
}

export function SendOfferSheet({ offerId, onClose }: { offerId: string; onClose: () => void }): JSX.Element | null {
  const { t } = useTranslation()
  const { view } = useWork()
  const [hours, setHours] = useState('48')
  const it = view.sent_offers.find((one) => one.id === offerId)
  if (!it) return null
  const approval = view.approvals.find((one) => one.subject_id === it.id && one.state === 'approved')
  const text = it.text ?? ''
  return (
    <Sheet
      title={t('sheet.send.title')}
      note={t('sheet.send.note')}
      command={sendOffer(it.id)}
      submit={t('sheet.send.submit')}
      body={() => (Number(hours) > 0 ? { valid_for_h: Number(hours) } : undefined)}
      onDone={() => void navigator.clipboard?.writeText(text).catch(() => {})}
      onClose={onClose}
    >
      <div className="row">
        <b>{word('remedy', it.remedy)}</b>
        {it.amount_minor ? <b className="num lg">{yuan(it.amount_minor)}</b> : null}
      </div>
      {approval ? (
        <Line kind="yes">
          {t('sheet.send.approved', {
            who: approval.decided_by,
            at: when(approval.decided_at),
            amount: yuan(approval.amount_minor),
            version: approval.asked_on_version ?? approval.case_version,
          })}
        </Line>
      ) : null}
      <div className="fd">
        <span className="xs q2">{t('sheet.send.text')}</span>
        <div className="txt pre">{text}</div>
      </div>
      <TextField label={t('sheet.send.valid')} value={hours} onChange={setHours} inputMode="numeric" />
    </Sheet>
  )
}
