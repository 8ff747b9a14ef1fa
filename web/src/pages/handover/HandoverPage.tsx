// Shift handover: what one hands over, what waits to be taken by name. Owns the register's two sides.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { type JSX, useState } from 'react'
import { type HandoverRow, handoverQuery, queueQuery, staffQuery } from '@/api/queries'
import type { OfCase } from '@/api/types'
import { useCommand } from '@/api/useCommand'
import { useKeys } from '@/app/keys'
import { useMe, useScenarios } from '@/app/me'
import { Top } from '@/app/Top'
import { type Both, both, useTranslation, word } from '@/i18n'
import { Button, Check, SelectField, TextField } from '@/parts/form'
import { Line } from '@/parts/Lines'
import { AtZero, Countdown, Party } from '@/parts/marks'
import { amount, yuan } from '@/parts/money'
import { Empty, Trouble } from '@/parts/Trouble'
import { when } from '@/parts/time'
import { CaseLink, CaseList, rowsOf, useLiveList } from '../lists/CaseList'

export function HandoverPage(): JSX.Element {
  const { t } = useTranslation()
  useLiveList('handover')
  return (
    <main className="col grow surface">
      <Top title={t('handover.title')} note={t('handover.note')} />
      <div className="ho">
        <Mine />
        <Register />
      </div>
    </main>
  )
}

/** Entries taken over in one press; the desk takes no more at once. */
const MOST = 100
/** Who takes over what was meant for somebody else. */
const DECIDES = ['lead', 'supervisor', 'owner']

interface Refusal {
  handover_id: string
  refused?: string
  why?: Both
}

/** What waits to be taken: all of it that is one's to take is chosen, and one press takes it. */
function Register(): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const query = useInfiniteQuery(handoverQuery)
  const [left, setLeft] = useState<Set<string>>(new Set())
  const [refused, setRefused] = useState<(Refusal & { title: string })[]>([])
  const { run, busy, error } = useCommand<{ entries: string[] }, { items: Refusal[] }>('/handover/take', ['handover'])
  const rows = rowsOf(query)
  const may = me.can('take_handover')
  const mine = (row: HandoverRow) => !row.to || row.to.name === me.name || DECIDES.includes(me.role)
  const chosen = rows.filter((row) => mine(row) && !left.has(row.id)).slice(0, MOST)
  const take = async () => {
    const answer = await run({ entries: chosen.map((row) => row.id) })
    const title = (id: string) => rows.find((row) => row.id === id)?.title ?? ''
    setRefused((answer?.items ?? []).filter((it) => it.refused).map((it) => ({ ...it, title: title(it.handover_id) })))
  }
  const all = () => setLeft(chosen.length ? new Set(rows.map((row) => row.id)) : new Set())
  useKeys(
    may
      ? {
          t: { label: t('handover.take_key'), run: () => void (chosen.length && !busy && take()) },
          x: { label: t('handover.choose_key'), run: all },
        }
      : {},
  )
  return (
    <section className="col">
      <header className="sh row between">
        <b>{t('handover.waiting')}</b>
        {may && rows.length ? (
          <span className="row">
            <Button small look="ghost" keys="X" onClick={all}>
              {t(chosen.length ? 'handover.choose_none' : 'handover.choose_all')}
            </Button>
            <Button small look="primary" keys="T" busy={busy} disabled={chosen.length === 0} onClick={() => void take()}>
              {t('handover.take_many', { count: chosen.length })}
            </Button>
          </span>
        ) : null}
      </header>
      {refused.map((item) => (
        <Line key={item.handover_id} kind="no">
          {item.title} {both(item.why) || item.refused}
        </Line>
      ))}
      <Trouble error={error} />
      <CaseList query={query} empty={t('handover.none_waiting')}>
        {(row) => (
          <Waiting
            row={row}
            chosen={may && mine(row) ? !left.has(row.id) : undefined}
            onChoose={(on) => {
              const next = new Set(left)
              if (on) next.delete(row.id)
              else next.add(row.id)
              setLeft(next)
            }}
          />
        )}
      </CaseList>
    </section>
  )
}

function Mine(): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const scenarios = useScenarios()
  const mine = useInfiniteQuery(queueQuery('mine'))
  const staff = useQuery(staffQuery)
  const waiting = useInfiniteQuery(handoverQuery)
  const given = new Set(waiting.data?.pages.flatMap((page) => page.items.map((row) => row.case_id)))
  // What has been handed over and is not taken yet stands on the other side.
  const rows = mine.data?.pages.flatMap((page) => page.items.filter((row) => !given.has(row.id))) ?? []
  const [left, setLeft] = useState<Set<string>>(new Set())
  const [to, setTo] = useState('')
  const [note, setNote] = useState('')
  const [refused, setRefused] = useState<{ case_id: string; refused?: string; why?: Both }[]>([])
  const { run, busy, error } = useCommand<
    { to?: string; note?: string; cases: { shop: string; case_id: string }[] },
    { items: { case_id: string; refused?: string; why?: Both }[] }
  >('/handover', ['handover'])
  const chosen = rows.filter((row) => !left.has(row.id))
  const hand = async () => {
    const answer = await run({
      ...(to ? { to } : {}),
      ...(note.trim() ? { note: note.trim() } : {}),
      cases: chosen.map((row) => ({ shop: me.shopById(row.shop_id)?.code ?? '', case_id: row.id })),
    })
    setRefused(answer?.items.filter((item) => item.refused) ?? [])
    if (answer) setNote('')
  }
  useKeys({ 'Ctrl+Enter': { label: t('keys.hand'), run: () => void (chosen.length && !busy && hand()) } })
  return (
    <section className="col">
      <header className="sh row between">
        <b>{t('handover.mine', { count: rows.length })}</b>
        <span className="xs q num">{yuan(chosen.reduce((sum, row) => sum + row.amount_minor, 0))}</span>
      </header>
      <div className="scroll">
        {rows.length === 0 && mine.data ? (
          <div className="pad">
            <Empty title={t('handover.nothing')} />
          </div>
        ) : null}
        {rows.map((row) => (
          <div key={row.id} className="item">
            <Check
              checked={!left.has(row.id)}
              onChange={(on) => {
                const next = new Set(left)
                if (on) next.delete(row.id)
                else next.add(row.id)
                setLeft(next)
              }}
            >
              <span className="row between grow">
                <span className="row">
                  <Countdown at={row.next_deadline_at} state={row.next_state} from={row.opened_at} />
                  <b className="clip">{row.title || scenarios.title(row.scenario)}</b>
                </span>
                <span className="num">{amount(row.amount_minor)}</span>
              </span>
              <span className="row xs q">
                {row.case_no} <Party who={row.waiting_on} /> <AtZero code={row.next_at_zero} />
              </span>
            </Check>
          </div>
        ))}
        {mine.hasNextPage ? (
          <div className="pad">
            <Button onClick={() => void mine.fetchNextPage()}>{t('more')}</Button>
          </div>
        ) : null}
      </div>
      {refused.map((item) => (
        <Line key={item.case_id} kind="no">
          {rows.find((row) => row.id === item.case_id)?.title} {both(item.why) || item.refused}
        </Line>
      ))}
      <footer className="dact end">
        <div className="grow">
          <TextField label={t('handover.words')} value={note} onChange={setNote} />
        </div>
        <div className="grow">
          <SelectField
            label={t('handover.to')}
            value={to}
            onChange={setTo}
            empty={t('handover.next_shift')}
            options={(staff.data ?? [])
              .filter((it) => ['agent', 'senior', 'lead', 'night', 'supervisor'].includes(it.role) && it.name !== me.name)
              .map((it) => ({ value: it.name, label: `${it.display_name} ${word('role', it.role)}` }))}
          />
        </div>
        <Button look="primary" keys="Ctrl Enter" busy={busy} disabled={chosen.length === 0} onClick={() => void hand()}>
          {t('handover.hand', { count: chosen.length })}
        </Button>
      </footer>
      <Trouble error={error} />
    </section>
  )
}

function Waiting({
  row,
  chosen,
  onChoose,
}: {
  row: HandoverRow & OfCase
  /** Whether it is taken with the others; nothing where it is not one's to take. */
  chosen?: boolean
  onChoose: (on: boolean) => void
}): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const { run, busy, error } = useCommand<Record<string, never>, unknown>(`/handover/${row.id}/take`, ['handover'])
  const { summary } = row
  return (
    <>
      <div className="row between">
        <span className="row">
          {chosen === undefined ? null : (
            <Check checked={chosen} onChange={onChoose}>
              <span className="sr">{t('handover.choose', { title: row.title })}</span>
            </Check>
          )}
          {summary.next_deadline?.at ? <Countdown at={summary.next_deadline.at} from={row.at} /> : null}
          <b>{row.title}</b>
          <span className="num">{yuan(summary.amount_minor)}</span>
        </span>
        {me.can('take_handover') ? (
          <Button small busy={busy} onClick={() => void run({})}>
            {t('handover.take')}
          </Button>
        ) : null}
      </div>
      <div className="row wrap xs q2">
        <Party who={summary.waiting_on} />
        <span>{word('stage', summary.stage)}</span>
        {summary.next_deadline ? <AtZero code={summary.next_deadline.at_zero} /> : null}
        <span>
          {t('handover.from', { who: row.from?.display_name ?? '—', at: when(row.at) })}
          {row.to ? t('handover.for', { who: row.to.display_name }) : ''}
        </span>
      </div>
      {row.note ? <div className="q2">{row.note}</div> : null}
      {summary.unknown_money ? <Line kind="note">{t('queue.unknown_money')}</Line> : null}
      {summary.promises.map((promise) => (
        <Line key={promise.id} kind="time">
          {t('handover.promise', {
            team: word('team', promise.team),
            at: when(promise.due_at),
            amount: promise.amount_minor ? yuan(promise.amount_minor) : '',
          })}
        </Line>
      ))}
      {summary.tasks.map((task) => (
        <Line key={task.id} kind="time">
          {t('handover.task', { team: word('team', task.team), at: when(task.due_at) })}
        </Line>
      ))}
      <CaseLink row={row} />
      <Trouble error={error} />
    </>
  )
}
