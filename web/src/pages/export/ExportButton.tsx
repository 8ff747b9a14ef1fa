// Takes what is on the screen out as a file. Owns the small panel: form, progress, download; what is in the file is the desk's.
import { useQuery } from '@tanstack/react-query'
import { type JSX, useEffect, useRef, useState } from 'react'
import { useAsk } from '@/api/useCommand'
import { useKeys } from '@/app/keys'
import { useMe } from '@/app/me'
import { useTranslation } from '@/i18n'
import { Button, Segments } from '@/parts/form'
import { Progress } from '@/parts/Progress'
import { Trouble } from '@/parts/Trouble'
import { bytes, type Form, fetchFile, isOver, type Job, jobQuery, newExport, type What } from './jobs'

export function ExportButton({ what, said, small }: { what: What; said: string; small?: boolean }): JSX.Element | null {
  const { t } = useTranslation()
  const me = useMe()
  const [open, setOpen] = useState(false)
  const may = me.can('export')
  useKeys(may ? { 'Shift+x': { label: t('exporting.title'), run: () => setOpen(true) } } : {})
  if (!may) return null
  return (
    <span className="exp">
      <Button small={small} onClick={() => setOpen(!open)}>
        {t('exporting.button')}
      </Button>
      {open ? <Panel what={what} said={said} onClose={() => setOpen(false)} /> : null}
    </span>
  )
}

function Panel({ what, said, onClose }: { what: What; said: string; onClose: () => void }): JSX.Element {
  const { t } = useTranslation()
  const [format, setFormat] = useState<Form>('xlsx')
  const [id, setId] = useState<string>()
  const { ask, busy, error } = useAsk()
  const { data: job, refetch } = useQuery(jobQuery(id))
  useKeys({ Escape: onClose })
  const panel = useRef<HTMLElement>(null)
  useEffect(() => panel.current?.querySelector<HTMLElement>('.btn.pri')?.focus(), [])
  const fetched = useRef('')
  useEffect(() => {
    // A finished file comes by itself, once.
    if (job?.state !== 'done' || fetched.current === job.id) return
    fetched.current = job.id
    fetchFile(job.id)
  }, [job])
  const start = async () => setId((await ask<Job>('/exports', newExport(what, format)))?.id)
  const stop = async () => {
    await ask(`/exports/${id}/stop`, {})
    await refetch()
  }
  return (
    <section ref={panel} className="exppanel card stack" aria-label={t('exporting.title')}>
      <header className="row between">
        <b>{t('exporting.title')}</b>
        <Button small look="ghost" keys="Esc" onClick={onClose}>
          {t('close')}
        </Button>
      </header>
      <div>{said}</div>
      {id && job ? (
        <Under job={job} onStop={() => void stop()} onAgain={() => setId(undefined)} busy={busy} />
      ) : (
        <div className="row between">
          <Segments
            label={t('exporting.format')}
            value={format}
            onChange={setFormat}
            options={[
              { value: 'xlsx', label: t('exporting.xlsx') },
              { value: 'csv', label: t('exporting.csv') },
            ]}
          />
          <Button look="primary" busy={busy || id !== undefined} onClick={() => void start()}>
            {t('exporting.start')}
          </Button>
        </div>
      )}
      <Trouble error={error} />
      <p className="xs q">{t('exporting.rule')}</p>
    </section>
  )
}

function Under({
  job,
  busy,
  onStop,
  onAgain,
}: {
  job: Job
  busy: boolean
  onStop: () => void
  onAgain: () => void
}): JSX.Element {
  const { t } = useTranslation()
  const { state, done, total, size, cut } = job
  if (!isOver(job)) {
    return (
      <div className="stack" aria-live="polite">
        <div className="row between">
          <span>{t(`exporting.${state as 'waiting' | 'running'}`)}</span>
          <span className="num q">{total ? t('exporting.rows_of', { done, total }) : t('exporting.rows', { count: done })}</span>
        </div>
        <Progress label={t('exporting.running')} done={done} total={total} />
        <div className="row end">
          <Button small busy={busy} onClick={onStop}>
            {t('exporting.stop')}
          </Button>
        </div>
      </div>
    )
  }
  return (
    <div className="stack" aria-live="polite">
      <div>
        {state === 'done'
          ? t('exporting.done', { count: done, size: bytes(size) })
          : t(`exporting.${state as 'failed' | 'stopped'}`)}
      </div>
      {cut ? <div className="xs bad">{t('exporting.cut')}</div> : null}
      <div className="row end">
        <Button small onClick={onAgain}>
          {t('exporting.again')}
        </Button>
        {state === 'done' ? (
          <Button small look="primary" onClick={() => fetchFile(job.id)}>
            {t('exporting.fetch')}
          </Button>
        ) : null}
      </div>
    </div>
  )
}
