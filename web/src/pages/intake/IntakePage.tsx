// Intake: what the buyer said, on which order. Owns the form; what the order already tells is filled in and not asked.
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type JSX, useEffect, useState } from 'react'
import { choices } from '@/api/catalogue'
import { orderQuery } from '@/api/queries'
import type { Changed } from '@/api/types'
import { useCommand } from '@/api/useCommand'
import { useMe, useScenarios } from '@/app/me'
import { Top } from '@/app/Top'
import { useTranslation, word } from '@/i18n'
import { AreaField, Button, MoneyField, Segments, SelectField, TextField } from '@/parts/form'
import { Line } from '@/parts/Lines'
import { amount, typedMinor, yuan } from '@/parts/money'
import { Trouble } from '@/parts/Trouble'
import { when } from '@/parts/time'
import { LinesPick, type Picked, pickedLines } from '../case/sheets/LinesPick'
import { ReasonField, reasonCode } from '../case/sheets/ReasonField'
import { REQUEST_KINDS } from '../case/sheets/talk'

interface OpenCase {
  order_no?: string
  channel: string
  text: string
  request?: { kind: string; reason: string; amount_minor?: number; lines: { line_no: number; quantity: number }[] }
  scenario?: string
  severity?: number
  emotion?: string
  external_ref?: string
}

const CHANNELS = ['chat', 'phone', 'mail', 'platform'] as const

export function IntakePage(): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const scenarios = useScenarios()
  const navigate = useNavigate()
  const search = useSearch({ from: '/frame/new' })
  const [shop, setShop] = useState(search.shop ?? me.shops[0]?.code ?? '')
  const [orderNo, setOrderNo] = useState(search.order ?? '')
  const [asked, setAsked] = useState(search.order ?? '')
  const [channel, setChannel] = useState<(typeof CHANNELS)[number]>('chat')
  const [text, setText] = useState('')
  const [kind, setKind] = useState('')
  const [reason, setReason] = useState('')
  const [money, setMoney] = useState('')
  const [picked, setPicked] = useState<Picked>({})
  const [scenario, setScenario] = useState('')
  const [severity, setSeverity] = useState('')
  const [emotion, setEmotion] = useState('')
  const [external, setExternal] = useState('')
  const command = useCommand<OpenCase, Changed>(`/shops/${encodeURIComponent(shop)}/cases`, ['queue'])

  useEffect(() => {
    const rest = setTimeout(() => setAsked(orderNo.trim()), 300)
    return () => clearTimeout(rest)
  }, [orderNo])
  const found = useQuery({ ...orderQuery(shop, asked), enabled: asked !== '' && shop !== '' })
  const order = found.data?.order
  const lines = found.data?.lines ?? []
  // One line is chosen by itself; there is nothing to ask.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another order is found
  useEffect(() => {
    const [only] = lines
    setPicked(lines.length === 1 && only ? { [only.line_no]: only.quantity } : {})
  }, [order?.order_no])

  const open = async () => {
    const minor = typedMinor(money)
    const answer = await command.run({
      ...(orderNo.trim() ? { order_no: orderNo.trim() } : {}),
      channel,
      text: text.trim(),
      ...(kind
        ? {
            request: {
              kind,
              reason: reasonCode(reason),
              lines: pickedLines(picked),
              ...(minor !== undefined ? { amount_minor: minor } : {}),
            },
          }
        : {}),
      ...(scenario ? { scenario } : {}),
      ...(severity ? { severity: Number(severity) } : {}),
      ...(emotion ? { emotion } : {}),
      ...(external.trim() ? { external_ref: external.trim() } : {}),
    })
    if (answer) await navigate({ to: '/cases/$shop/$id', params: { shop, id: answer.case_id } })
  }
  // The order that is looked up must be the one that is typed, or a quick hand would open a case without it.
  const ready = text.trim() !== '' && (orderNo.trim() === '' || order?.order_no === orderNo.trim())

  return (
    <main className="col grow surface">
      <Top title={t('intake.title')} note={t('intake.note')} />
      <div className="scroll">
        <div className="intake">
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault()
              if (ready) void open()
            }}
          >
            <div className="two">
              <SelectField
                label={t('intake.shop')}
                value={shop}
                onChange={setShop}
                options={me.shops.map((it) => ({ value: it.code, label: `${it.title}·${word('platform', it.platform)}` }))}
              />
              <TextField
                label={t('intake.order_no')}
                value={orderNo}
                onChange={setOrderNo}
                autoFocus
                hint={t('intake.order_hint')}
              />
            </div>
            <Segments
              label={t('composer.channel')}
              value={channel}
              onChange={setChannel}
              options={CHANNELS.map((it) => ({ value: it, label: word('channel', it) }))}
            />
            <AreaField label={t('intake.text')} value={text} onChange={setText} rows={5} placeholder={t('intake.text_hint')} />
            <div className="two">
              <SelectField
                label={t('request.kind')}
                value={kind}
                onChange={setKind}
                empty={t('intake.no_request')}
                options={REQUEST_KINDS.map((it) => ({ value: it, label: word('request_kind', it) }))}
              />
              <MoneyField label={t('request.amount')} value={money} onChange={setMoney} hint={t('request.amount_hint')} />
            </div>
            {channel === 'platform' ? (
              <TextField
                label={t('intake.external_ref')}
                value={external}
                onChange={setExternal}
                hint={t('intake.external_hint')}
              />
            ) : null}
            {kind ? (
              <ReasonField label={t('intake.reason')} value={reason} onChange={setReason} hint={t('intake.reason_hint')} />
            ) : null}
            {lines.length && kind ? <LinesPick lines={lines} picked={picked} onChange={setPicked} /> : null}
            <details>
              <summary className="xs q">{t('intake.more')}</summary>
              <div className="three">
                <SelectField
                  label={t('sheet.classify.scenario')}
                  value={scenario}
                  onChange={setScenario}
                  empty={t('intake.proposed')}
                  options={scenarios.all}
                />
                <SelectField
                  label={t('sheet.classify.severity')}
                  value={severity}
                  onChange={setSeverity}
                  empty={t('intake.proposed')}
                  options={['1', '2', '3', '4'].map((it) => ({ value: it, label: t(`sheet.classify.severity_${it}` as never) }))}
                />
                <SelectField
                  label={t('sheet.classify.emotion')}
                  value={emotion}
                  onChange={setEmotion}
                  empty={t('intake.proposed')}
                  options={choices('buyer.mood')}
                />
              </div>
            </details>
            <Trouble error={command.error} onRetry={command.error ? () => void open() : undefined} />
            <div className="row">
              <Button look="primary" type="submit" busy={command.busy} disabled={!ready} why={t('intake.missing')}>
                {t('intake.open')}
              </Button>
              <Button onClick={() => void navigate({ to: '/', search: {} })}>{t('cancel')}</Button>
            </div>
          </form>
          <aside className="stack">
            {asked === '' ? (
              <p className="q">{t('intake.without_order')}</p>
            ) : found.error ? (
              <Trouble error={found.error} />
            ) : order ? (
              <div className="card pad stack">
                <div className="row between">
                  <b>{t('intake.order_found')}</b>
                  <b className="num lg">{yuan(order.paid_minor, order.currency)}</b>
                </div>
                {lines.map((line) => (
                  <div key={line.line_no} className="row between">
                    <span className="clip">
                      {line.title} <span className="q">{line.spec}</span> ×{line.quantity}
                    </span>
                    <span className="num">{amount(line.paid_minor)}</span>
                  </div>
                ))}
                <Line kind="yes">
                  {word('order_state', order.state)} {order.shipped_at ? t('order.shipped', { at: when(order.shipped_at) }) : ''}{' '}
                  {order.signed_at ? t('order.signed', { at: when(order.signed_at) }) : ''}
                </Line>
                {found.data?.buyer ? (
                  <Line kind="yes">
                    {found.data.buyer.masked_name} {found.data.buyer.masked_phone}·
                    {t('intake.history', { orders: found.data.buyer.orders, cases: found.data.buyer.cases })}
                  </Line>
                ) : null}
                {order.refunded_minor || order.payout_minor ? (
                  <Line kind="note">
                    {t('intake.earlier', { refunded: amount(order.refunded_minor), paid: amount(order.payout_minor) })}
                  </Line>
                ) : null}
                {(found.data?.cases ?? [])
                  .filter((it) => it.stage !== 'closed')
                  .map((it) => (
                    <Line key={it.case_id} kind="note">
                      {t('intake.open_case')}{' '}
                      <Link to="/cases/$shop/$id" params={{ shop, id: it.case_id }}>
                        {it.case_no} {scenarios.title(it.scenario)}
                      </Link>
                    </Line>
                  ))}
              </div>
            ) : (
              <p className="q">{t('loading')}</p>
            )}
          </aside>
        </div>
      </div>
    </main>
  )
}
