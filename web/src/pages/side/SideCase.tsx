// One case in the side window: what is due, what to say next, the remark, the money. Owns the choice of what fits; whatever needs a form
// opens the full case.
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type JSX, useMemo, useState } from 'react'
import { usePresence } from '@/api/presence'
import { caseQuery } from '@/api/queries'
import { type CaseAt, useCaseCommand } from '@/api/useCommand'
import type { CaseView } from '@/api/view'
import { useKeys } from '@/app/keys'
import { useMe, useScenarios } from '@/app/me'
import { useTranslation } from '@/i18n'
import { Composer } from '@/pages/case/Composer'
import type { Draft } from '@/pages/case/Conversation'
import { FlagsAndRemarks } from '@/pages/case/OrderPanel'
import { primary } from '@/pages/case/primary'
import { type CaseWork, WorkProvider } from '@/pages/case/work'
import { Button } from '@/parts/form'
import { clockLabel } from '@/parts/label'
import { AtZero, Party } from '@/parts/marks'
import { amount } from '@/parts/money'
import { Copy, Skeleton, Trouble } from '@/parts/Trouble'
import { bucket, exact, span, useNow, when } from '@/parts/time'

export function SideCase({ at: given }: { at: CaseAt }): JSX.Element {
  const at = useMemo(() => ({ shop: given.shop, id: given.id }), [given.shop, given.id])
  const { data, error, refetch } = useQuery(caseQuery(at))
  if (data) return <Known at={at} view={data} />
  return error ? <Trouble error={error} onRetry={() => void refetch()} /> : <Skeleton rows={6} />
}

function Known({ at, view }: { at: CaseAt; view: CaseView }): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const command = useCaseCommand(at, view.case.version)
  const next = primary(view, me.can)
  const [draft, setDraft] = useState<Draft>(() => ({
    text: next?.text ?? '',
    mode: 'out',
    ...(next?.text ? { script: next.script, marks: next.marks } : {}),
  }))
  // The text stands ready here; being here does not mean writing it.
  const people = usePresence(at, me.id, '')
  const full = () => void navigate({ to: '/cases/$shop/$id', params: at })
  const work: CaseWork = {
    at,
    view,
    me,
    people,
    ...command,
    open: full,
    compose: (text, script, marks) => setDraft({ text, mode: 'out', script, marks }),
  }
  useKeys({ Enter: full })
  return (
    <WorkProvider work={work}>
      <Head view={view} />
      <Due view={view} />
      <section className="sws stack">
        <div className="row between">
          <b>{t('side.next')}</b>
          <span className="xs q clip">{next?.label ?? t('side.no_next')}</span>
        </div>
        {next && !next.text ? (
          <Button look="primary" onClick={full}>
            {t('side.on_platform')}
          </Button>
        ) : null}
        {view.case.open ? <Composer draft={draft} setDraft={setDraft} /> : null}
      </section>
      {view.order ? (
        <section className="sws">
          <FlagsAndRemarks />
        </section>
      ) : null}
      <Money view={view} />
      <footer className="swf row">
        <Button small keys="Enter" onClick={full}>
          {t('side.full')}
        </Button>
        <span className="grow" />
        <span className="xs q num">{when(view.case.updated_at)}</span>
      </footer>
    </WorkProvider>
  )
}

function Head({ view }: { view: CaseView }): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const scenarios = useScenarios()
  const it = view.case
  const line = view.order?.lines[0]
  const promise = view.promises.find((one) => !one.ended_at)
  return (
    <section className="sws stack">
      <div className="row between">
        <span className="xs q">
          <Copy text={it.case_no} />·{scenarios.title(it.scenario)}
        </span>
        {it.open ? <Party who={it.waiting_on} /> : null}
      </div>
      <h2>{it.title || scenarios.title(it.scenario)}</h2>
      {line ? (
        <div className="row between">
          <div className="grow">
            <div className="clip">
              {line.title} {line.spec} ×{line.quantity}
            </div>
            <div className="xs q">
              {[me.shopById(it.shop_id)?.title, it.buyer_masked, view.buyer?.masked_phone].filter(Boolean).join('·')}
            </div>
          </div>
          <b className="num">{amount(view.order?.paid_minor)}</b>
        </div>
      ) : null}
      {promise?.text ? <div className="m">{t('side.promise', { text: promise.text })}</div> : null}
    </section>
  )
}

function Due({ view }: { view: CaseView }): JSX.Element | null {
  const now = useNow()
  const due = view.deadlines
    .filter((one) => !one.ended_at && one.due_at && one.state === 'running')
    .sort((one, other) => String(one.due_at).localeCompare(String(other.due_at)))[0]
  if (!due?.due_at) return null
  const left = new Date(due.due_at).getTime() - now
  return (
    <section className="sws swd row">
      <div className={`swt num ${bucket(due.due_at, now)}`} title={exact(due.due_at)}>
        {left <= 0 ? `−${span(left)}` : span(left)}
        <span className="xs q">{when(due.due_at)}</span>
      </div>
      <div className="grow">
        <div className="m">{clockLabel(due)}</div>
        <AtZero code={due.at_zero} past={left <= 0} />
      </div>
    </section>
  )
}

function Money({ view }: { view: CaseView }): JSX.Element | null {
  const { t } = useTranslation()
  const order = view.order
  if (!order) return null
  const cells: [string, number][] = [
    [t('side.refunded'), order.refunded_minor + order.external_minor],
    ...(order.in_flight_minor ? ([[t('side.on_the_way'), order.in_flight_minor]] as [string, number][]) : []),
    [t('side.paid_out'), order.payout_minor],
    [t('side.refundable'), order.refundable_minor],
  ]
  return (
    <section className="sws">
      <dl className="swm">
        {cells.map(([name, minor]) => (
          <div key={name}>
            <dt className="xs q">{name}</dt>
            <dd className="num">{amount(minor)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
