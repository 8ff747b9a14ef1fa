// The log of one subscription: what was told, how it went, and telling again what failed. Owns the table and its keys.
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type JSX, useState } from 'react'
import { useAsk } from '@/api/useCommand'
import { type Delivery, deliveriesQuery, hooksPath, type Webhook } from '@/api/webhooks'
import { useKeys } from '@/app/keys'
import { t as text, useTranslation } from '@/i18n'
import { Button, Segments } from '@/parts/form'
import { Icon, type IconName } from '@/parts/Icon'
import { Empty, Skeleton, Trouble } from '@/parts/Trouble'
import { exact, when } from '@/parts/time'

const LOOK: Record<Delivery['state'], [string, IconName]> = {
  delivered: ['mk ok', 'check'],
  waiting: ['mk', 'clock'],
  failed: ['mk no', 'close'],
}
type Shown = '' | 'failed' | 'waiting'

export function WebhookLog({ shop, hook }: { shop: string; hook: Webhook }): JSX.Element {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [shown, setShown] = useState<Shown>(hook.failed ? 'failed' : '')
  const [at, setAt] = useState(0)
  const [again, setAgain] = useState<number | null>(null)
  const log = useInfiniteQuery(deliveriesQuery(shop, hook.id, shown))
  const { ask, busy, error } = useAsk()
  const rows = log.data?.pages.flatMap((page) => page.items) ?? []
  const chosen = Math.min(at, Math.max(rows.length - 1, 0))
  const row = rows[chosen]
  const can = hook.state === 'active' && !busy
  const replay = (delivery?: string) => {
    setAgain(null)
    void ask<{ count: number }>(hooksPath(shop, hook.id, 'replay'), delivery ? { delivery } : {}).then((answer) => {
      if (!answer) return
      setAgain(answer.count)
      void queries.invalidateQueries({ queryKey: ['webhooks', shop] })
    })
  }
  useKeys({
    j: { label: t('webhooks.down'), run: () => setAt(Math.min(chosen + 1, rows.length - 1)) },
    k: { label: t('webhooks.up'), run: () => setAt(Math.max(chosen - 1, 0)) },
    r: { label: t('webhooks.replay'), run: () => can && row?.state === 'failed' && replay(row.id) },
    'Shift+r': { label: t('webhooks.replay_all'), run: () => can && hook.failed > 0 && replay() },
  })
  return (
    <section className="card pad stack">
      <div className="row between">
        <Segments
          label={t('webhooks.log')}
          value={shown}
          onChange={(next: Shown) => {
            setShown(next)
            setAt(0)
          }}
          options={[
            { value: '', label: t('webhooks.log_all') },
            { value: 'failed', label: `${t('webhooks.log_failed')} ${hook.failed || ''}` },
            { value: 'waiting', label: `${t('webhooks.log_waiting')} ${hook.waiting || ''}` },
          ]}
        />
        <span className="row">
          {again === null ? null : <output className="xs q">{t('webhooks.replayed', { count: again })}</output>}
          <Button small keys="⇧R" busy={busy} disabled={hook.failed === 0 || hook.state !== 'active'} onClick={() => replay()}>
            {t('webhooks.replay_all')}
          </Button>
        </span>
      </div>
      <Trouble error={log.error ?? error} onRetry={() => void log.refetch()} />
      {log.isPending && !log.error ? <Skeleton rows={6} height={34} /> : null}
      {log.data && rows.length === 0 ? <Empty title={t('webhooks.log_empty')}>{t('webhooks.log_empty_note')}</Empty> : null}
      {rows.length ? (
        <table className="grid hooklog">
          <thead>
            <tr>
              <th>{t('webhooks.result')}</th>
              <th>{t('webhooks.event_name')}</th>
              <th>{t('webhooks.case')}</th>
              <th>{t('webhooks.at')}</th>
              <th className="rt">{t('webhooks.tries')}</th>
              <th>
                <span className="sr">{t('webhooks.replay')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((it, place) => (
              <tr key={it.id} aria-current={place === chosen ? true : undefined} title={it.id}>
                <td>
                  <span className={LOOK[it.state][0]}>
                    <Icon name={LOOK[it.state][1]} size="s" />
                    {t(`webhooks.state_${it.state}`)}
                  </span>
                  <span className="xs q sub">{why(it)}</span>
                </td>
                <td>{t(`webhooks.event.${it.kind}` as never)}</td>
                <td className="num">
                  <Link to="/cases/$shop/$id" params={{ shop, id: it.case_id }}>
                    {it.case_no || it.case_id.slice(0, 8)}
                  </Link>
                </td>
                <td className="num nw" title={exact(it.at)}>
                  {when(it.at)}
                </td>
                <td className="num rt">{it.tries}</td>
                <td className="rt">
                  {it.state === 'failed' ? (
                    <Button
                      small
                      {...(place === chosen ? { keys: 'R' } : {})}
                      busy={busy}
                      disabled={hook.state !== 'active'}
                      onClick={() => replay(it.id)}
                    >
                      {t('webhooks.replay')}
                    </Button>
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {log.hasNextPage ? (
        <div>
          <Button small busy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
            {t('webhooks.more')}
          </Button>
        </div>
      ) : null}
    </section>
  )
}

/** What the last try brought, and when the next one is. */
function why(it: Delivery): string {
  const last = it.problem
    ? text(`webhooks.problem.${it.problem}` as never)
    : it.status && it.state !== 'delivered'
      ? text('webhooks.answered', { status: it.status })
      : ''
  const next = it.state === 'waiting' && it.tries && it.next_at ? text('webhooks.next_at', { at: when(it.next_at) }) : ''
  return [last, next].filter(Boolean).join(' · ')
}
