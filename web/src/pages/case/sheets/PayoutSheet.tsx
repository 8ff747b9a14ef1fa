// Money beside the price: coupon, red packet, small payment, cash by finance. Owns the form with cap and authority on one bar.
import { type JSX, useState } from 'react'
import type { Rung } from '@/api/advice'
import { payout } from '@/api/commands'
import { useTranslation, word } from '@/i18n'
import { Button, Check, MoneyField, Segments, SelectField, TextField } from '@/parts/form'
import { Line } from '@/parts/Lines'
import { amount, typed, typedMinor } from '@/parts/money'
import { when } from '@/parts/time'
import { CapBar, spending } from '../Ladder'
import { granted, useWork } from '../work'
import { Sheet } from './Sheet'

const MEANS = ['coupon', 'points', 'level', 'red_packet', 'gift', 'small_payment', 'cash']
const REASONS = ['freight', 'difference', 'defect', 'goodwill', 'other'] as const
const QUICK = [500, 1000, 2000, 3000, 5000]

export function PayoutSheet({
  rung,
  approvalId,
  amountMinor,
  means: given,
  onClose,
}: {
  rung?: Rung
  approvalId?: string
  amountMinor?: number
  means?: string
  onClose: () => void
}): JSX.Element {
  const { t } = useTranslation()
  const { view, me, open } = useWork()
  const suggested = rung ?? view.advice?.ladder.find((it) => it.remedy === 'compensation' && it.possible !== false)
  const first = Array.isArray(suggested?.means) ? suggested?.means[0] : suggested?.means
  const [means, setMeans] = useState(given ?? first ?? 'coupon')
  const [text, setText] = useState(typed(amountMinor ?? suggested?.amount_minor))
  const [reason, setReason] = useState<(typeof REASONS)[number]>('goodwill')
  const [note, setNote] = useState('')
  const [payer, setPayer] = useState<'platform' | 'finance'>(means === 'cash' ? 'finance' : 'platform')
  const [bearer, setBearer] = useState('shop')
  const [hours, setHours] = useState('24')
  const [apart, setApart] = useState(false)
  const minor = typedMinor(text)
  const own = me.authority.find((it) => it.kind === spending('compensation', means))?.per_case_minor ?? 0
  const over = minor !== undefined && minor > own
  const yes = granted(view, 'payout', minor)
  // What was promised in words about this amount is kept by this payment, unless somebody says that it is about something else.
  const words = view.promises.find(
    (it) => !it.ended_at && !it.effect_id && minor !== undefined && (it.amount_minor ?? minor) === minor,
  )
  const keeps = apart ? undefined : words
  const approval = approvalId ?? (over ? yes?.id : undefined)

  return (
    <Sheet
      title={t('sheet.payout.title')}
      note={t('sheet.payout.note')}
      command={payout}
      submit={t('sheet.payout.submit')}
      body={() =>
        minor
          ? {
              means,
              amount_minor: minor,
              reason: note.trim() || t(`sheet.payout.reason_${reason}`),
              payer,
              bearer,
              ...(approval ? { approval_id: approval } : {}),
              ...(keeps ? { promise_id: keeps.id } : {}),
              ...(payer === 'finance' ? { due_in_h: Number(hours) || 24 } : {}),
            }
          : undefined
      }
      money={{
        minor: minor ?? 0,
        to: view.case.buyer_masked,
        checks: (
          <>
            <Line kind={view.order?.payout_minor ? 'note' : 'yes'}>
              {t('sheet.payout.before', { amount: amount(view.order?.payout_minor) })}
            </Line>
            {yes && approval ? (
              <Line kind="yes">{t('approval.decided', { who: yes.decided_by, at: when(yes.decided_at) })}</Line>
            ) : (
              <Line kind={over ? 'note' : 'yes'}>
                {t(over ? 'sheet.payout.over' : 'sheet.payout.within', { own: amount(own) })}
              </Line>
            )}
            {keeps ? <Line kind="yes">{t('sheet.payout.keeps', { text: keeps.text ?? '', at: when(keeps.due_at) })}</Line> : null}
            {payer === 'finance' ? <Line kind="time">{t('sheet.payout.by_finance', { hours })}</Line> : null}
          </>
        ),
      }}
      onClose={onClose}
    >
      <div className="two">
        <SelectField
          label={t('sheet.payout.means')}
          value={means}
          onChange={setMeans}
          options={MEANS.map((it) => ({ value: it, label: word('means', it) }))}
        />
        <MoneyField label={t('sheet.amount')} value={text} onChange={setText} autoFocus />
      </div>
      <div className="row wrap">
        {QUICK.map((quick) => (
          <Button key={quick} small onClick={() => setText(typed(quick))}>
            {amount(quick)}
          </Button>
        ))}
      </div>
      {suggested ? <CapBar rung={suggested} minor={minor} /> : null}
      <Segments
        label={t('sheet.reason')}
        value={reason}
        options={REASONS.map((value) => ({ value, label: t(`sheet.payout.reason_${value}`) }))}
        onChange={setReason}
      />
      <TextField label={t('sheet.payout.words')} value={note} onChange={setNote} />
      <div className="two">
        <SelectField
          label={t('sheet.payout.payer')}
          value={payer}
          onChange={(value) => setPayer(value === 'finance' ? 'finance' : 'platform')}
          options={(['platform', 'finance'] as const).map((it) => ({ value: it, label: word('payer', it) }))}
        />
        <SelectField
          label={t('sheet.payout.bearer')}
          value={bearer}
          onChange={setBearer}
          options={['shop', 'warehouse', 'carrier', 'supplier'].map((it) => ({ value: it, label: word('bearer', it) }))}
        />
      </div>
      {payer === 'finance' ? (
        <TextField
          label={t('sheet.payout.due')}
          value={hours}
          onChange={setHours}
          inputMode="numeric"
          hint={t('sheet.payout.due_hint')}
        />
      ) : null}
      {words ? (
        <Check checked={!apart} onChange={(on) => setApart(!on)}>
          {t('sheet.payout.keeps', { text: words.text ?? '', at: when(words.due_at) })}
        </Check>
      ) : null}
      {over && !approval ? (
        <div className="row between">
          <Line kind="note">{t('sheet.payout.over', { own: amount(own) })}</Line>
          <Button small onClick={() => open({ name: 'approval', subject: 'payout', amountMinor: minor, means })}>
            {t('action.approval')}
          </Button>
        </div>
      ) : null}
    </Sheet>
  )
}
