// The smart views with their counts and the money at stake. Owns the list; the figures are the desk's counters.
import { useQuery } from '@tanstack/react-query'
import { type JSX, memo } from 'react'
import { figuresQuery } from '@/api/queries'
import type { Shop } from '@/api/types'
import { useTranslation, word } from '@/i18n'
import { Go, queueHref } from '@/parts/Go'
import { yuan } from '@/parts/money'
import { savedHref, viewsQuery } from './views/saved'

export const VIEWS = [
  'mine',
  'all',
  'agent',
  'supervisor',
  'buyer',
  'warehouse',
  'finance',
  'carrier',
  'platform',
  'technician',
  'unknown_money',
  'closed',
] as const

export const Views = memo(function Views({
  view,
  shop,
  shops,
  saved,
}: {
  view: string
  shop?: string
  shops: Shop[]
  saved?: string
}): JSX.Element {
  const { t } = useTranslation()
  const { data } = useQuery(figuresQuery)
  const { data: kept } = useQuery(viewsQuery)
  const figure = (name: string) => data?.find((it) => it.view === name)
  const row = (name: (typeof VIEWS)[number], at: number) => {
    const it = figure(name)
    return (
      <Go key={name} href={queueHref(name, shop)} className="vw" aria-current={view === name && !saved ? 'true' : undefined}>
        <span className="grow clip">{word('view', name)}</span>
        <b>{data ? (it?.count ?? 0) : ''}</b>
        {at < 9 ? <kbd>{at + 1}</kbd> : null}
        <small className={name === 'unknown_money' && it?.count ? 'warn' : ''}>{data ? yuan(it?.amount_minor ?? 0) : ' '}</small>
      </Go>
    )
  }
  return (
    <nav className="views col" aria-label={t('queue.views')}>
      <div className="vh first">{t('queue.views')}</div>
      {VIEWS.slice(0, 2).map((name, at) => row(name, at))}
      <div className="vh">{t('queue.waiting_on')}</div>
      {VIEWS.slice(2, 10).map((name, at) => row(name, at + 2))}
      <div className="vh">{t('queue.others')}</div>
      {VIEWS.slice(10).map((name, at) => row(name, at + 10))}
      {kept?.length ? <div className="vh">{t('views.own')}</div> : null}
      {kept?.map((it, at) => (
        <Go key={it.id} href={savedHref(it)} className="sv" aria-current={saved === it.id ? 'true' : undefined}>
          <span className="grow clip">{it.name}</span>
          {it.shared ? <span className="xs q">{t('views.shared_mark')}</span> : null}
          {at < 9 ? <kbd>V {at + 1}</kbd> : null}
        </Go>
      ))}
      <div className="vh">{t('queue.shops')}</div>
      <Go href={queueHref(view)} className="sy" aria-current={shop ? undefined : 'true'}>
        {t('queue.all_shops')}
      </Go>
      {shops.map((it) => (
        <Go key={it.code} href={queueHref(view, it.code)} className="sy" aria-current={shop === it.code ? 'true' : undefined}>
          <span className="grow clip">{it.title}</span>
          <span className="xs q">{word('platform', it.platform)}</span>
        </Go>
      ))}
    </nav>
  )
})
