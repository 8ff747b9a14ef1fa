// Everything about one order: goods, payments, ledger, parcels, remarks, cases. Owns a reading page.
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import type { JSX } from 'react'
import { valueWord } from '@/api/catalogue'
import { orderQuery } from '@/api/queries'
import { useMe, useScenarios } from '@/app/me'
import { Top } from '@/app/Top'
import { useTranslation, word } from '@/i18n'
import { Button } from '@/parts/form'
import { amount, yuan } from '@/parts/money'
import { Skeleton, Trouble } from '@/parts/Trouble'
import { exact, when } from '@/parts/time'
import { Ledger, Parcels } from '../case/OrderPanel'

export function OrderPage(): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const scenarios = useScenarios()
  const navigate = useNavigate()
  const { shop, order: orderNo } = useParams({ from: '/frame/orders/$shop/$order' })
  const { data, error, refetch } = useQuery(orderQuery(shop, orderNo))
  const order = data?.order
  const lines = data?.lines ?? []
  return (
    <main className="col grow surface">
      <Top title={t('order.page', { no: orderNo })} note={me.shopByCode(shop)?.title}>
        {me.can('open_case') ? (
          <Button look="primary" onClick={() => void navigate({ to: '/new', search: { shop, order: orderNo } })}>
            {t('queue.new_case')}
          </Button>
        ) : null}
      </Top>
      <div className="scroll pad">
        <Trouble error={error} onRetry={() => void refetch()} />
        {data && order ? (
          <div className="o360">
            <section className="stack">
              <table className="grid">
                <thead>
                  <tr>
                    <th>{t('order.line')}</th>
                    <th>{t('order.units')}</th>
                    <th>{t('order.list')}</th>
                    <th>{t('order.discount')}</th>
                    <th>{t('order.paid')}</th>
                    <th>{t('order.shipped_units')}</th>
                    <th>{t('order.returning')}</th>
                    <th>{t('order.back')}</th>
                    <th>{t('ledger.refunded')}</th>
                    <th>{t('ledger.refundable')}</th>
                  </tr>
                </thead>
                <tbody>
                  {lines.map((line) => (
                    <tr key={line.line_no}>
                      <td>
                        {line.title} <span className="q">{line.spec}</span>
                        <div className="xs q">
                          {line.sku}·{valueWord('line.category', line.category)}
                        </div>
                      </td>
                      <td>{line.quantity}</td>
                      <td>{amount(line.list_minor)}</td>
                      <td>{amount(line.discount_minor)}</td>
                      <td>
                        <b>{amount(line.paid_minor)}</b>
                      </td>
                      <td>{line.shipped}</td>
                      <td>{line.requested}</td>
                      <td>{line.received}</td>
                      <td>{amount(line.refunded_minor)}</td>
                      <td>{amount(line.refundable_minor)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
              <div className="card pad">
                <b>{t('order.entries')}</b>
                {data.ledger.length === 0 ? <div className="q">{t('order.no_entries')}</div> : null}
                <table className="grid">
                  <tbody>
                    {data.ledger.map((entry) => (
                      <tr key={entry.n}>
                        <td className="num q">{exact(entry.at)}</td>
                        <td>{word('entry', entry.kind)}</td>
                        <td>
                          {entry.line_no ? (lines.find((line) => line.line_no === entry.line_no)?.title ?? entry.line_no) : ''}
                        </td>
                        <td>{entry.quantity || ''}</td>
                        <td>
                          <b>{entry.amount_minor ? amount(entry.amount_minor) : ''}</b>
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              <div className="card pad">
                <b>{t('order.cases')}</b>
                {data.cases.length === 0 ? <div className="q">{t('order.no_cases')}</div> : null}
                {data.cases.map((it) => (
                  <div key={it.case_id} className="row between">
                    <Link to="/cases/$shop/$id" params={{ shop, id: it.case_id }}>
                      {it.case_no} {it.title || scenarios.title(it.scenario)}
                    </Link>
                    <span className="q">
                      {word('stage', it.stage)} {when(it.opened_at)}
                    </span>
                  </div>
                ))}
              </div>
            </section>
            <aside className="stack">
              <div className="card pad">
                <dl className="kv">
                  <dt>{t('order.state')}</dt>
                  <dd>{word('order_state', order.state)}</dd>
                  <dt>{t('order.paid')}</dt>
                  <dd className="num b">{yuan(order.paid_minor, order.currency)}</dd>
                  <dt>{t('order.freight')}</dt>
                  <dd className="num">{amount(order.freight_minor)}</dd>
                  {[
                    ['paid_at', order.paid_at],
                    ['shipped_at', order.shipped_at],
                    ['signed_at', order.signed_at],
                    ['completed_at', order.completed_at],
                  ].map(([name, at]) =>
                    at ? <FactRow key={name} name={t(`order.times.${name}` as never)} value={exact(at)} /> : null,
                  )}
                  {data.buyer ? (
                    <FactRow name={t('buyer.title')} value={`${data.buyer.masked_name} ${data.buyer.masked_phone}`} />
                  ) : null}
                </dl>
              </div>
              <div className="card pad">
                <Ledger order={order} />
              </div>
              {data.payments?.length ? (
                <div className="card pad">
                  <b>{t('order.payments')}</b>
                  {data.payments.map((it) => (
                    <div key={it.payment_no} className="row between xs">
                      <span className="num">
                        {it.payment_no} {word('payment_method', it.method)}
                      </span>
                      <span className="num">
                        {amount(it.refunded_minor)} / {amount(it.captured_minor)}
                      </span>
                    </div>
                  ))}
                </div>
              ) : null}
              <div className="card">
                <Parcels parcels={data.parcels} />
              </div>
              {data.remarks.length ? (
                <div className="card pad rmk">
                  <b>{t('flag.title')}</b>
                  {data.remarks.map((row, at) => (
                    <div key={at}>
                      <span className="num q">{when(row.at)}</span> {row.agent_no}{' '}
                      {row.text ??
                        (row.flag !== null && row.flag !== undefined
                          ? t('flag.set', { flag: word('flag', String(row.flag)) })
                          : '')}
                    </div>
                  ))}
                </div>
              ) : null}
            </aside>
          </div>
        ) : error ? null : (
          <Skeleton rows={8} />
        )}
      </div>
    </main>
  )
}

function FactRow({ name, value }: { name: string; value: string }): JSX.Element {
  return (
    <>
      <dt>{name}</dt>
      <dd className="num">{value}</dd>
    </>
  )
}
