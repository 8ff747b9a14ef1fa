// The cases behind a figure. Owns the list; back leads to the charts.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { JSX } from 'react'
import { valueWord } from '@/api/catalogue'
import { useScenarios } from '@/app/me'
import { useTranslation, word } from '@/i18n'
import { Button } from '@/parts/form'
import { yuan } from '@/parts/money'
import { Empty, Skeleton, Trouble } from '@/parts/Trouble'
import { when } from '@/parts/time'
import { drillQuery, type Period } from './figures'
import { useResults } from './results'

export function Drill({
  shop,
  period,
  figure,
  of,
  onClose,
}: {
  shop: string
  period: Period
  figure: string
  of: string
  onClose: () => void
}): JSX.Element {
  const { t } = useTranslation()
  const scenarios = useScenarios()
  const results = useResults()
  const query = useInfiniteQuery(drillQuery(shop, period, figure, of))
  const rows = query.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section className="card panel drill" aria-label={t('board.drill')}>
      <header className="row between">
        <b>
          {t('board.drill')}{' '}
          {figure === 'cause' && of ? (of === 'unknown' ? t('board.unknown') : valueWord('diagnosis.cause', of)) : ''}
        </b>
        <Button small keys="Esc" onClick={onClose}>
          {t('close')}
        </Button>
      </header>
      <Trouble error={query.error} onRetry={() => void query.refetch()} />
      {query.isLoading ? <Skeleton rows={8} /> : null}
      {query.data && rows.length === 0 ? <Empty title={t('board.drill_none')} /> : null}
      {rows.map((row) => (
        <Link key={row.case_id} className="lr" to="/cases/$shop/$id" params={{ shop, id: row.case_id }}>
          <span className="grow">
            <span className="m clip">{row.title || scenarios.title(row.scenario)}</span>
            <span className="xs q">{[row.case_no, row.buyer_masked].filter(Boolean).join('·')}</span>
          </span>
          <span className="xs q">{row.cause ? valueWord('diagnosis.cause', row.cause) : ''}</span>
          <span className="xs">{row.result ? results(row.result) : word('stage', row.stage)}</span>
          <span className="num">{yuan(row.amount_minor)}</span>
          <span className="xs q num">{when(row.at)}</span>
        </Link>
      ))}
      {query.hasNextPage ? (
        <Button onClick={() => void query.fetchNextPage()} busy={query.isFetchingNextPage}>
          {t('more')}
        </Button>
      ) : null}
    </section>
  )
}
