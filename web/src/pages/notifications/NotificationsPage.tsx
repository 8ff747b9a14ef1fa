// What one is told of: named in a note, given a case, one's scheduled words, cases one watches. Owns the list and reading it.
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type JSX, useState } from 'react'
import { markRead, type Notification, notificationsQuery } from '@/api/together'
import { useKeys } from '@/app/keys'
import { Top } from '@/app/Top'
import { t as text, useTranslation } from '@/i18n'
import { Button } from '@/parts/form'
import { Icon, type IconName } from '@/parts/Icon'
import { Empty, Skeleton, Trouble } from '@/parts/Trouble'
import { exact, when } from '@/parts/time'

const ICONS: Record<Notification['kind'], IconName> = {
  mention: 'bubble',
  assigned: 'user',
  later: 'clock',
  watched: 'eye',
  webhook: 'send',
}

export function NotificationsPage(): JSX.Element {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const query = useInfiniteQuery(notificationsQuery)
  const [at, setAt] = useState(0)
  const [error, setError] = useState<Error | null>(null)
  const rows = query.data?.pages.flatMap((page) => page.items) ?? []
  const unread = query.data?.pages[0]?.unread ?? 0
  const chosen = Math.min(at, rows.length - 1)
  const read = async (which: { ids?: string[] }) => {
    setError(null)
    try {
      await markRead(which)
    } catch (problem) {
      setError(problem as Error)
    }
    await queries.invalidateQueries({ queryKey: ['notifications'] })
  }
  const open = (row: Notification | undefined) => {
    if (!row) return
    if (!row.read_at) void read({ ids: [row.id] })
    if (row.kind === 'webhook') return void navigate({ to: '/settings', search: { tab: 'webhooks' } })
    void navigate({ to: '/cases/$shop/$id', params: { shop: row.shop, id: row.case_id } })
  }
  useKeys({
    j: { label: t('together.told.down'), run: () => setAt(Math.min(chosen + 1, rows.length - 1)) },
    k: { label: t('together.told.up'), run: () => setAt(Math.max(chosen - 1, 0)) },
    Enter: { label: t('together.told.open'), run: () => open(rows[chosen]) },
    e: { label: t('together.told.all_read'), run: () => void read({}) },
  })
  return (
    <main className="col grow surface">
      <Top
        title={t('together.told.title')}
        note={unread ? t('together.told.unread', { count: unread }) : t('together.told.none_unread')}
      >
        <Button keys="E" disabled={!unread} onClick={() => void read({})}>
          {t('together.told.all_read')}
        </Button>
      </Top>
      <Trouble error={error ?? query.error} onRetry={() => void query.refetch()} />
      <div className="scroll">
        {query.isPending && !query.error ? <Skeleton rows={10} height={56} /> : null}
        {query.data && rows.length === 0 ? (
          <div className="pad">
            <Empty title={t('together.told.empty')}>{t('together.told.empty_note')}</Empty>
          </div>
        ) : null}
        <ul className="tolds" aria-label={t('together.told.title')}>
          {rows.map((row, place) => (
            <li key={row.id}>
              <button
                type="button"
                className={`told${row.read_at ? '' : ' unread'}`}
                aria-current={place === chosen ? true : undefined}
                onClick={() => open(row)}
              >
                <span className={`tk ${row.kind}`}>
                  <Icon name={ICONS[row.kind]} />
                </span>
                <span className="grow">
                  <span className="row">
                    <b className="clip">{said(row)}</b>
                    {row.count > 1 ? <span className="xs q num nw">{t('together.told.times', { count: row.count })}</span> : null}
                    {row.read_at ? null : <span className="sr">{t('together.told.new')}</span>}
                  </span>
                  <span className="xs q2 clip">
                    {row.title} <span className="num q">{row.case_no}</span>
                  </span>
                </span>
                <time className="xs q num nw" title={exact(row.at)}>
                  {when(row.at)}
                </time>
              </button>
            </li>
          ))}
        </ul>
        {query.hasNextPage ? (
          <div className="pad">
            <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t('together.told.more')}
            </Button>
          </div>
        ) : null}
      </div>
    </main>
  )
}

/** One sentence: who did what. */
function said(row: Notification): string {
  const who = row.actor ?? text('together.told.desk')
  if (row.kind === 'webhook') return text('webhooks.told', { shop: row.shop })
  if (row.kind === 'watched') return `${who} ${text(`together.told.what.${row.what}` as never)}`
  if (row.kind === 'later') return text(row.what === 'later_left' ? 'together.told.later_left' : 'together.told.later_held')
  return text(row.kind === 'mention' ? 'together.told.mention' : 'together.told.assigned', { who })
}
