// What was found for a pasted number or words. Owns the list; one hit is opened at once.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { type JSX, useEffect } from 'react'
import { searchQuery } from '@/api/queries'
import { useMe } from '@/app/me'
import { Top } from '@/app/Top'
import { useTranslation, word } from '@/i18n'
import { Button } from '@/parts/form'
import { Empty, Skeleton, Trouble } from '@/parts/Trouble'
import { ExportButton } from '../export/ExportButton'

export function SearchPage(): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  // After the hash: that part of an address is never sent to the desk.
  const q = useLocation({ select: (it) => decodeURIComponent(it.hash) })
  const query = useInfiniteQuery(searchQuery(q))
  const rows = query.data?.pages.flatMap((page) => page.items) ?? []
  const only = rows.length === 1 && !query.hasNextPage && /^[\w-]{6,}$/.test(q) ? rows[0] : undefined
  useEffect(() => {
    if (only) void navigate({ to: '/cases/$shop/$id', params: { shop: only.shop, id: only.case_id }, replace: true })
  }, [only, navigate])
  return (
    <main className="col grow surface">
      <Top title={t('search.title')} note={q}>
        {rows.length ? <ExportButton what={{ kind: 'search', q }} said={t('exporting.what.search')} /> : null}
      </Top>
      <div className="scroll">
        <Trouble error={query.error} onRetry={() => void query.refetch()} />
        {query.isLoading ? <Skeleton rows={8} /> : null}
        {query.data && rows.length === 0 ? (
          <div className="pad">
            <Empty title={t('search.none')}>{t('search.none_hint')}</Empty>
          </div>
        ) : null}
        {rows.map((row) => (
          <Link key={row.case_id} className="lr found" to="/cases/$shop/$id" params={{ shop: row.shop, id: row.case_id }}>
            <span className="grow">
              <span className="m clip">{row.title}</span>
              <span className="xs q">{[row.case_no, row.order_no, row.buyer_masked].filter(Boolean).join('·')}</span>
            </span>
            <span className="xs q">{me.shopByCode(row.shop)?.title}</span>
            <span className="tag">{word('why_found', row.why)}</span>
            <span>{word('stage', row.stage)}</span>
          </Link>
        ))}
        {query.hasNextPage ? (
          <div className="pad">
            <Button onClick={() => void query.fetchNextPage()} busy={query.isFetchingNextPage}>
              {t('more')}
            </Button>
          </div>
        ) : null}
      </div>
    </main>
  )
}
