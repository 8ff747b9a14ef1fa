// A job under way or over: progress, what became of each row, the words that move it. Owns the view; closing it stops nothing.
import { useQueryClient } from '@tanstack/react-query'
import { type JSX, useEffect, useState } from 'react'
import { get } from '@/api/client'
import { figuresQuery } from '@/api/queries'
import type { Page } from '@/api/types'
import { useTranslation } from '@/i18n'
import { Button } from '@/parts/form'
import { yuan } from '@/parts/money'
import { Progress } from '@/parts/Progress'
import { Trouble } from '@/parts/Trouble'
import { useNow, when } from '@/parts/time'
import type { Again, Say } from './BulkSheet'
import { ENDS, finished, isMoney, isWork, type Job, type JobRow, left, type RowState } from './jobs'
import { Rows } from './Rows'

export function Left({ job }: { job: Job }): JSX.Element {
  const { t } = useTranslation()
  const now = useNow()
  const ms = job.state === 'running' ? left(job, now) : undefined
  if (ms === undefined) return <span />
  const s = Math.round(ms / 1000)
  const span =
    s < 5
      ? t('imports.left_soon')
      : s < 90
        ? t('imports.left_seconds', { n: s })
        : t('imports.left_minutes', { n: Math.round(s / 60) })
  return <span className="q num">{t(job.rests_until ? 'bulk.left_paced' : 'bulk.left', { span })}</span>
}

export function Running({ job, say, again }: { job: Job; say: Say; again: Again }): JSX.Element {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [end, setEnd] = useState<RowState>()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const { counts } = job
  const over = job.state === 'done' || job.state === 'stopped'
  const shown =
    end ?? (over ? (counts.stale ? 'stale' : counts.refused ? 'refused' : counts.waiting ? 'waiting' : 'done') : 'done')
  useEffect(() => {
    if (!over) return
    void queries.invalidateQueries({ queryKey: ['queue'] })
    void queries.invalidateQueries({ queryKey: figuresQuery.queryKey })
  }, [over, queries])
  const press = async (word: string) => {
    setBusy(true)
    await say(word)
    setBusy(false)
  }
  const lookAgain = async () => {
    const rows: JobRow[] = []
    try {
      for (let cursor: string | undefined = ''; cursor !== undefined; ) {
        const page: Page<JobRow> = await get(`/bulk/${job.id}/rows?state=stale&limit=200${cursor ? `&cursor=${cursor}` : ''}`)
        rows.push(...page.items)
        cursor = page.next || undefined
      }
    } catch (problem) {
      return setError(problem as Error)
    }
    again(
      rows.map((row) => ({ id: row.case_id, shop_id: row.shop_id, scenario: '' })),
      job,
    )
  }
  const money = isMoney(job.what)
  return (
    <>
      <div className="pad stack bkp">
        <div className="row between">
          <b>
            {t(`bulk.action.${job.what.do}`)}·{t(`bulk.state.${job.state}`)}
          </b>
          <span className="row">
            <Left job={job} />
            <span className="num">{t('bulk.progress', finished(job))}</span>
          </span>
        </div>
        <Progress label={t(`bulk.state.${job.state}`)} {...finished(job)} />
        <div className="row between">
          <span className="xs q">
            {over
              ? t('bulk.ended_at', { at: when(job.ended_at) })
              : job.state === 'paused'
                ? t('bulk.paused_note')
                : t('bulk.goes_on')}
          </span>
          {money ? (
            <span className="num">{t('bulk.done_sum', { amount: yuan(counts.done_minor, job.currency || 'CNY') })}</span>
          ) : null}
        </div>
      </div>
      <div className="bkg" role="tablist" aria-label={t('bulk.results')}>
        {ENDS.filter((it) => it !== 'ready' || counts.ready > 0).map((it) => (
          <button
            key={it}
            type="button"
            role="tab"
            aria-selected={shown === it}
            className={`bkgt ${it}`}
            onClick={() => setEnd(it)}
          >
            <span>{t(money && it === 'done' ? 'bulk.sent' : `bulk.end.${it}`)}</span>
            <b className="num">{t('bulk.cases', { count: counts[it] })}</b>
          </button>
        ))}
      </div>
      <Trouble error={error} />
      <Rows job={job} by={{ state: shown }} empty={t('bulk.none_here')} />
      <footer className="dact bkf">
        <span className="grow xs q">{money ? t('bulk.hold_note') : ''}</span>
        {counts.stale > 0 && over ? (
          <Button onClick={() => void lookAgain()}>{t('bulk.look_again', { count: counts.stale })}</Button>
        ) : null}
        {job.state === 'done' && counts.retryable > 0 ? (
          <Button look="primary" busy={busy} onClick={() => void press('retry')}>
            {t('bulk.retry', { count: counts.retryable })}
          </Button>
        ) : null}
        {isWork(job) ? (
          <Button busy={busy} onClick={() => void press('pause')}>
            {t('bulk.pause')}
          </Button>
        ) : null}
        {job.state === 'paused' ? (
          <Button look="primary" busy={busy} onClick={() => void press('resume')}>
            {t('bulk.resume')}
          </Button>
        ) : null}
        {over ? null : (
          <Button busy={busy} onClick={() => void press('stop')}>
            {t('bulk.stop')}
          </Button>
        )}
      </footer>
    </>
  )
}
