// One case: what was said, what can be done, what the order says. Owns the columns, keys and which sheet is open.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { type JSX, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { assign } from '@/api/commands'
import { caseQuery } from '@/api/queries'
import { type CaseAt, useCaseCommand } from '@/api/useCommand'
import type { CaseView } from '@/api/view'
import { useKeys } from '@/app/keys'
import { useMe } from '@/app/me'
import { Skeleton, Trouble } from '@/parts/Trouble'
import { Conversation, type Draft } from './Conversation'
import { Decision } from './Decision'
import { visit } from './drafts'
import { Header } from './Header'
import { OrderPanel } from './OrderPanel'
import { neighbours, Slim } from './Slim'
import { SheetFor } from './sheets'
import { type CaseWork, type SheetName, WorkProvider } from './work'

export function CasePage(): JSX.Element {
  const { shop, id } = useParams({ from: '/frame/cases/$shop/$id' })
  const at = useMemo(() => ({ shop, id }), [shop, id])
  const { data, error, refetch } = useQuery(caseQuery(at))
  if (!data) {
    return (
      <main className="col grow pad">
        <Trouble error={error} onRetry={() => void refetch()} />
        {error ? null : <Skeleton rows={14} />}
      </main>
    )
  }
  return <OneCase key={id} at={at} view={data} />
}

function OneCase({ at, view }: { at: CaseAt; view: CaseView }): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [sheet, setSheet] = useState<SheetName | null>(null)
  const [draft, setDraft] = useState<Draft>({ text: '', mode: 'out' })
  const [side, setSide] = useState(() => window.innerWidth >= 1240)
  const command = useCaseCommand(at, view.case.version)

  const open = (next: SheetName | null) => {
    command.clear()
    setSheet(next)
  }
  const work: CaseWork = {
    at,
    view,
    me,
    ...command,
    open,
    compose: (text, script, marks) => {
      setDraft({ text, mode: 'out', script, marks })
      document.querySelector<HTMLTextAreaElement>('#composer')?.focus()
    },
  }

  useEffect(() => {
    document.title = `${view.case.title || view.case.case_no} · ${t('nav.title')}`
    visit(at, view.case.title || view.case.case_no)
    return () => {
      document.title = t('nav.title')
    }
  }, [at, view.case.title, view.case.case_no, t])

  const goTo = (step: number) => {
    const next = neighbours(queries, view.case.id, step)
    const code = next ? me.shopById(next.shop_id)?.code : undefined
    if (next && code) void navigate({ to: '/cases/$shop/$id', params: { shop: code, id: next.id } })
  }
  const write = (mode: Draft['mode']) => {
    setDraft((before) => ({ ...before, mode }))
    document.querySelector<HTMLTextAreaElement>('#composer')?.focus()
  }
  const rungs = view.advice?.ladder.filter((rung) => rung.possible !== false) ?? []
  useKeys({
    r: () => write('out'),
    n: () => write('note'),
    i: () => write('in'),
    d: () => open({ name: 'diagnosis' }),
    s: () => open({ name: 'wait' }),
    a: () => void (me.can('assign') && command.run(assign, { staff: me.name })),
    '.': () => setSide((shown) => !shown),
    '[': () => goTo(-1),
    ']': () => goTo(1),
    Escape: () => (sheet ? open(null) : void navigate({ to: '/', search: {} })),
    ...Object.fromEntries(rungs.slice(0, 9).map((rung, place) => [`Alt+${place + 1}`, () => open({ name: 'offer', rung })])),
  })

  return (
    <WorkProvider work={work}>
      <Slim current={view.case.id} />
      <main className="col grow cmain">
        <Header />
        {sheet ? null : <Trouble error={command.error} />}
        <div className="cc">
          <Conversation draft={draft} setDraft={setDraft} />
          <section className="dc col" aria-label={t('case.decision')}>
            {sheet ? <SheetFor sheet={sheet} onClose={() => open(null)} /> : <Decision />}
          </section>
        </div>
      </main>
      <OrderPanel shown={side} onHide={() => setSide(false)} onShow={() => setSide(true)} />
    </WorkProvider>
  )
}
