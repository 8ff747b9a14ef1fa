// The last step: what the import did, and taking it back. Owns asking twice before orders are deleted.
import { type JSX, useState } from 'react'
import { deskNow } from '@/api/client'
import { useTranslation } from '@/i18n'
import { Button } from '@/parts/form'
import { when } from '@/parts/time'
import { Figures } from './Figures'
import type { Steer } from './ImportsPage'
import type { Job } from './jobs'

export function Report({ shop, job, steer }: { shop: string; job: Job; steer: Steer }): JSX.Element {
  const { t } = useTranslation()
  const [sure, setSure] = useState(false)
  const open = job.undo_until !== null && new Date(job.undo_until).getTime() > deskNow()
  return (
    <>
      <div className="row gap">
        <b>{t(`imports.state.${job.state}`)}</b>
        <span className="q num">{when(job.ended_at)}</span>
      </div>
      <Figures shop={shop} job={job} />
      {open ? (
        <div className="row gap wrap">
          <Button look={sure ? 'danger' : 'plain'} onClick={() => (sure ? void steer('undo') : setSure(true))}>
            {sure ? t('imports.undo_sure', { count: job.figures.orders_new }) : t('imports.undo')}
          </Button>
          <span className="q">{t('imports.undo_until', { at: when(job.undo_until) })}</span>
        </div>
      ) : null}
    </>
  )
}
