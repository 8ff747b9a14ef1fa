// The evidence pack: one case as a document to print or to hand to the platform. Owns what goes in; internal notes stay out unless asked
// for, and nothing is shown that the case page does not show masked.
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { type JSX, type ReactNode, useMemo, useState } from 'react'
import { parcelWord, valueWord } from '@/api/catalogue'
import { deskNow, href } from '@/api/client'
import { caseQuery, playbooksQuery } from '@/api/queries'
import type { TimelineEntry } from '@/api/types'
import { casePath } from '@/api/useCommand'
import type { CaseView } from '@/api/view'
import { useMe, useScenarios } from '@/app/me'
import { both, useTranslation, word } from '@/i18n'
import { told } from '@/pages/case/events'
import { Button, Check } from '@/parts/form'
import { yuan } from '@/parts/money'
import { Skeleton, Trouble } from '@/parts/Trouble'
import { exact } from '@/parts/time'

export function PackPage(): JSX.Element {
  const { shop, id } = useParams({ from: '/bare/pack/$shop/$id' })
  const at = useMemo(() => ({ shop, id }), [shop, id])
  const { data, error, refetch } = useQuery(caseQuery(at))
  if (error) return <Trouble error={error} onRetry={() => void refetch()} />
  return data ? <Pack view={data} link={(rest) => href(casePath(at, rest))} /> : <Skeleton rows={12} />
}

function Pack({ view, link }: { view: CaseView; link: (rest: string) => string }): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const scenarios = useScenarios()
  const playbooks = useQuery(playbooksQuery)
  const [notes, setNotes] = useState(false)
  const it = view.case
  const results = playbooks.data?.find((one) => one.scenario === it.scenario)?.results ?? []
  const result = both(results.find((one) => one.id === it.result)?.title) || it.result
  const facts: [string, ReactNode][] = [
    [t('pack.shop'), me.shopById(it.shop_id)?.title],
    [t('pack.buyer'), [it.buyer_masked, view.buyer?.masked_phone].filter(Boolean).join(' ')],
    [t('pack.scenario'), scenarios.title(it.scenario)],
    [t('pack.opened'), exact(it.opened_at)],
    [t('pack.closed'), exact(it.closed_at)],
    [t('pack.diagnosis'), it.cause ? `${valueWord('diagnosis.cause', it.cause)}·${valueWord('diagnosis.party', it.party)}` : ''],
    [t('pack.result'), result],
  ]
  const order: [string, ReactNode][] = view.order
    ? [
        [t('pack.order_no'), view.order.order_no],
        [t('pack.paid'), yuan(view.order.paid_minor, view.order.currency)],
        [t('pack.paid_at'), exact(view.order.paid_at)],
        [t('pack.shipped_at'), exact(view.order.shipped_at)],
        [t('pack.signed_at'), exact(view.order.signed_at)],
      ]
    : []
  const money = view.effects.filter((effect) => effect.amount_minor > 0)
  const entries = view.timeline.filter((entry) => notes || !(entry.kind === 'contact' && entry.direction === 'note'))
  return (
    <main className="packs">
      <article className="pack">
        <header>
          <div className="row between noprint">
            <Check checked={notes} onChange={setNotes}>
              {t('pack.notes')}
            </Check>
            <Button look="primary" onClick={() => window.print()}>
              {t('pack.print')}
            </Button>
          </div>
          <div className="q">
            {t('pack.title')} {it.case_no}
          </div>
          <h1>{it.title || scenarios.title(it.scenario)}</h1>
          <p className="xs q">
            {t('pack.made', { at: exact(new Date(deskNow()).toISOString()), who: me.display_name, version: it.version })}
          </p>
          <p className="xs q">{t('pack.masked')}</p>
        </header>
        <Facts title={t('pack.summary')} rows={facts} />
        {view.order ? (
          <>
            <Facts title={t('pack.order')} rows={order} />
            <Table
              head={[t('pack.column.line'), t('pack.column.quantity'), t('pack.column.amount')]}
              rows={view.order.lines.map((line) => [
                `${line.title} ${line.spec}`,
                line.quantity,
                yuan(line.paid_minor, view.order?.currency),
              ])}
            />
          </>
        ) : null}
        <h2>{t('pack.money')}</h2>
        {money.length ? (
          <Table
            head={[
              t('pack.column.what'),
              t('pack.column.amount'),
              t('pack.column.state'),
              t('pack.column.at'),
              t('pack.column.serial'),
            ]}
            rows={money.map((effect) => [
              word('effect', effect.kind),
              yuan(effect.amount_minor, it.currency),
              word('state_effect', effect.state),
              exact(effect.ended_at ?? effect.at),
              effect.platform_ref ?? '—',
            ])}
          />
        ) : (
          <p>{t('pack.money_none')}</p>
        )}
        <h2>{t('pack.promises')}</h2>
        {view.promises.length ? (
          <Table
            head={[t('pack.column.what'), t('pack.column.due'), t('pack.column.state'), t('pack.column.at')]}
            rows={view.promises.map((one) => [
              one.text ?? '—',
              exact(one.due_at),
              word('state_promise', one.state),
              exact(one.ended_at) || '—',
            ])}
          />
        ) : (
          <p>{t('pack.none')}</p>
        )}
        {view.parcels.length ? (
          <>
            <h2>{t('pack.parcels')}</h2>
            <Table
              head={[
                t('pack.column.what'),
                t('pack.column.carrier'),
                t('pack.column.waybill'),
                t('pack.column.state'),
                t('pack.column.at'),
              ]}
              rows={view.parcels.map((one) => [
                word('direction', one.direction),
                word('carrier', one.carrier),
                one.waybill,
                parcelWord(one.state),
                exact(one.signed_at ?? one.last_event_at ?? one.shipped_at) || '—',
              ])}
            />
          </>
        ) : null}
        <h2>{t('pack.evidence')}</h2>
        {view.evidence.length ? (
          <>
            <Table
              head={[t('pack.column.name'), t('pack.column.giver'), t('pack.column.at'), t('pack.column.hash')]}
              rows={view.evidence.map((one) => [
                one.name || word('evidence', one.kind),
                word('giver', one.giver),
                exact(one.at),
                <code key="hash">{one.sha256 ?? '—'}</code>,
              ])}
            />
            <div className="pics">
              {view.evidence
                .filter((one) => one.blob_id && one.media_type?.startsWith('image/'))
                .map((one) => (
                  <figure key={one.id}>
                    <img src={link(`evidence/${one.id}`)} alt={one.name ?? word('evidence', one.kind)} />
                    <figcaption className="xs">{one.name || word('evidence', one.kind)}</figcaption>
                  </figure>
                ))}
            </div>
          </>
        ) : (
          <p>{t('pack.none')}</p>
        )}
        <h2>{t('pack.timeline')}</h2>
        <ol className="steps">
          {entries.map((entry, place) => (
            <Entry key={entry.id ?? `${entry.version}-${place}`} entry={entry} buyer={it.buyer_masked} />
          ))}
        </ol>
      </article>
    </main>
  )
}

function Entry({ entry, buyer }: { entry: TimelineEntry; buyer: string }): JSX.Element {
  const { t } = useTranslation()
  const talk = entry.kind === 'contact'
  const who =
    talk && entry.direction === 'in'
      ? buyer || word('party', 'buyer')
      : `${entry.actor ?? word('party', entry.actor_role ?? 'desk')} ${entry.agent_no ?? ''}`.trim()
  const how = !talk ? '' : entry.direction === 'note' ? t('case.note') : word('channel', entry.channel)
  return (
    <li>
      <time className="num">{exact(entry.at)}</time>
      <span className="q">{[who, how].filter(Boolean).join('·')}</span>
      <span className={talk ? 'said' : ''}>{talk ? (entry.text ?? t('case.erased')) : told(entry)}</span>
    </li>
  )
}

function Facts({ title, rows }: { title: string; rows: [string, ReactNode][] }): JSX.Element {
  return (
    <section>
      <h2>{title}</h2>
      <dl>
        {rows
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  )
}

function Table({ head, rows }: { head: string[]; rows: ReactNode[][] }): JSX.Element {
  return (
    <table>
      <thead>
        <tr>
          {head.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => (
          <tr key={at}>
            {row.map((cell, place) => (
              <td key={head[place]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
