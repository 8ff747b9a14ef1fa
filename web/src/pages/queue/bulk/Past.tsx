// One's latest jobs with what came of them. Owns the list; those that never began are not told.
import { useQuery } from '@tanstack/react-query'
import type { JSX } from 'react'
import { useTranslation } from '@/i18n'
import { yuan } from '@/parts/money'
import { Empty, Skeleton, Trouble } from '@/parts/Trouble'
import { when } from '@/parts/time'
import { finished, isIdle, isMoney, type Job, jobsQuery } from './jobs'

export function Past({ onOpen }: { onOpen: (id: string) => void }): JSX.Element {
  const { t } = useTranslation()
  const { data, error } = useQuery(jobsQuery)
  const jobs = data?.filter((job) => !isIdle(job)) ?? []
  const rest = (job: Job) =>
    (['waiting', 'stale', 'refused'] as const)
      .map((end) => (job.counts[end] ? `${t(`bulk.end.${end}`)} ${job.counts[end]}` : ''))
      .filter(Boolean)
      .join('·')
  return (
    <div className="bkr">
      <Trouble error={error} />
      {!data && !error ? <Skeleton rows={6} height={44} /> : null}
      {data && jobs.length === 0 ? (
        <div className="pad">
          <Empty title={t('bulk.past_none')}>{t('bulk.past_hint')}</Empty>
        </div>
      ) : null}
      {jobs.map((job) => {
        const { done, total } = finished(job)
        return (
          <button key={job.id} type="button" className="bkpast" onClick={() => onOpen(job.id)}>
            <span className="q num nw">{when(job.at)}</span>
            <b>{t(`bulk.action.${job.what.do}`)}</b>
            <span className="num nw">{t('bulk.progress', { done, total })}</span>
            <span className="grow xs q clip">{rest(job)}</span>
            {isMoney(job.what) ? <span className="num nw">{yuan(job.counts.done_minor, job.currency || 'CNY')}</span> : null}
            <span className={job.state === 'done' ? 'good nw' : 'q nw'}>{t(`bulk.state.${job.state}`)}</span>
          </button>
        )
      })}
    </div>
  )
}
