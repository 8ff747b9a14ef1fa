// The order beside the case: goods, ledger, parcels, buyer, flag and remarks. Owns reading it; revealing asks for a reason.
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type JSX, useState } from 'react'
import { parcelWord, valueWord } from '@/api/catalogue'
import { FLAGS, flag, remark } from '@/api/commands'
import type { Order, Parcel } from '@/api/types'
import { useKeys } from '@/app/keys'
import { useTranslation, word } from '@/i18n'
import { Button } from '@/parts/form'
import { Icon } from '@/parts/Icon'
import { StateMark } from '@/parts/marks'
import { amount, yuan } from '@/parts/money'
import { Copy } from '@/parts/Trouble'
import { when } from '@/parts/time'
import { PersonPart } from '../door/PersonPart'
import { Reveal } from './Reveal'
import { Similar } from './Similar'
import { useWork } from './work'

export function OrderPanel({ shown, onHide, onShow }: { shown: boolean; onHide: () => void; onShow: () => void }): JSX.Element {
  const { t } = useTranslation()
  const { view, at } = useWork()
  if (!shown) {
    return (
      <aside className="od folded">
        <Button small look="ghost" onClick={onShow} keys=".">
          {t('order.title')}
        </Button>
      </aside>
    )
  }
  const { order } = view
  return (
    <aside className="od col" aria-label={t('order.panel')}>
      <div className="scroll">
        <div className="os">
          <div className="row between">
            <b>{t('order.title')}</b>
            <Button small look="ghost" keys="." onClick={onHide}>
              {t('order.fold')}
            </Button>
          </div>
          {order ? <Goods order={order} shop={at.shop} /> : <div className="xs q">{t('order.none')}</div>}
        </div>
        {order ? (
          <div className="os">
            <Ledger order={order} />
          </div>
        ) : null}
        <Parcels parcels={view.parcels} />
        <BuyerPart />
        {order ? <FlagsAndRemarks /> : null}
        {view.links?.length ? (
          <div className="os">
            <b>{t('order.linked')}</b>
            {view.links.map((link) => (
              <div key={link.case_id} className="row between xs">
                <Link to="/cases/$shop/$id" params={{ shop: at.shop, id: link.case_id }}>
                  {link.case_no} {link.title}
                </Link>
                <span className="q">{word('link', link.kind)}</span>
              </div>
            ))}
          </div>
        ) : null}
        <Similar />
      </div>
    </aside>
  )
}

function Goods({ order, shop }: { order: Order; shop: string }): JSX.Element {
  const { t } = useTranslation()
  return (
    <>
      <div className="row between">
        <Copy text={order.order_no} />
        <Link className="xs nw" to="/orders/$shop/$order" params={{ shop, order: order.order_no }}>
          {t('order.whole')}
        </Link>
      </div>
      <div className="xs q">
        {[
          word('order_state', order.state),
          order.paid_at ? t('order.paid_at', { at: when(order.paid_at) }) : '',
          order.bulky ? t('order.bulky') : '',
        ]
          .filter(Boolean)
          .join('·')}
      </div>
      {order.lines.map((line) => (
        <div key={line.line_no} className="gl">
          <span className="thumb letter" aria-hidden="true">
            {valueWord('line.category', line.category).slice(0, 1)}
          </span>
          <div className="grow">
            <div className="m clip" title={line.title}>
              {line.title}
            </div>
            <div className="xs q">
              {line.spec} ×{line.quantity}
              {line.requested ? `·${t('order.requested', { count: line.requested })}` : ''}
              {line.received ? `·${t('order.received', { count: line.received })}` : ''}
              {line.made_good ? `·${t('order.made_good', { count: line.made_good })}` : ''}
            </div>
          </div>
          <b className="num">{amount(line.paid_minor)}</b>
        </div>
      ))}
      <div className="sum xs">
        <span>{t('order.list')}</span>
        <span className="num">{amount(order.goods_minor + order.discount_minor)}</span>
        <span>{t('order.discount')}</span>
        <span className="num">−{amount(order.discount_minor)}</span>
        <span>{t('order.freight')}</span>
        <span className="num">{amount(order.freight_minor)}</span>
        <span className="m">{t('order.paid')}</span>
        <span className="num b">{amount(order.paid_minor)}</span>
      </div>
    </>
  )
}

export function Ledger({ order }: { order: Order }): JSX.Element {
  const { t } = useTranslation()
  return (
    <>
      <div className="row between">
        <b>{t('ledger.title')}</b>
        <span className="xs q">{t('ledger.note')}</span>
      </div>
      <div className="ledg">
        <div className="row between">
          <span>{t('ledger.refunded')}</span>
          <span className="num">
            <b>{amount(order.refunded_minor)}</b> <span className="q">/ {amount(order.paid_minor)}</span>
          </span>
        </div>
        {order.in_flight_minor ? (
          <div className="row between xs warn">
            <span>{t('ledger.in_flight')}</span>
            <span className="num">{amount(order.in_flight_minor)}</span>
          </div>
        ) : null}
        {order.external_minor ? (
          <div className="row between xs q">
            <span>{t('ledger.external')}</span>
            <span className="num">{amount(order.external_minor)}</span>
          </div>
        ) : null}
        <div className="row between">
          <span>{t('ledger.payouts')}</span>
          <span className="num b">{amount(order.payout_minor)}</span>
        </div>
        {order.payout_in_flight_minor ? (
          <div className="row between xs">
            <StateMark kind="effect" state="queued" />
            <span className="num">{amount(order.payout_in_flight_minor)}</span>
          </div>
        ) : null}
        <div className="row between lgt">
          <span className="b">{t('ledger.refundable')}</span>
          <span className="num b md">{yuan(order.refundable_minor, order.currency)}</span>
        </div>
        <div className="xs q">{t('ledger.payout_note')}</div>
      </div>
    </>
  )
}

export function Parcels({ parcels }: { parcels: Parcel[] }): JSX.Element | null {
  const { t } = useTranslation()
  if (parcels.length === 0) return null
  return (
    <div className="os">
      <b>{t('parcel.title')}</b>
      {parcels.map((parcel) => (
        <div key={parcel.id} className="pc">
          <div className="row between xs">
            <span className="row">
              <Icon name={parcel.direction === 'in' ? 'back' : 'truck'} size="s" />
              {word('direction', parcel.direction)} {word('carrier', parcel.carrier)}
            </span>
            <b>{parcelWord(parcel.state)}</b>
          </div>
          <div className="xs">
            <Copy text={parcel.waybill} />
          </div>
          <div className="tl">
            {(parcel.events ?? []).slice(-4).map((event, at) => (
              <div key={at}>
                <span className="num">{when(event.at)}</span>
                <span>{event.text ?? parcelWord(event.state)}</span>
              </div>
            ))}
            {parcel.signed_at ? (
              <div>
                <span className="num">{when(parcel.signed_at)}</span>
                <span>
                  {t('parcel.signed')} {parcel.signed_by ? valueWord('parcel.signed_by', parcel.signed_by) : ''}
                </span>
              </div>
            ) : null}
            {parcel.scanned_at ? (
              <div>
                <span className="num">{when(parcel.scanned_at)}</span>
                <span>{t('parcel.scanned')}</span>
              </div>
            ) : parcel.direction === 'in' && parcel.signed_at ? (
              <div className="bad">
                <span />
                <span>{t('parcel.not_scanned')}</span>
              </div>
            ) : null}
            {parcel.shipped_at ? (
              <div>
                <span className="num">{when(parcel.shipped_at)}</span>
                <span>{t('parcel.shipped')}</span>
              </div>
            ) : null}
          </div>
        </div>
      ))}
    </div>
  )
}

function BuyerPart(): JSX.Element | null {
  const { t } = useTranslation()
  const { view, me, at } = useWork()
  const [asking, setAsking] = useState(false)
  const { buyer } = view
  const may = me.can('reveal') && buyer?.id && me.reveals.some((field) => field !== 'words')
  useKeys(may ? { 'Shift+r': { label: t('keys.reveal'), run: () => setAsking(true) } } : {})
  if (!buyer) return null
  return (
    <div className="os">
      <div className="row between">
        <b>{t('buyer.title')}</b>
        <span className="xs q">
          {buyer.masked_name} {buyer.masked_phone}
        </span>
      </div>
      <div className="xs q">{buyer.masked_address}</div>
      <div className="by">
        <div>
          <b>{buyer.orders}</b>
          <span>{t('buyer.orders')}</span>
        </div>
        <div>
          <b>{buyer.cases}</b>
          <span>{t('buyer.cases')}</span>
        </div>
        <div>
          <b>{buyer.level ? valueWord('buyer.level', buyer.level) : '—'}</b>
          <span>{t('buyer.level')}</span>
        </div>
        <div>
          <b className={buyer.no_contact ? 'bad' : ''}>{buyer.no_contact ? t('buyer.no_contact') : t('buyer.contact')}</b>
          <span>{t('buyer.contact_label')}</span>
        </div>
      </div>
      {may ? (
        asking ? (
          <Reveal
            path={`/shops/${at.shop}/buyers/${buyer.id}/reveal`}
            fields={['phone', 'name', 'address'].filter((field) => me.reveals.includes(field))}
            onClose={() => setAsking(false)}
          />
        ) : (
          <Button small look="ghost" icon="eye" keys="⇧ R" onClick={() => setAsking(true)}>
            {t('buyer.reveal')}
          </Button>
        )
      ) : null}
      {buyer.id ? <PersonPart shop={at.shop} buyer={buyer.id} caseId={at.id} /> : null}
    </div>
  )
}

/** Flag and remarks of the order; a remark is added below the others and replaces none. */
export function FlagsAndRemarks(): JSX.Element {
  const { t } = useTranslation()
  const { view, me, run, busy } = useWork()
  const queries = useQueryClient()
  const [text, setText] = useState('')
  const now = view.order?.flag ?? 0
  const add = async () => {
    if (text.trim() && (await run(remark, { text: text.trim() }))) {
      setText('')
      void queries.invalidateQueries({ queryKey: ['order'] })
    }
  }
  return (
    <div className="os">
      <b>{t('flag.title')}</b>
      <div className="flg">
        {FLAGS.map((name, color) => (
          <button
            key={name}
            type="button"
            className={`fl f${color}`}
            aria-pressed={now === color}
            title={word('flag_meaning', String(color))}
            disabled={!me.can('flag')}
            onClick={() => void run(flag, { flag: name })}
          >
            <b aria-hidden="true">{color}</b>
            {word('flag', String(color))}
          </button>
        ))}
      </div>
      <div className="rmk">
        {(view.remarks ?? []).map((row, at) => (
          <div key={at}>
            <span className="num q">{when(row.at)}</span> {row.agent_no}{' '}
            {row.text ??
              (row.flag !== null && row.flag !== undefined ? t('flag.set', { flag: word('flag', String(row.flag)) }) : '')}
          </div>
        ))}
      </div>
      {me.can('remark') ? (
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault()
            void add()
          }}
        >
          <input
            id="remark"
            className="in grow"
            value={text}
            onChange={(event) => setText(event.target.value)}
            placeholder={t('flag.append')}
            aria-label={t('flag.append')}
          />
          <Button small type="submit" busy={busy} disabled={!text.trim()}>
            {t('flag.add')}
          </Button>
        </form>
      ) : null}
    </div>
  )
}
