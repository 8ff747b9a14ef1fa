// The rows of a job in one group or end, each with its reason. Owns paging; a row leads to its case.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { JSX } from 'react'
import { useMe } from '@/app/me'
import { both, useTranslation } from '@/i18n'
import { Button } from '@/parts/form'
import { yuan } from '@/parts/money'
import { Scroll } from '@/parts/Scroll'
import { Skeleton, Trouble } from '@/parts/Trouble'
import { isMoney, type Job, type JobRow, rowsQuery } from './jobs'

export function Rows({ job, by, empty }: { job: Job; by: { group?: string; state?: string }; empty: string }): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const query = useInfiniteQuery(rowsQuery(job.id, by, job.version))
  const rows = query.data?.pages.flatMap((page) => page.items) ?? []
  const money = isMoney(job.what)
  return (
    <Scroll label={t('bulk.rows')} className="bkr">
      <Trouble error={query.error} />
      {query.isPending ? <Skeleton rows={6} height={36} /> : null}
      {query.data && rows.length === 0 ? <p className="q pad">{empty}</p> : null}
      {rows.length ? (
        <table className="bkt">
          <thead>
            <tr>
              <th scope="col">{t('bulk.column.case')}</th>
              <th scope="col">{t('bulk.column.about')}</th>
              {money ? (
                <th scope="col" className="r">
                  {t('bulk.column.amount')}
                </th>
              ) : null}
              <th scope="col">{t('bulk.column.why')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.n}>
                <td className="num nw">
                  <Link
                    to="/cases/$shop/$id"
                    params={{ shop: me.shopById(row.shop_id)?.code ?? '', id: row.case_id }}
                    target="_blank"
                  >
                    {row.case_no || '—'}
                  </Link>
                </td>
                <td>
                  <div className="clip">{row.title || '—'}</div>
                  <div className="xs q clip">{[row.buyer_masked, row.order_no].filter(Boolean).join('·')}</div>
                </td>
                {money ? (
                  <td className="r num">{row.amount_minor ? yuan(row.amount_minor, job.currency || 'CNY') : '—'}</td>
                ) : null}
                <td>
                  <Why job={job} row={row} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {query.hasNextPage ? (
        <div className="pad">
          <Button small onClick={() => void query.fetchNextPage()} busy={query.isFetchingNextPage}>
            {t('more')}
          </Button>
        </div>
      ) : null}
    </Scroll>
  )
}

function Why({ job, row }: { job: Job; row: JobRow }): JSX.Element {
  const { t } = useTranslation()
  if (row.why) return <span className="two-lines">{both(row.why)}</span>
  if (row.state === 'done') return <span className="good">{t(isMoney(job.what) ? 'bulk.sent' : 'bulk.end.done')}</span>
  if (row.state === 'waiting') return <span className="warn">{t('bulk.end.waiting')}</span>
  return <span className="q">{t('bulk.plain')}</span>
}
