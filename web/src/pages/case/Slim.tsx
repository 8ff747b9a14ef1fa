// My other cases beside the open one. Owns a narrow list; the queue page is where work is chosen.
import { type QueryClient, useInfiniteQuery } from '@tanstack/react-query'
import { type JSX, memo, useMemo } from 'react'
import { queueQuery } from '@/api/queries'
import type { Page, QueueItem, Shop } from '@/api/types'
import { useMe, useScenarios } from '@/app/me'
import { useTranslation } from '@/i18n'
import { caseHref, Go } from '@/parts/Go'
import { AtZero, Countdown } from '@/parts/marks'
import { yuan } from '@/parts/money'
import { useNow } from '@/parts/time'

/** The case before or after in the list one came from: the longest loaded view that has it. */
export function neighbours(queries: QueryClient, id: string, step: number): QueueItem | undefined {
  const lists = queries
    .getQueriesData<{ pages: Page<QueueItem>[] }>({ queryKey: ['queue'] })
    .map(([, data]) => data?.pages.flatMap((page) => page.items) ?? [])
    .filter((items) => items.some((item) => item.id === id))
    .sort((one, other) => other.length - one.length)
  const items = lists[0]
  const at = items?.findIndex((item) => item.id === id) ?? -1
  return at < 0 ? undefined : items?.[at + step]
}

export function Slim({ current }: { current: string }): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const { data } = useInfiniteQuery(queueQuery('mine'))
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data])
  const place = rows.findIndex((row) => row.id === current)
  return (
    <nav className="slim col" aria-label={t('case.my_queue')}>
      <div className="sh row between">
        <Go href="/" className="b ink">
          {t('case.my_queue')}
        </Go>
        <span className="xs q num">
          {place >= 0 ? `${place + 1} / ${rows.length}${data?.pages.at(-1)?.next ? '+' : ''}` : rows.length || ''}
        </span>
      </div>
      <div className="scroll">
        {data && rows.length === 0 ? <p className="pad xs q">{t('case.none_mine')}</p> : null}
        {rows.map((row) => (
          <SlimRow key={row.id} row={row} shop={me.shopById(row.shop_id)} current={row.id === current} />
        ))}
      </div>
      <div className="sfoot xs q">
        <kbd>[</kbd> <kbd>]</kbd> {t('case.previous_next')}
      </div>
    </nav>
  )
}

/** Drawn anew when it changes itself or becomes the open one, not with every step from case to case. */
const SlimRow = memo(function SlimRow({ row, shop, current }: { row: QueueItem; shop?: Shop; current: boolean }): JSX.Element {
  const scenarios = useScenarios()
  const now = useNow()
  return (
    <Go className="sr1" href={caseHref(shop?.code ?? '', row.id)} aria-current={current ? 'true' : undefined}>
      <span className="row between">
        {row.next_state || row.next_deadline_at ? (
          <Countdown at={row.next_deadline_at} state={row.next_state} from={row.opened_at} />
        ) : (
          <span />
        )}
        <span className="num xs q2">{yuan(row.amount_minor, row.currency)}</span>
      </span>
      <span className="clip m">{row.title || scenarios.title(row.scenario)}</span>
      <span className="row between xs q">
        <span className="clip">{shop?.title}</span>
        <AtZero code={row.next_at_zero} past={row.next_deadline_at ? new Date(row.next_deadline_at).getTime() <= now : false} />
      </span>
    </Go>
  )
})
