// The second step: what each column means, on the file's own first rows. Owns the mapping until the dry run takes it.
import { useQuery } from '@tanstack/react-query'
import { type JSX, useState } from 'react'
import { post } from '@/api/client'
import { useTranslation } from '@/i18n'
import { Button, TextField } from '@/parts/form'
import { Skeleton, Trouble } from '@/parts/Trouble'
import type { Steer } from './ImportsPage'
import { FIELDS, type FieldName, type Job, jobsPath, type Looked, type Mapping } from './jobs'

const NEEDED: FieldName[] = ['order_no', 'sku', 'quantity', 'unit_price', 'time']

export function Columns({ shop, job, steer }: { shop: string; job: Job; steer: Steer }): JSX.Element {
  const look = useQuery({
    queryKey: ['imports', shop, job.id, 'look'],
    queryFn: () => post<Looked>(jobsPath(shop, `/${job.id}/look`), job.mapping ? { mapping: job.mapping } : {}),
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (look.error) return <Trouble error={look.error} onRetry={() => void look.refetch()} />
  if (!look.data) return <Skeleton rows={12} />
  return <Known look={look.data} problem={job.state === 'failed' ? job.problem : ''} steer={steer} />
}

function Known({ look, problem, steer }: { look: Looked; problem: string; steer: Steer }): JSX.Element {
  const { t } = useTranslation()
  const [mapping, setMapping] = useState<Mapping>(look.mapping)
  const meaning = (header: string) => FIELDS.find((field) => mapping.columns[field] === header)
  const missing = NEEDED.filter((field) => !look.headers.includes(mapping.columns[field] ?? ''))
  const choose = (header: string, field: FieldName | '') => {
    const rest = Object.entries(mapping.columns).filter(([known, column]) => column !== header && known !== field)
    setMapping({ ...mapping, columns: Object.fromEntries(field ? [...rest, [field, header]] : rest) })
  }
  return (
    <>
      {problem ? (
        <div className="rfc tr" role="alert">
          <b>{t('imports.failed')}</b>
          <p>{problem}</p>
        </div>
      ) : null}
      <div className="row gap wrap">
        <span className="tag">{t(`imports.kind.${look.kind}`)}</span>
        <span className="tag num">{t('imports.rows', { count: look.rows })}</span>
        <span className="q">{t('imports.sample', { count: look.sample.length })}</span>
      </div>
      <div className="xs-scroll card">
        <table className="grid maps">
          <thead>
            <tr>
              {look.headers.map((header) => (
                <th key={header} scope="col">
                  <div className="clip">{header}</div>
                  <select
                    className={meaning(header) ? 'in on' : 'in'}
                    aria-label={t('imports.column_means', { header })}
                    value={meaning(header) ?? ''}
                    onChange={(event) => choose(header, event.target.value as FieldName | '')}
                  >
                    <option value="">{t('imports.ignored')}</option>
                    {FIELDS.map((field) => (
                      <option key={field} value={field}>
                        {t(`imports.field.${field}`)}
                      </option>
                    ))}
                  </select>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {look.sample.map((row, at) => (
              <tr key={at}>
                {look.headers.map((header, column) => (
                  <td key={header} className={meaning(header) ? 'num' : 'num q'}>
                    {row[column]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="row gap wrap start">
        <TextField
          label={t('imports.time_format')}
          value={mapping.time_format}
          onChange={(time_format) => setMapping({ ...mapping, time_format })}
          hint={t('imports.time_hint')}
        />
        <TextField
          label={t('imports.currency')}
          value={mapping.currency}
          maxLength={3}
          onChange={(currency) => setMapping({ ...mapping, currency: currency.toUpperCase() })}
        />
        <TextField
          label={t('imports.prefix')}
          value={mapping.cancellation_prefix ?? ''}
          onChange={(prefix) => setMapping({ ...mapping, cancellation_prefix: prefix || null })}
          hint={t('imports.prefix_hint')}
        />
      </div>
      {missing.length ? (
        <div className="inote" role="status">
          <b>{t('imports.missing', { fields: missing.map((field) => t(`imports.field.${field}`)).join('、') })}</b>
          <div className="q">{t('imports.missing_hint')}</div>
        </div>
      ) : null}
      <div className="row gap">
        <Button look="primary" disabled={missing.length > 0} onClick={() => void steer('check', mapping)}>
          {t('imports.check')}
        </Button>
        <span className="q">{t('imports.check_hint')}</span>
      </div>
    </>
  )
}
