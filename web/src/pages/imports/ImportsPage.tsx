// The import wizard: jobs of a shop on the left, the one looked at on the right, step by step. Owns which job is looked at.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type JSX, useState } from 'react'
import { post } from '@/api/client'
import { useMe } from '@/app/me'
import { Top } from '@/app/Top'
import { useTranslation } from '@/i18n'
import { Button, SelectField } from '@/parts/form'
import { Icon } from '@/parts/Icon'
import { Empty, Trouble } from '@/parts/Trouble'
import { when } from '@/parts/time'
import { Columns } from './Columns'
import { Drop } from './Drop'
import { type Job, jobsPath, jobsQuery, type Mapping, STEP_OF, STEPS } from './jobs'
import { Report } from './Report'
import { Work } from './Work'

export function ImportsPage(): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const search = useSearch({ from: '/frame/imports' })
  const shop = search.shop ?? me.shops[0]?.code ?? ''
  const { data, error } = useQuery(jobsQuery(shop))
  const job = data?.find((one) => one.id === search.job)
  const open = (id: string | undefined) => void navigate({ to: '/imports', search: { shop, ...(id ? { job: id } : {}) } })
  return (
    <>
      <nav className="pls col" aria-label={t('imports.jobs')}>
        <div className="sh row between">
          <b>{t('imports.jobs')}</b>
          <Button small icon="plus" onClick={() => open(undefined)}>
            {t('imports.new')}
          </Button>
        </div>
        {me.shops.length > 1 ? (
          <SelectField
            label={t('imports.shop')}
            value={shop}
            onChange={(next) => void navigate({ to: '/imports', search: { shop: next } })}
            options={me.shops.map((one) => ({ value: one.code, label: one.title }))}
          />
        ) : null}
        <div className="scroll">
          <Trouble error={error} />
          {data?.length === 0 ? <Empty title={t('imports.none')}>{t('imports.none_hint')}</Empty> : null}
          {data?.map((one) => (
            <Link
              key={one.id}
              className="pl"
              to="/imports"
              search={{ shop, job: one.id }}
              aria-current={one.id === job?.id ? 'true' : undefined}
            >
              <span className="grow clip">{one.name || '—'}</span>
              <span className={`xs ${one.state === 'failed' ? 'bad' : 'q'}`}>{t(`imports.state.${one.state}`)}</span>
              <span className="xs q num">{when(one.at)}</span>
            </Link>
          ))}
        </div>
      </nav>
      <main className="col grow surface">
        <Top title={t('imports.title')} note={t('imports.note')} />
        <Steps job={job} />
        <div className="scroll pad">
          {job && job.state !== 'uploading' ? (
            <OneJob key={job.id} shop={shop} job={job} />
          ) : (
            <Drop key={job?.id ?? 'new'} shop={shop} job={job} onDone={open} />
          )}
        </div>
      </main>
    </>
  )
}

function Steps({ job }: { job: Job | undefined }): JSX.Element {
  const { t } = useTranslation()
  const here = STEPS.indexOf(job ? STEP_OF[job.state] : 'file')
  return (
    <ol className="wz">
      {STEPS.map((step, at) => (
        <li key={step} aria-current={at === here ? 'step' : undefined} className={at < here ? 'past' : undefined}>
          <span className="no num">{at < here ? <Icon name="check" size="s" /> : at + 1}</span>
          {t(`imports.step.${step}`)}
        </li>
      ))}
    </ol>
  )
}

/** The words that move a job. */
export type Steer = (word: string, mapping?: Mapping) => Promise<void>

function OneJob({ shop, job }: { shop: string; job: Job }): JSX.Element {
  const queries = useQueryClient()
  const [error, setError] = useState<Error | null>(null)
  const [columns, setColumns] = useState(false)
  const steer: Steer = async (word, mapping) => {
    setError(null)
    try {
      await post(jobsPath(shop, `/${job.id}/steer`), mapping ? { word, mapping } : { word })
      setColumns(false)
    } catch (problem) {
      setError(problem as Error)
    }
    await queries.invalidateQueries({ queryKey: ['imports', shop] })
  }
  const step = STEP_OF[job.state]
  return (
    <div className="stack">
      <Trouble error={error} />
      {step === 'mapping' || columns ? (
        <Columns shop={shop} job={job} steer={steer} />
      ) : step === 'report' && job.state !== 'undoing' ? (
        <Report shop={shop} job={job} steer={steer} />
      ) : (
        <Work shop={shop} job={job} steer={steer} onColumns={() => setColumns(true)} />
      )}
    </div>
  )
}
