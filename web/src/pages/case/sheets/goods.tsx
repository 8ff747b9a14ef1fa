// Small forms about goods: returns, waybills, stock, shipping, intercept, freeze, order change, carrier claims. Owns their fields.
import { type JSX, useState } from 'react'
import { valueWord } from '@/api/catalogue'
import {
  agreeRequest,
  carrierClaim,
  freeze,
  intercept,
  orderChange,
  refuseRequest,
  reserve,
  settleClaim,
  ship,
  waybill,
} from '@/api/commands'
import type { Request } from '@/api/types'
import { useTranslation, word } from '@/i18n'
import { AreaField, Check, MoneyField, Segments, SelectField, TextField } from '@/parts/form'
import { Line } from '@/parts/Lines'
import { typedMinor } from '@/parts/money'
import { useWork } from '../work'
import { LinesPick, type Picked, pickedLines } from './LinesPick'
import { Reasons } from './Reasons'
import { Sheet } from './Sheet'

interface Props {
  onClose: () => void
}

export function AgreeReturnSheet({ request, onClose }: Props & { request: Request }): JSX.Element {
  const { t } = useTranslation()
  const [method, setMethod] = useState<'self_sent' | 'pickup' | 'none'>('self_sent')
  const [address, setAddress] = useState('')
  return (
    <Sheet
      title={t('action.agree_return')}
      note={t('sheet.agree.note')}
      command={agreeRequest(request.id)}
      submit={t('sheet.agree.submit')}
      body={() => ({ method, ...(address.trim() ? { address: address.trim() } : {}) })}
      onClose={onClose}
    >
      <div className="row">
        <b>{word('request_kind', request.kind)}</b> <span className="q">{valueWord('request.problem', request.reason)}</span>
      </div>
      <Segments
        label={t('sheet.agree.method')}
        value={method}
        onChange={setMethod}
        options={(['self_sent', 'pickup', 'none'] as const).map((it) => ({ value: it, label: word('method', it) }))}
      />
      <AreaField
        label={t('sheet.agree.address')}
        value={address}
        onChange={setAddress}
        rows={2}
        placeholder={t('sheet.agree.address_hint')}
      />
      <Line kind="time">{t('sheet.agree.and_then')}</Line>
    </Sheet>
  )
}

export function RefuseSheet({ request, onClose }: Props & { request: Request }): JSX.Element {
  const { t } = useTranslation()
  const { view } = useWork()
  const [reason, setReason] = useState('')
  const [proof, setProof] = useState('')
  return (
    <Sheet
      title={t('action.refuse_request')}
      note={t('sheet.refuse.note')}
      command={refuseRequest(request.id)}
      submit={t('sheet.refuse.submit')}
      body={() => (reason.trim() ? { reason: reason.trim(), ...(proof ? { proof } : {}) } : undefined)}
      onClose={onClose}
    >
      <Reasons onPick={setReason} />
      <AreaField label={t('sheet.reason')} value={reason} onChange={setReason} />
      <SelectField
        label={t('sheet.refuse.proof')}
        value={proof}
        onChange={setProof}
        empty={t('sheet.refuse.no_proof')}
        options={[
          ...view.evidence.map((it) => ({ value: it.id, label: `${word('evidence', it.kind)} ${it.name ?? ''}` })),
          ...view.inspections.map((it) => ({
            value: it.id,
            label: `${t('inspection.title')} ${it.video ? t('inspection.video') : ''}`,
          })),
        ]}
      />
    </Sheet>
  )
}

export function WaybillSheet({ onClose }: Props): JSX.Element {
  const { t } = useTranslation()
  const { view } = useWork()
  const [carrier, setCarrier] = useState('')
  const [number, setNumber] = useState('')
  const request = view.requests.find((it) => ['return_refund', 'exchange', 'repair'].includes(it.kind) && !it.ended_at)
  return (
    <Sheet
      title={t('action.waybill')}
      command={waybill}
      submit={t('sheet.save')}
      body={() =>
        carrier.trim() && number.trim()
          ? {
              carrier: carrier.trim(),
              waybill: number.trim(),
              ...(request ? { request_id: request.id, lines: request.lines } : {}),
            }
          : undefined
      }
      onClose={onClose}
    >
      <TextField label={t('sheet.carrier')} value={carrier} onChange={setCarrier} autoFocus list="carriers" />
      <Carriers />
      <TextField label={t('sheet.waybill')} value={number} onChange={setNumber} />
    </Sheet>
  )
}

export function Carriers(): JSX.Element {
  const { t } = useTranslation()
  return (
    <datalist id="carriers">
      {t('carriers')
        .split('、')
        .map((name) => (
          <option key={name} value={name} />
        ))}
    </datalist>
  )
}

export function ReserveSheet({ onClose }: Props): JSX.Element {
  const { t } = useTranslation()
  const { view } = useWork()
  const [sku, setSku] = useState(view.order?.lines[0]?.sku ?? '')
  const [quantity, setQuantity] = useState('1')
  const [hours, setHours] = useState('168')
  return (
    <Sheet
      title={t('action.reserve')}
      note={t('sheet.reserve.note')}
      command={reserve}
      submit={t('sheet.reserve.submit')}
      body={() =>
        sku.trim() && Number(quantity) > 0 && Number(hours) > 0
          ? { sku: sku.trim(), quantity: Number(quantity), until_h: Number(hours) }
          : undefined
      }
      onClose={onClose}
    >
      <TextField label={t('sheet.sku')} value={sku} onChange={setSku} list="skus" />
      <Skus />
      <div className="two">
        <TextField label={t('sheet.quantity')} value={quantity} onChange={setQuantity} inputMode="numeric" />
        <TextField label={t('sheet.reserve.hours')} value={hours} onChange={setHours} inputMode="numeric" />
      </div>
    </Sheet>
  )
}

function Skus(): JSX.Element {
  const { view } = useWork()
  return (
    <datalist id="skus">
      {view.order?.lines.map((line) => (
        <option key={line.line_no} value={line.sku}>
          {line.title} {line.spec}
        </option>
      ))}
    </datalist>
  )
}

export function ShipSheet({
  reservationId,
  sku: given,
  quantity: units,
  onClose,
}: Props & { reservationId?: string; sku?: string; quantity?: number }): JSX.Element {
  const { t } = useTranslation()
  const { view } = useWork()
  const wanted = view.requests.find((it) => ['exchange', 'reship'].includes(it.kind) && !it.ended_at)
  const [kind, setKind] = useState<'exchange' | 'reship' | 'part'>(
    wanted?.kind === 'exchange' ? 'exchange' : wanted?.kind === 'reship' ? 'reship' : 'part',
  )
  const [sku, setSku] = useState(given ?? view.order?.lines[0]?.sku ?? '')
  const [quantity, setQuantity] = useState(String(units ?? 1))
  const [carrier, setCarrier] = useState('')
  const [number, setNumber] = useState('')
  const [line, setLine] = useState(String(wanted?.lines[0]?.line_no ?? view.order?.lines[0]?.line_no ?? ''))
  return (
    <Sheet
      title={t('action.ship')}
      note={t('sheet.ship.note')}
      command={ship}
      submit={t('sheet.ship.submit')}
      body={() =>
        sku.trim() && Number(quantity) > 0 && carrier.trim() && number.trim()
          ? {
              kind,
              sku: sku.trim(),
              quantity: Number(quantity),
              carrier: carrier.trim(),
              waybill: number.trim(),
              ...(line ? { line_no: Number(line) } : {}),
              ...(reservationId ? { reservation_id: reservationId } : {}),
              ...(wanted && kind !== 'part' ? { request_id: wanted.id } : {}),
            }
          : undefined
      }
      onClose={onClose}
    >
      <Segments
        label={t('sheet.ship.kind')}
        value={kind}
        onChange={setKind}
        options={(['exchange', 'reship', 'part'] as const).map((it) => ({ value: it, label: word('ship', it) }))}
      />
      <div className="two">
        <TextField label={t('sheet.sku')} value={sku} onChange={setSku} list="skus" />
        <TextField label={t('sheet.quantity')} value={quantity} onChange={setQuantity} inputMode="numeric" />
      </div>
      <Skus />
      <SelectField
        label={t('sheet.ship.line')}
        value={line}
        onChange={setLine}
        empty="—"
        options={(view.order?.lines ?? []).map((it) => ({ value: String(it.line_no), label: `${it.title} ${it.spec}` }))}
      />
      <div className="two">
        <TextField label={t('sheet.carrier')} value={carrier} onChange={setCarrier} list="carriers" />
        <TextField label={t('sheet.waybill')} value={number} onChange={setNumber} />
      </div>
      <Carriers />
    </Sheet>
  )
}

export function InterceptSheet({ onClose }: Props): JSX.Element {
  const { t } = useTranslation()
  const { view } = useWork()
  const out = view.parcels.filter((it) => it.direction === 'out')
  const [parcel, setParcel] = useState(out.at(-1)?.id ?? '')
  return (
    <Sheet
      title={t('action.intercept')}
      note={t('sheet.intercept.note')}
      command={intercept}
      submit={t('sheet.intercept.submit')}
      body={() => (parcel ? { parcel_id: parcel } : {})}
      onClose={onClose}
    >
      <SelectField
        label={t('parcel.title')}
        value={parcel}
        onChange={setParcel}
        empty="—"
        options={out.map((it) => ({ value: it.id, label: `${word('carrier', it.carrier)} ${it.waybill}` }))}
      />
    </Sheet>
  )
}

export function FreezeSheet({ onClose }: Props): JSX.Element {
  const { t } = useTranslation()
  const { view } = useWork()
  const asked = view.requests.find((it) => !it.ended_at)?.lines ?? []
  const [picked, setPicked] = useState<Picked>(
    Object.fromEntries((asked.length ? asked : (view.order?.lines ?? [])).map((it) => [it.line_no, it.quantity])),
  )
  return (
    <Sheet
      title={t('action.freeze_shipment')}
      note={t('sheet.freeze.note')}
      command={freeze}
      submit={t('sheet.freeze.submit')}
      body={() => ({ line_nos: pickedLines(picked).map((it) => it.line_no) })}
      onClose={onClose}
    >
      {view.order ? <LinesPick lines={view.order.lines} picked={picked} onChange={setPicked} /> : null}
    </Sheet>
  )
}

export function OrderChangeSheet({ onClose }: Props): JSX.Element {
  const { t } = useTranslation()
  const [kind, setKind] = useState('address')
  const [text, setText] = useState('')
  return (
    <Sheet
      title={t('action.change_order')}
      note={t('sheet.change.note')}
      command={orderChange}
      submit={t('sheet.save')}
      body={() => (text.trim() ? { kind, text: text.trim() } : undefined)}
      onClose={onClose}
    >
      <SelectField
        label={t('sheet.change.kind')}
        value={kind}
        onChange={setKind}
        options={['address', 'recipient', 'spec', 'remark'].map((it) => ({ value: it, label: word('order_change', it) }))}
      />
      <AreaField label={t('sheet.change.text')} value={text} onChange={setText} />
    </Sheet>
  )
}

export function CarrierClaimSheet({ onClose }: Props): JSX.Element {
  const { t } = useTranslation()
  const { view } = useWork()
  const [parcel, setParcel] = useState(view.parcels.at(0)?.id ?? '')
  const [money, setMoney] = useState('')
  const minor = typedMinor(money)
  return (
    <Sheet
      title={t('action.claim_carrier')}
      note={t('sheet.claim.note')}
      command={carrierClaim}
      submit={t('sheet.claim.submit')}
      body={() => (minor ? { amount_minor: minor, ...(parcel ? { parcel_id: parcel } : {}) } : undefined)}
      onClose={onClose}
    >
      <SelectField
        label={t('parcel.title')}
        value={parcel}
        onChange={setParcel}
        empty="—"
        options={view.parcels.map((it) => ({
          value: it.id,
          label: `${word('direction', it.direction)} ${word('carrier', it.carrier)} ${it.waybill}`,
        }))}
      />
      <MoneyField label={t('sheet.amount')} value={money} onChange={setMoney} autoFocus />
    </Sheet>
  )
}

export function SettleClaimSheet({ claimId, onClose }: Props & { claimId: string }): JSX.Element {
  const { t } = useTranslation()
  const [money, setMoney] = useState('')
  const [nothing, setNothing] = useState(false)
  const minor = nothing ? 0 : typedMinor(money)
  return (
    <Sheet
      title={t('claim.settle')}
      command={settleClaim(claimId)}
      submit={t('sheet.save')}
      body={() => (minor !== undefined ? { paid_minor: minor } : undefined)}
      onClose={onClose}
    >
      <MoneyField label={t('claim.paid_label')} value={nothing ? '0.00' : money} onChange={setMoney} />
      <Check checked={nothing} onChange={setNothing}>
        {t('claim.refused')}
      </Check>
    </Sheet>
  )
}
