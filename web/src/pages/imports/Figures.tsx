// What a dry run found or an import did, in figures, with the list of wrong rows. Owns which figures are worth a line.
import type { JSX } from 'react'
import { href } from '@/api/client'
import { useTranslation } from '@/i18n'
import { Icon } from '@/parts/Icon'
import { yuan } from '@/parts/money'
import { type Job, jobsPath } from './jobs'

export function Figures({ shop, job }: { shop: string; job: Job }): JSX.Element | null {
  const { t } = useTranslation()
  const { figures, state } = job
  if (figures.rows === 0) return null
  const dry = state === 'checking' || state === 'checked'
  const rows: [string, string, boolean][] = [
    [t('imports.figure.rows'), figures.rows.toLocaleString('en-US'), true],
    [dry ? t('imports.figure.orders_new_dry') : t('imports.figure.orders_new'), figures.orders_new.toLocaleString('en-US'), true],
    [t('imports.figure.orders_known'), figures.orders_known.toLocaleString('en-US'), figures.orders_known > 0],
    [t('imports.figure.lines_new'), figures.lines_new.toLocaleString('en-US'), true],
    [t('imports.figure.lines_minor'), yuan(figures.lines_minor, job.mapping?.currency), true],
    [t('imports.figure.left_alone'), figures.left_alone.toLocaleString('en-US'), figures.left_alone > 0],
    [t('imports.figure.rows_bad'), figures.rows_bad.toLocaleString('en-US'), true],
    [t('imports.figure.undone'), figures.undone.toLocaleString('en-US'), figures.undone > 0],
    [t('imports.figure.kept'), figures.kept.toLocaleString('en-US'), figures.kept > 0],
  ]
  const ended = !['checking', 'running', 'paused', 'undoing'].includes(state)
  return (
    <div className="card pad stack">
      <dl className="figs">
        {rows
          .filter(([, , shown]) => shown)
          .map(([name, figure]) => (
            <div key={name}>
              <dt className="q">{name}</dt>
              <dd className="num">{figure}</dd>
            </div>
          ))}
      </dl>
      {figures.rows_bad > 0 && ended && job.name ? (
        <div className="row gap wrap">
          <a className="btn" href={href(jobsPath(shop, `/${job.id}/errors`))} download="import-errors.csv">
            <Icon name="list" size="s" />
            {t('imports.errors', { count: figures.rows_bad })}
          </a>
          <span className="q">{t('imports.errors_hint')}</span>
        </div>
      ) : null}
    </div>
  )
}
