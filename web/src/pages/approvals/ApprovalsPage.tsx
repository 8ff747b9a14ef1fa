// What waits for a decision from above. Owns choosing and deciding: a yes is asked once more before it binds, never one's own.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type JSX, useEffect, useState } from 'react'
import { approve, decline } from '@/api/commands'
import { approvalsQuery, caseQuery } from '@/api/queries'
import type { Approval, OfCase } from '@/api/types'
import { useKeys } from '@/app/keys'
import { type Self, useMe } from '@/app/me'
import { SearchBox } from '@/app/Top'
import { useTranslation, word } from '@/i18n'
import { Button, MoneyField, TextField } from '@/parts/form'
import { Icon } from '@/parts/Icon'
import { Countdown } from '@/parts/marks'
import { inWords, typed, typedMinor, yuan } from '@/parts/money'
import { Empty, Skeleton, Trouble } from '@/parts/Trouble'
import { when } from '@/parts/time'
import { asksForFactor, StepUp } from '../door/StepUp'
import { rowsOf, useLiveList } from '../lists/CaseList'
import { useRowCommand } from '../lists/useRowCommand'
import { Basis } from './Basis'

type Row = Approval & OfCase

/** Seconds in which the second press has to follow the first. */
const SECOND_PRESS_S = 8

const isOwn = (row: Row, me: Self): boolean => (row.asked_by_id ? row.asked_by_id === me.id : row.asked_by === me.display_name)

export function ApprovalsPage(): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  useLiveList('approvals')
  const query = useInfiniteQuery(approvalsQuery)
  const rows = rowsOf(query)
  const [chosen, setChosen] = useState<string | null>(null)
  const at = Math.max(
    0,
    rows.findIndex((row) => row.id === chosen),
  )
  const row = rows[at]
  const total = rows.reduce((sum, it) => sum + it.amount_minor, 0)
  const move = (to: number) => setChosen(rows[Math.max(0, Math.min(rows.length - 1, to))]?.id ?? null)
  useKeys({ j: { label: t('keys.move'), shown: 'J K', run: () => move(at + 1) }, k: () => move(at - 1) })
  return (
    <>
      <aside className="als col">
        <div className="top">
          <h1>{t('approval.page')}</h1>
          <span className="q num">
            {t('approval.sum', { count: rows.length, more: query.hasNextPage ? '+' : '', amount: yuan(total) })}
          </span>
        </div>
        <div className="scroll">
          <Trouble error={query.error} onRetry={() => void query.refetch()} />
          {query.isPending && !query.error ? <Skeleton rows={6} height={78} /> : null}
          {rows.map((it) => (
            <button
              key={it.id}
              type="button"
              className={`al ${it === row ? 'cur' : ''} ${isOwn(it, me) ? 'own' : ''}`}
              aria-pressed={it === row}
              onClick={() => setChosen(it.id)}
            >
              <span className="row between">
                <Countdown at={it.expires_at} from={it.asked_at} />
                <b className="num">{yuan(it.amount_minor)}</b>
              </span>
              <span className="m clip">
                {word('subject', it.subject)}·{it.title}
              </span>
              <span className="row between xs q">
                <span className="clip">{it.asked_by}</span>
                <span className="clip">{isOwn(it, me) ? t('approval.own') : me.shopByCode(it.shop)?.title}</span>
              </span>
            </button>
          ))}
          {query.hasNextPage ? (
            <div className="pad">
              <Button onClick={() => void query.fetchNextPage()}>{t('more')}</Button>
            </div>
          ) : null}
        </div>
        <div className="al2 xs q">
          <span>
            <kbd>J</kbd> <kbd>K</kbd> {t('queue.foot.move')} <kbd>Y</kbd> {t('approval.approve')} <kbd>D</kbd>{' '}
            {t('approval.decline')}
          </span>
        </div>
      </aside>
      <main className="col grow surface">
        {row ? (
          <One key={row.id} row={row} me={me} />
        ) : (
          <div className="pad stack">
            <SearchBox />
            {query.data ? <Empty title={t('approval.empty')}>{t('approval.empty_hint')}</Empty> : null}
          </div>
        )}
      </main>
    </>
  )
}

function One({ row, me }: { row: Row; me: Self }): JSX.Element {
  const { t } = useTranslation()
  const { run, busy, error } = useRowCommand('approvals')
  const { data: view, error: missing } = useQuery(caseQuery({ shop: row.shop, id: row.case_id }))
  const [armed, setArmed] = useState(false)
  const [declining, setDeclining] = useState(false)
  const [changing, setChanging] = useState(false)
  const [note, setNote] = useState('')
  const [money, setMoney] = useState(typed(row.amount_minor))
  const own = isOwn(row, me)
  const may = me.can(`approve_${row.subject}`) && !own
  const minor = changing ? typedMinor(money) : row.amount_minor
  useEffect(() => {
    if (!armed) return
    const over = setTimeout(() => setArmed(false), SECOND_PRESS_S * 1000)
    return () => clearTimeout(over)
  }, [armed])
  const decide = () => {
    if (minor === undefined) return
    void run(row, approve(row.id), { note, ...(minor !== row.amount_minor ? { amount_minor: minor } : {}) })
  }
  const yes = () => {
    if (!may || minor === undefined || busy) return
    if (!armed) return setArmed(true)
    decide()
  }
  const no = () => {
    if (!may) return
    if (!declining) return setDeclining(true)
    if (note.trim()) void run(row, decline(row.id), { note: note.trim() })
  }
  useKeys({
    ...(may
      ? {
          y: { label: t('keys.approve'), run: yes },
          d: { label: t('keys.decline'), run: no },
          m: { label: t('keys.change_amount'), run: () => setChanging(true) },
        }
      : {}),
    Escape: {
      label: t('keys.back'),
      run: () => {
        setArmed(false)
        setDeclining(false)
        setChanging(false)
      },
    },
  })
  const offer = view?.sent_offers.find((it) => it.id === row.subject_id)
  return (
    <>
      <div className="apm scroll">
        <div className="row between">
          <span className="xs q">
            <Link to="/cases/$shop/$id" params={{ shop: row.shop, id: row.case_id }}>
              {row.case_no}
            </Link>
            ·{row.title}·{t('approval.binds_version', { version: row.asked_on_version ?? row.case_version })}·
            {t('approval.asked', { who: row.asked_by, at: when(row.asked_at) })}
          </span>
          <span className="row xs q">
            {t('approval.expires')} <Countdown at={row.expires_at} from={row.asked_at} />
          </span>
        </div>
        <div className="row apa">
          <div className="num big44">{yuan(row.amount_minor)}</div>
          <div>
            <div className="b xl">
              {offer
                ? `${word('remedy', offer.remedy)}${offer.means ? `·${word('means', offer.means)}` : ''}`
                : word('subject', row.subject)}
            </div>
            <div className="q">
              {inWords(row.amount_minor)}
              {view
                ? t('strip.to', { who: `${view.buyer?.masked_name ?? view.case.buyer_masked} ${view.buyer?.masked_phone ?? ''}` })
                : ''}
            </div>
          </div>
        </div>
        <Trouble error={missing} />
        {view ? <Basis row={row} view={view} offer={offer} /> : missing ? null : <Skeleton rows={6} />}
        {asksForFactor(error) ? <StepUp error={error} onProved={decide} /> : <Trouble error={error} />}
      </div>
      <footer className="apx">
        {own ? (
          <span className="q">{t('approval.own_long')}</span>
        ) : !may ? (
          <span className="q">{t('action.not_yours')}</span>
        ) : (
          <>
            {armed ? (
              <div className="cfm" role="status">
                <span className="row">
                  <Icon name="approve" size="l" />
                  <span>
                    <b>{t('approval.again')}</b>
                    <span className="xs q2 blk">
                      {t('approval.again_note', { amount: yuan(minor), seconds: SECOND_PRESS_S })}
                    </span>
                  </span>
                </span>
                <div className="hold">
                  <i className="run" />
                </div>
              </div>
            ) : declining ? (
              <div className="grow">
                <TextField label={t('approval.note_decline')} value={note} onChange={setNote} autoFocus />
              </div>
            ) : changing ? (
              <div className="grow">
                <MoneyField
                  label={t('approval.other_amount')}
                  value={money}
                  onChange={setMoney}
                  autoFocus
                  hint={t('approval.rebinds')}
                />
              </div>
            ) : (
              <span className="grow" />
            )}
            <Button keys="D" onClick={no} busy={busy} disabled={declining && !note.trim()}>
              {declining ? t('approval.decline_now') : t('approval.decline_why')}
            </Button>
            {changing ? null : (
              <Button keys="M" onClick={() => setChanging(true)}>
                {t('approval.change_amount')}
              </Button>
            )}
            <Link className="btn" to="/cases/$shop/$id" params={{ shop: row.shop, id: row.case_id }}>
              {t('approval.take_over')}
            </Link>
            <Button look="primary" keys="Y" busy={busy} onClick={yes} disabled={minor === undefined}>
              {t(armed ? 'approval.approve_again' : 'approval.approve_amount', { amount: yuan(minor) })}
            </Button>
          </>
        )}
      </footer>
    </>
  )
}
