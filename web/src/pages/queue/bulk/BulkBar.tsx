// The job under way above the rows of the queue, also after the page was closed and opened again. Owns a line; the sheet shows the rest.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type JSX, useEffect, useRef } from 'react'
import { useMe } from '@/app/me'
import { useTranslation } from '@/i18n'
import { Button } from '@/parts/form'
import { Progress } from '@/parts/Progress'
import { finished, jobsQuery } from './jobs'
import { Left } from './Running'

export function BulkBar({ onOpen }: { onOpen: (id: string) => void }): JSX.Element | null {
  const { t } = useTranslation()
  const me = useMe()
  const queries = useQueryClient()
  const { data } = useQuery({ ...jobsQuery, enabled: me.can('flag') })
  const job = data?.find((one) => one.state === 'running' || one.state === 'paused')
  const was = useRef<string | undefined>(undefined)
  useEffect(() => {
    // What it did shows in the rows once it is over.
    if (was.current && was.current !== job?.id) void queries.invalidateQueries({ queryKey: ['queue'] })
    was.current = job?.id
  }, [job?.id, queries])
  if (!job) return null
  const { done, total } = finished(job)
  return (
    <div className="bkbar" role="status">
      <b className="nw">{t(`bulk.action.${job.what.do}`)}</b>
      <span className="nw q">{t(`bulk.state.${job.state}`)}</span>
      <span className="num nw">{t('bulk.progress', { done, total })}</span>
      <Progress label={t('bulk.bar')} done={done} total={total} />
      <Left job={job} />
      <Button small onClick={() => onOpen(job.id)}>
        {t('bulk.see')}
      </Button>
    </div>
  )
}
