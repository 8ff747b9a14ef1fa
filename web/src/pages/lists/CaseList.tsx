// A list over all shops whose rows belong to cases. Owns paging, selection and the live refresh; each page draws its rows.
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import { useQueryClient } from '@tanstack/react-query'
import { type JSX, type ReactNode, useEffect } from 'react'
import { onCaseChanged } from '@/api/live'
import type { OfCase, Page } from '@/api/types'
import { useMe } from '@/app/me'
import { useTranslation } from '@/i18n'
import { Button } from '@/parts/form'
import { caseHref, Go } from '@/parts/Go'
import { useGrowing } from '@/parts/growing'
import { Empty, Skeleton, Trouble } from '@/parts/Trouble'

/** Rows painted with the page; the others follow with the next paints. */
const AT_ONCE = 6

type Query<T> = UseInfiniteQueryResult<InfiniteData<Page<T & OfCase>>, Error>

export function rowsOf<T>(query: Query<T>): (T & OfCase)[] {
  return query.data?.pages.flatMap((page) => page.items) ?? []
}

/** Asks a list again a moment after any case changed. */
export function useLiveList(name: string): void {
  const queries = useQueryClient()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = onCaseChanged(() => {
      timer ??= setTimeout(() => {
        timer = undefined
        void queries.invalidateQueries({ queryKey: [name] })
      }, 1500)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [queries, name])
}

export function CaseList<T extends { id: string }>({
  query,
  empty,
  children,
}: {
  query: Query<T>
  empty: string
  children: (row: T & OfCase) => ReactNode
}): JSX.Element {
  const { t } = useTranslation()
  const all = rowsOf(query)
  const { drawn } = useGrowing(all.length, AT_ONCE, AT_ONCE)
  return (
    <div className="scroll">
      <Trouble error={query.error} onRetry={() => void query.refetch()} />
      {query.isPending && !query.error ? <Skeleton rows={10} height={64} /> : null}
      {query.data && all.length === 0 ? (
        <div className="pad">
          <Empty title={empty} />
        </div>
      ) : null}
      {all.slice(0, drawn).map((row) => (
        <article key={row.id} className="item">
          {children(row)}
        </article>
      ))}
      {query.hasNextPage ? (
        <div className="pad">
          <Button onClick={() => void query.fetchNextPage()} busy={query.isFetchingNextPage}>
            {t('more')}
          </Button>
        </div>
      ) : null}
    </div>
  )
}

export function CaseLink({ row }: { row: OfCase }): JSX.Element {
  const me = useMe()
  return (
    <span className="xs q clip">
      <Go href={caseHref(row.shop, row.case_id)}>{row.case_no}</Go>
      {` ${row.title}·${me.shopByCode(row.shop)?.title ?? row.shop}${row.order_no ? `·${row.order_no}` : ''}`}
    </span>
  )
}
