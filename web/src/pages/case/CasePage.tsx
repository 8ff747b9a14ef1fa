// One case: what was said, what can be done, what the order says. Owns the columns, keys and which sheet is open.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { type JSX, memo, useCallback, useDeferredValue, useMemo, useRef, useState } from 'react'
import { assign, type FLAGS, flag } from '@/api/commands'
import { usePresence } from '@/api/presence'
import { caseQuery } from '@/api/queries'
import { type CaseAt, useCaseCommand } from '@/api/useCommand'
import type { CaseView } from '@/api/view'
import { flagKeys } from '@/app/flags'
import { type KeyMap, useKeys } from '@/app/keys'
import { useMe } from '@/app/me'
import { useTranslation } from '@/i18n'
import { useAfterPaint } from '@/parts/afterPaint'
import { Skeleton, Trouble } from '@/parts/Trouble'
import { Conversation, type Draft } from './Conversation'
import { Decision } from './Decision'
import { Drawn, useAhead } from './Drawn'
import { visit } from './drafts'
import { Header } from './Header'
import { OrderPanel } from './OrderPanel'
import { neighbours, Slim } from './Slim'
import { SheetFor } from './sheets'
import { type CaseWork, type SheetName, WorkProvider } from './work'

export function CasePage(): JSX.Element {
  const { shop, id } = useParams({ from: '/frame/cases/$shop/$id' })
  const ahead = useAhead(id)
  // The very one it was drawn with, or it would be drawn anew.
  // biome-ignore lint/correctness/useExhaustiveDependencies: chosen when the case is opened, whatever is read ahead later
  const at = useMemo(() => (ahead?.at.id === id ? ahead.at : { shop, id }), [shop, id])
  const { data, error, refetch } = useQuery(caseQuery(at))
  const cases = [...(data ? [{ at, view: data }] : []), ...(ahead && ahead.at.id !== id ? [ahead] : [])]
  return (
    <>
      <Slim current={id} />
      {cases.map((one) => (
        <Drawn key={one.at.id} open={one.at.id === id}>
          <OneCase at={one.at} view={one.view} />
        </Drawn>
      ))}
      {data ? null : (
        <main className="col grow pad">
          <Trouble error={error} onRetry={() => void refetch()} />
          {error ? null : <Skeleton rows={14} />}
        </main>
      )}
    </>
  )
}

const OneCase = memo(function OneCase({ at, view }: { at: CaseAt; view: CaseView }): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [sheet, setSheet] = useState<SheetName | null>(null)
  const [draft, setDraft] = useState<Draft>({ text: '', mode: 'out' })
  const [side, setSide] = useState(() => window.innerWidth >= 1240)
  const command = useCaseCommand(at, view.case.version)

  // Head and conversation are painted first: they are what the eye goes to.
  const stands = useDeferredValue(true, false)

  const after = useRef<() => void>(undefined)
  const open = (next: SheetName | null, then?: () => void) => {
    command.clear()
    after.current = then
    setSheet(next)
  }
  const close = (done: boolean) => {
    const then = after.current
    open(null)
    if (done) then?.()
  }
  const people = usePresence(at, me.id, draft.mode === 'out' ? draft.text : '')
  const work: CaseWork = {
    at,
    view,
    me,
    people,
    ...command,
    open,
    compose: (text, script, marks) => {
      setDraft({ text, mode: 'out', script, marks })
      document.querySelector<HTMLTextAreaElement>('#composer')?.focus()
    },
  }

  useAfterPaint(() => {
    document.title = `${view.case.title || view.case.case_no} · ${t('nav.title')}`
    visit(at, view.case.title || view.case.case_no)
    return () => {
      document.title = t('nav.title')
    }
  }, [at, view.case.title, view.case.case_no, t])

  const beside = useCallback(
    (step: number): CaseAt | undefined => {
      const next = neighbours(queries, view.case.id, step)
      const shop = next ? me.shopById(next.shop_id)?.code : undefined
      return next && shop ? { shop, id: next.id } : undefined
    },
    [queries, view.case.id, me],
  )
  const goTo = (step: number) => {
    const next = beside(step)
    if (next) void navigate({ to: '/cases/$shop/$id', params: { ...next } })
  }
  const write = (mode: Draft['mode']) => {
    setDraft((before) => ({ ...before, mode }))
    document.querySelector<HTMLTextAreaElement>('#composer')?.focus()
  }
  const rungs = view.advice?.ladder.filter((rung) => rung.possible !== false) ?? []
  const may = (right: string, keys: KeyMap): KeyMap => (me.can(right) && view.case.open ? keys : {})
  const leave = () => void navigate({ to: '/', search: {} })
  const flagged = async (name: (typeof FLAGS)[number]) => {
    setSide(true)
    if (await command.run(flag, { flag: name })) document.querySelector<HTMLInputElement>('#remark')?.focus()
  }
  const similar = () => {
    setSide(true)
    // The panel is there with the next paint; Tab and Enter go on from the first one.
    requestAnimationFrame(() => document.querySelector<HTMLElement>('#similar a')?.focus())
  }
  useKeys({
    ...may('contact', {
      r: { label: t('keys.reply'), run: () => write('out') },
      i: { label: t('keys.heard'), run: () => write('in') },
    }),
    ...may('note', { n: { label: t('keys.note'), run: () => write('note') } }),
    ...may('diagnose', { d: { label: t('keys.diagnose'), run: () => open({ name: 'diagnosis' }) } }),
    ...may('wait', { s: { label: t('keys.wait'), run: () => open({ name: 'wait' }) } }),
    ...may('assign', {
      a: { label: t('keys.take'), run: () => void command.run(assign, { staff: me.name }) },
      'Shift+a': { label: t('keys.assign'), run: () => open({ name: 'assign' }) },
    }),
    ...(view.order
      ? may(
          'flag',
          flagKeys((name) => void flagged(name)),
        )
      : {}),
    '.': { label: t('keys.order'), run: () => setSide((shown) => !shown) },
    l: { label: t('similar.key'), run: similar },
    ']': { label: t('keys.next'), run: () => goTo(1) },
    '[': { label: t('keys.previous'), run: () => goTo(-1) },
    // Done: what can be closed is closed first, then the next one.
    e: {
      label: t('keys.done_next'),
      run: () => (view.case.open && view.case.stage === 'confirmation' ? open({ name: 'close' }, () => goTo(1)) : goTo(1)),
    },
    Escape: { label: t('keys.back'), run: () => (sheet ? open(null) : leave()) },
    ...(me.can('offer') && view.case.open
      ? Object.fromEntries(
          rungs.slice(0, 9).map((rung, place) => {
            const run = () => open({ name: 'offer', rung })
            return [`Alt+${place + 1}`, place ? run : { label: t('keys.rung'), shown: 'Alt 1–9', run }]
          }),
        )
      : {}),
  })

  return (
    <WorkProvider work={work}>
      <main className="col grow cmain">
        <Header />
        {sheet ? null : <Trouble error={command.error} />}
        <div className="cc">
          <Conversation draft={draft} setDraft={setDraft} />
          <section className="dc col" aria-label={t('case.decision')}>
            {sheet ? <SheetFor sheet={sheet} onClose={(done) => close(done === true)} /> : stands ? <Decision /> : null}
          </section>
        </div>
      </main>
      {stands ? (
        <OrderPanel shown={side} onHide={() => setSide(false)} onShow={() => setSide(true)} />
      ) : (
        <aside className={side ? 'od col' : 'od folded'} aria-busy="true" />
      )}
    </WorkProvider>
  )
})
