// Steps three and four: the dry run, its figures, the import under way. Owns the speed shown, measured between two answers.
import { type JSX, useEffect, useRef, useState } from 'react'
import { useTranslation } from '@/i18n'

import { Button } from '@/parts/form'
import { Progress } from '@/parts/Progress'
import { Figures } from './Figures'
import type { Steer } from './ImportsPage'
import { type Job, working } from './jobs'

export function Work({
  shop,
  job,
  steer,
  onColumns,
}: {
  shop: string
  job: Job
  steer: Steer
  onColumns: () => void
}): JSX.Element {
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)
  const say = async (word: string) => {
    setBusy(true)
    await steer(word)
    setBusy(false)
  }
  const checked = job.state === 'checked'
  return (
    <>
      {checked ? null : (
        <div className="card pad stack">
          <div className="row between">
            <b>{t(`imports.state.${job.state}`)}</b>
            <span className="num">
              {job.total ? t('imports.progress', { done: job.done, total: job.total }) : t('imports.reading')}
            </span>
          </div>
          <Progress label={t(`imports.state.${job.state}`)} done={job.done} total={job.total} />
          <div className="row between">
            <Speed job={job} />
            <span className="row gap">
              {job.state === 'running' ? (
                <Button busy={busy} onClick={() => void say('pause')}>
                  {t('imports.pause')}
                </Button>
              ) : null}
              {job.state === 'paused' ? (
                <Button look="primary" busy={busy} onClick={() => void say('resume')}>
                  {t('imports.resume')}
                </Button>
              ) : null}
              {job.state !== 'undoing' ? (
                <Button busy={busy} onClick={() => void say('stop')}>
                  {t('imports.stop')}
                </Button>
              ) : null}
            </span>
          </div>
          <div className="q">{t('imports.safe')}</div>
        </div>
      )}
      <Figures shop={shop} job={job} />
      {checked ? (
        <div className="row gap">
          <Button
            look="primary"
            busy={busy}
            disabled={job.figures.orders_new === 0}
            why={t('imports.nothing_new')}
            onClick={() => void say('start')}
          >
            {t('imports.start', { count: job.figures.orders_new })}
          </Button>
          <Button onClick={onColumns}>{t('imports.change_mapping')}</Button>
        </div>
      ) : null}
    </>
  )
}

function Speed({ job }: { job: Job }): JSX.Element {
  const { t } = useTranslation()
  const first = useRef<{ state: string; done: number; at: number }>(undefined)
  const [rate, setRate] = useState(0)
  useEffect(() => {
    const now = performance.now()
    if (first.current?.state !== job.state || job.done < first.current.done) {
      first.current = { state: job.state, done: job.done, at: now }
      setRate(0)
    } else if (now - first.current.at > 800) {
      setRate(((job.done - first.current.done) / (now - first.current.at)) * 1000)
    }
  }, [job.state, job.done])
  if (!working(job.state) || rate <= 0) return <span />
  const seconds = (job.total - job.done) / rate
  const left =
    seconds < 5
      ? t('imports.left_soon')
      : seconds < 90
        ? t('imports.left_seconds', { n: Math.round(seconds) })
        : t('imports.left_minutes', { n: Math.round(seconds / 60) })
  return <span className="q num">{t('imports.rate', { rate: Math.round(rate), left })}</span>
}
