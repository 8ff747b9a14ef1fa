// Solved cases like the one at hand and how they ended. Owns the list; the desk says which are alike.
import { queryOptions, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { JSX } from 'react'
import { get } from '@/api/client'
import { type CaseAt, casePath } from '@/api/useCommand'
import { t, useTranslation } from '@/i18n'
import { useResults } from '@/pages/board/results'
import { yuan } from '@/parts/money'
import { when } from '@/parts/time'
import { useWork } from './work'

interface SimilarCase {
  case_id: string
  case_no: string
  title: string
  result: string
  spent_minor: number | null
  satisfaction: number | null
  closed_at: string
  same: { article: boolean; scenario: boolean; cause: boolean }
}

const similarQuery = (at: CaseAt) =>
  queryOptions({
    queryKey: ['similar', at.shop, at.id],
    queryFn: ({ signal }) => get<{ items: SimilarCase[] }>(casePath(at, 'similar'), signal),
    staleTime: 60_000,
  })

function spentOf({ spent_minor }: SimilarCase): string {
  if (spent_minor === null) return ''
  return spent_minor ? t('similar.spent', { amount: yuan(spent_minor) }) : t('similar.free')
}

export function Similar(): JSX.Element | null {
  const { t } = useTranslation()
  const { at } = useWork()
  const results = useResults()
  const { data } = useQuery(similarQuery(at))
  if (!data) return null
  return (
    <div className="os" id="similar">
      <b>{t('similar.title')}</b>
      {data.items.length ? null : <div className="xs q">{t('similar.none')}</div>}
      {data.items.map((row) => (
        <Link key={row.case_id} className="like" to="/cases/$shop/$id" params={{ shop: at.shop, id: row.case_id }}>
          <span className="row between">
            <span className="clip">{row.title || row.case_no}</span>
            <span className="xs q num nw">{when(row.closed_at)}</span>
          </span>
          <span className="row between xs">
            <span className="clip">{[results(row.result), spentOf(row)].filter(Boolean).join('·')}</span>
            <span className="q nw">
              {[
                ...(['article', 'cause', 'scenario'] as const)
                  .filter((key) => row.same[key])
                  .map((key) => t(`similar.same.${key}`)),
                ...(row.satisfaction ? [t('similar.satisfied', { score: row.satisfaction })] : []),
              ]
                .slice(0, 3)
                .join('·')}
            </span>
          </span>
        </Link>
      ))}
    </div>
  )
}
