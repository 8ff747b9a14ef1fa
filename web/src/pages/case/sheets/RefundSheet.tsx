// Giving money back: lines, freight, the amount with its components before anything moves. Owns the form; the amount is the desk's.
import { useQuery } from '@tanstack/react-query'
import { type JSX, useState } from 'react'
import { valueWord } from '@/api/catalogue'
import { post } from '@/api/client'
import { type RefundLine, refund } from '@/api/commands'
import type { LineQuantity, Request } from '@/api/types'
import { casePath } from '@/api/useCommand'
import { type Both, both, useTranslation, word } from '@/i18n'
import { Button, Check, MoneyField, TextField } from '@/parts/form'
import { Line } from '@/parts/Lines'
import { amount, typed, typedMinor, yuan } from '@/parts/money'
import { Trouble } from '@/parts/Trouble'
import { when } from '@/parts/time'
import { granted, useWork } from '../work'
import { everything, fromLines, LinesPick, type Picked, pickedLines } from './LinesPick'
import { Sheet } from './Sheet'

export interface RefundPreview {
  amount_minor: number
  components: {
    what: string
    line_no?: number | null
    amount_minor: number
    rule?: Both
    rule_version?: number | string | null
  }[]
  payouts_minor: number
  refundable_minor: number
  needs_approval?: boolean | null
}

export function RefundSheet({
  request,
  offerId,
  approvalId,
  amountMinor,
  offered,
  ask = false,
  onClose,
}: {
  /** Shows what moves for the second press as soon as it is known. */
  ask?: boolean
  request?: Request
  offerId?: string
  approvalId?: string
  amountMinor?: number
  offered?: LineQuantity[]
  onClose: () => void
}): JSX.Element {
  const { t } = useTranslation()
  const { at, view, open } = useWork()
  const { order } = view
  const fixed = amountMinor ?? request?.amount_minor ?? undefined
  const [picked, setPicked] = useState<Picked>(() => {
    const lines = offered?.length ? offered : (request?.lines ?? [])
    return lines.length ? fromLines(lines) : everything(order)
  })
  const [part, setPart] = useState(fixed !== undefined ? typed(fixed) : '')
  const [freight, setFreight] = useState('')
  const [reason, setReason] = useState(valueWord('request.problem', request?.reason))
  const [paidOutSeen, setPaidOutSeen] = useState(false)
  const [early, setEarly] = useState(false)
  const [keeps, setKeeps] = useState(request?.kind !== 'return_refund' && request?.kind !== 'exchange')

  const partMinor = typedMinor(part)
  // A difference or a compensation is never the whole price: nothing is proposed before an amount is given.
  const whole = fixed !== undefined || !PARTIAL.has(request?.kind ?? '')
  const shares = partMinor === undefined && !whole ? [] : spread(pickedLines(picked), partMinor, order?.lines ?? [])
  // A part of the price while the buyer keeps the goods makes no unit good.
  const lines = partMinor !== undefined && keeps ? shares.map((line) => ({ ...line, quantity: 0 })) : shares
  const freightMinor = typedMinor(freight)
  const asked = {
    lines,
    ...(freightMinor !== undefined ? { freight_minor: freightMinor } : {}),
    ...(request ? { request_id: request.id } : {}),
  }
  const something = lines.length > 0 || (freightMinor ?? 0) > 0
  const preview = useQuery({
    queryKey: ['refund-preview', at.id, view.case.version, asked],
    queryFn: () => post<RefundPreview>(casePath(at, 'refunds/preview'), asked),
    enabled: something,
    retry: false,
    gcTime: 0,
  })
  const seen = preview.data
  const yes = granted(view, 'refund', seen?.amount_minor)
  const approval = approvalId ?? (seen?.needs_approval ? yes?.id : undefined)
  const goodsOut =
    request?.kind === 'return_refund' && !view.parcels.some((it) => it.direction === 'in' && (it.scanned_at || it.inspected_at))

  return (
    <Sheet
      title={t('sheet.refund.title')}
      ask={ask}
      command={refund}
      submit={t('sheet.refund.submit')}
      body={() =>
        seen && !preview.isFetching && reason.trim() && (seen.payouts_minor === 0 || paidOutSeen)
          ? {
              ...asked,
              reason: reason.trim(),
              confirm_payouts_seen: paidOutSeen,
              ...(offerId ? { offer_id: offerId } : {}),
              ...(approval ? { approval_id: approval } : {}),
              ...(early ? { before_return: true } : {}),
            }
          : undefined
      }
      money={{
        minor: seen?.amount_minor ?? 0,
        to: view.case.buyer_masked,
        checks: (
          <>
            <Line kind="yes">
              {t('sheet.refund.after', {
                refunded: amount(order?.refunded_minor),
                rest: amount((seen?.refundable_minor ?? 0) - (seen?.amount_minor ?? 0)),
              })}
            </Line>
            <Line kind={seen?.payouts_minor ? 'note' : 'yes'}>
              {t('sheet.refund.payouts', { amount: amount(seen?.payouts_minor) })}
            </Line>
          </>
        ),
      }}
      onClose={onClose}
    >
      <LinesPick
        lines={order?.lines ?? []}
        picked={picked}
        onChange={setPicked}
        most={(line) => line.quantity - line.refunded_units}
      />
      <div className="two">
        <MoneyField
          label={t('sheet.refund.part')}
          value={part}
          onChange={setPart}
          hint={t(whole ? 'sheet.refund.part_hint' : 'sheet.refund.part_needed')}
        />
        <MoneyField
          label={t('sheet.refund.freight')}
          value={freight}
          onChange={setFreight}
          hint={t('sheet.refund.freight_hint', { amount: amount(order?.freight_minor) })}
        />
      </div>
      {partMinor !== undefined ? (
        <Check checked={keeps} onChange={setKeeps}>
          {t('sheet.refund.keeps')}
        </Check>
      ) : null}
      <TextField label={t('sheet.reason')} value={reason} onChange={setReason} required />
      <Trouble error={preview.error} />
      {seen ? (
        <section className="card comp" aria-label={t('sheet.refund.components')}>
          <div className="row between">
            <b>{t('sheet.refund.components')}</b>
            <b className="num lg">{yuan(seen.amount_minor)}</b>
          </div>
          {seen.components.map((it, n) => (
            <div key={n} className="row between xs q2">
              <span>
                {word('component', it.what)}
                {it.line_no ? ` ${order?.lines.find((line) => line.line_no === it.line_no)?.title ?? it.line_no}` : ''}
                {it.rule ? (
                  <span className="q">{`·${word('rule', both(it.rule))}${it.rule_version ? ` v${it.rule_version}` : ''}`}</span>
                ) : null}
              </span>
              <span className="num">{amount(it.amount_minor)}</span>
            </div>
          ))}
        </section>
      ) : null}
      {seen?.payouts_minor ? (
        <Check checked={paidOutSeen} onChange={setPaidOutSeen}>
          {t('sheet.refund.seen', { amount: yuan(seen.payouts_minor) })}
        </Check>
      ) : null}
      {goodsOut ? (
        <Check checked={early} onChange={setEarly}>
          {t('sheet.refund.early')}
        </Check>
      ) : null}
      {yes && approval ? (
        <Line kind="yes">{t('approval.decided', { who: yes.decided_by, at: when(yes.decided_at) })}</Line>
      ) : null}
      {seen?.needs_approval && !approval ? (
        <div className="row between">
          <Line kind="note">{t('sheet.refund.needs_approval')}</Line>
          <Button small onClick={() => open({ name: 'approval', subject: 'refund', amountMinor: seen.amount_minor })}>
            {t('action.approval')}
          </Button>
        </div>
      ) : null}
    </Sheet>
  )
}

/** What is asked for with these is a part of the price, and the buyer keeps the goods. */
const PARTIAL = new Set(['price_difference', 'compensation', 'freight'])

/** A part of the price over the chosen lines by what was paid for each; the last takes the remainder. */
export function spread(
  lines: LineQuantity[],
  part: number | undefined,
  known: { line_no: number; paid_minor: number; refundable_minor: number }[],
): RefundLine[] {
  if (part === undefined || lines.length === 0) return lines
  const paid = (line: LineQuantity) => known.find((one) => one.line_no === line.line_no)?.paid_minor ?? 0
  const whole = lines.reduce((sum, line) => sum + paid(line), 0)
  let left = part
  return lines.map((line, at) => {
    const share = at === lines.length - 1 ? left : whole ? Math.floor((part * paid(line)) / whole) : 0
    left -= share
    return { ...line, amount_minor: share }
  })
}
