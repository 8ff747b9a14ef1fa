// The queue: views, rows in the order in which time runs out, preview. Owns marks, paging and keys; where the cursor stands is the cursor's,
// so that moving it paints a row and not the page.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type JSX, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { post } from '@/api/client'
import { queueQuery } from '@/api/queries'
import { casePath } from '@/api/useCommand'
import { flagKeys } from '@/app/flags'
import { type KeyMap, useKeys } from '@/app/keys'
import { setDensity, useDensity } from '@/app/look'
import { useMe } from '@/app/me'
import { Top } from '@/app/Top'
import { useTranslation, word } from '@/i18n'
import { Button, Segments } from '@/parts/form'
import { yuan } from '@/parts/money'
import { Empty, Skeleton, Trouble } from '@/parts/Trouble'
import { ExportButton } from '../export/ExportButton'
import { BulkBar } from './bulk/BulkBar'
import { BulkSheet } from './bulk/BulkSheet'
import { useBatch } from './bulk/useBatch'
import { useCursor } from './cursor'
import { type Grouping, grouped } from './groups'
import { QueueList } from './QueueList'
import { RestedPreview } from './RestedPreview'
import { useRows } from './useRows'
import { VIEWS, Views } from './Views'
import { FilterBar } from './views/FilterBar'
import { asked, searchOf, viewsQuery } from './views/saved'

export function QueuePage(): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const search = useSearch({ from: '/frame/' })
  const density = useDensity()
  const shop = search.shop ? me.shopByCode(search.shop) : undefined
  const shopId = shop?.id
  const rowHeight = density === 'compact' ? 44 : 48
  const view = search.view ?? (me.can('open_case') ? 'mine' : 'all')
  const narrowed = useMemo(() => asked(search.narrow, search.sort), [search.narrow, search.sort])
  const { rows, waiting, at, apply, query } = useRows(view, search.shop, narrowed)
  const { data: kept } = useQuery(viewsQuery)
  const saved = kept?.find((one) => one.id === search.saved)
  const [filter, setFilter] = useState(false)
  const cursor = useCursor()
  const [error, setError] = useState<Error | null>(null)
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set())
  // What was known of the rows before is gone on from; a list grows by pages.
  const before = useRef<Grouping>(undefined)
  const { groups } = useMemo(() => {
    before.current = grouped(search.sort === 'amount' ? [] : rows, at, before.current)
    return before.current
  }, [rows, at, search.sort])
  const address = useCallback(
    (one: { shop_id: number; id: string }) => ({ shop: me.shopById(one.shop_id)?.code ?? '', id: one.id }),
    [me.shopById],
  )

  // biome-ignore lint/correctness/useExhaustiveDependencies: another view begins at its first row
  useEffect(() => {
    cursor.to(0)
    setMarked(new Set())
  }, [view, search.shop, narrowed])

  const { isFetchingNextPage, fetchNextPage } = query
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [isFetchingNextPage, fetchNextPage])

  // A narrowed page may hold nothing while more follow.
  const seeking = rows.length === 0 && query.hasNextPage
  useEffect(() => {
    if (seeking) more()
  }, [seeking, more])

  const place = () => Math.min(cursor.at(), rows.length - 1)
  const { to } = cursor
  const move = useCallback((step: number) => to(Math.max(0, Math.min(rows.length - 1, cursor.at() + step))), [rows, cursor, to])
  const open = useCallback(
    (place: number) => {
      const one = rows[place]
      if (one) void navigate({ to: '/cases/$shop/$id', params: address(one) })
    },
    [rows, navigate, address],
  )
  const takeNext = async () => {
    setError(null)
    try {
      // With nothing in hand it is the most urgent one that nobody has.
      const pool = rows.length ? rows : (await queries.fetchInfiniteQuery(queueQuery('agent', search.shop))).pages[0]?.items
      const next = pool?.find((one) => !one.owner_id && !('gone' in one && one.gone)) ?? pool?.[0]
      if (!next) return
      if (!next.owner_id && me.can('assign')) {
        await post(casePath(address(next), 'assign'), { staff: me.name }, { key: crypto.randomUUID() })
      }
      await navigate({ to: '/cases/$shop/$id', params: address(next) })
    } catch (problem) {
      setError(problem as Error)
    }
  }
  const mark = (ids: (string | undefined)[], on?: boolean) =>
    setMarked((before) => {
      const next = new Set(before)
      for (const id of ids) if (id) (on ?? !next.has(id)) ? next.add(id) : next.delete(id)
      return next
    })
  const extend = (step: number) => {
    mark([rows[place()]?.id, rows[place() + step]?.id], true)
    move(step)
  }
  /** The marked rows, or the one under the cursor. */
  const meant = () => (marked.size ? rows.filter((one) => marked.has(one.id)) : rows.slice(place(), place() + 1))
  const each = async (path: string, body: object) => {
    setError(null)
    try {
      for (const one of meant()) await post(casePath(address(one), path), body, { key: crypto.randomUUID() })
      setMarked(new Set())
      await queries.invalidateQueries({ queryKey: ['queue'] })
    } catch (problem) {
      setError(problem as Error)
    }
  }
  const batch = useBatch({ rows, query, meant, mark })
  const mayTake = me.can('assign') && rows.length > 0
  // With the batch sheet open no key reaches what lies below it.
  const bound: KeyMap = {
    j: { label: t('keys.move'), shown: 'J K', run: () => move(1) },
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    'Shift+j': { label: t('keys.extend'), shown: 'Shift J K', run: () => extend(1) },
    'Shift+k': () => extend(-1),
    Home: () => to(0),
    x: { label: t('keys.mark'), run: () => mark([rows[place()]?.id]) },
    ...(marked.size ? { Escape: { label: t('keys.unmark'), run: () => setMarked(new Set()) } } : {}),
    Enter: { label: t('keys.open'), run: () => open(place()) },
    'Ctrl+.': { label: t('keys.take_next'), run: () => void takeNext() },
    ...(mayTake
      ? { a: { label: t(marked.size ? 'keys.take_many' : 'keys.take'), run: () => void each('assign', { staff: me.name }) } }
      : {}),
    ...(me.can('flag') ? flagKeys((name) => void each('flag', { flag: name })) : {}),
    ...(me.can('flag') ? batch.keys : {}),
    u: { label: t('keys.updates'), run: apply },
    'Shift+f': { label: t('views.filter'), run: () => setFilter((open) => !open) },
    ...Object.fromEntries(
      (kept ?? []).slice(0, 9).map((one, place) => {
        const run = () => void navigate({ to: '/', search: searchOf(one) })
        return [`v ${place + 1}`, place ? run : { label: t('views.keys'), shown: 'V 1–9', run }]
      }),
    ),
    ...Object.fromEntries(
      [undefined, ...me.shops.slice(0, 9)].map((one, place) => {
        const run = () => void navigate({ to: '/', search: { ...search, shop: one?.code, saved: undefined } })
        return [`o ${place}`, place ? run : { label: t('views.shop_keys'), shown: 'O 0–9', run }]
      }),
    ),
    ...(me.can('open_case') ? { c: { label: t('keys.new_case'), run: () => void navigate({ to: '/new', search: {} }) } } : {}),
    ...Object.fromEntries(
      VIEWS.slice(0, 9).map((name, place) => {
        const run = () => void navigate({ to: '/', search: { view: name, shop: search.shop } })
        return [String(place + 1), place ? run : { label: t('keys.views'), shown: '1–9', run }]
      }),
    ),
  }
  useKeys(batch.sheet ? {} : bound)

  return (
    <>
      <Views view={view} shop={search.shop} shops={me.shops} saved={search.saved} />
      <main className="col grow surface">
        <Top
          title={saved?.name ?? word('view', view)}
          note={query.data ? t('queue.loaded', { count: rows.length, more: query.hasNextPage ? '+' : '' }) : ''}
        >
          <ExportButton
            what={{
              kind: 'queue',
              view,
              ...(shopId ? { shop: shopId } : {}),
              ...(search.narrow ? { narrow: search.narrow } : {}),
              ...(search.sort ? { sort: search.sort } : {}),
            }}
            said={t(search.narrow ? 'exporting.what.narrowed' : 'exporting.what.queue', {
              view: word('view', view),
              shop: shop?.title ?? t('exporting.all_shops'),
            })}
          />
          {me.can('open_case') ? (
            <Button onClick={() => void navigate({ to: '/new', search: {} })} keys="C">
              {t('queue.new_case')}
            </Button>
          ) : null}
          <Button look="primary" keys="Ctrl ." onClick={() => void takeNext()}>
            {t('queue.take_next')}
          </Button>
        </Top>
        <div className="bar">
          {marked.size ? (
            <span className="row">
              <b>{t('keys.marked', { count: marked.size })}</b>
              <span className="num">{yuan(meant().reduce((sum, one) => sum + one.amount_minor, 0))}</span>
              {mayTake ? (
                <Button small keys="A" onClick={() => void each('assign', { staff: me.name })}>
                  {t('keys.take')}
                </Button>
              ) : null}
              {me.can('flag') ? (
                <Button small keys="B" onClick={batch.open}>
                  {t('bulk.key')}
                </Button>
              ) : null}
              <Button small look="ghost" keys="Esc" onClick={() => setMarked(new Set())}>
                {t('keys.unmark')}
              </Button>
            </span>
          ) : (
            <span className="xs q">{t(search.sort === 'amount' ? 'views.order_amount' : 'queue.order_is')}</span>
          )}
          <span className="grow" />
          {waiting > 0 ? (
            <Button small look="ghost" icon="up" keys="U" onClick={apply}>
              {t('queue.updates', { count: waiting })}
            </Button>
          ) : null}
          <Button small look="ghost" keys="⇧ F" onClick={() => setFilter((open) => !open)}>
            {t('views.filter')}
          </Button>
          <Segments
            label={t('density.label')}
            value={density}
            options={[
              { value: 'standard', label: t('density.standard') },
              { value: 'compact', label: t('density.compact') },
            ]}
            onChange={setDensity}
          />
        </div>
        {filter || search.narrow || search.sort ? (
          <FilterBar key={search.saved ?? ''} search={search} view={view} saved={saved} />
        ) : null}
        <BulkBar onOpen={batch.see} />
        <Trouble error={error ?? query.error} onRetry={() => void query.refetch()} />
        <div className="qh" aria-hidden="true">
          <span>{t('queue.column.time')}</span>
          <span>{t('queue.column.problem')}</span>
          <span>{t('queue.column.amount')}</span>
          <span>{t('queue.column.waiting')}</span>
          <span>{t('queue.column.verdict')}</span>
          <span>{t('queue.column.spoke')}</span>
        </div>
        {query.isPending || seeking ? (
          <Skeleton rows={12} height={rowHeight} />
        ) : rows.length === 0 ? (
          <div className="pad grow">
            <Empty title={t(view === 'mine' ? 'queue.empty_mine' : 'queue.empty')}>
              {t(view === 'mine' ? 'queue.empty_mine_hint' : 'queue.empty_hint')}
            </Empty>
          </div>
        ) : (
          <QueueList
            key={`${view} ${search.shop ?? ''} ${new URLSearchParams(narrowed)}`}
            rows={rows}
            groups={groups}
            label={word('view', view)}
            rowHeight={rowHeight}
            cursor={cursor}
            marked={marked}
            more={query.hasNextPage}
            onMore={more}
            onOpen={open}
          />
        )}
        <footer className="foot">
          <span>
            <kbd>J</kbd>
            <kbd>K</kbd> {t('queue.foot.move')}
          </span>
          <span>
            <kbd>Enter</kbd> {t('queue.foot.open')}
          </span>
          <span>
            <kbd>X</kbd> {t('keys.mark')}
          </span>
          <span>
            <kbd>Ctrl K</kbd> {t('keys.palette')}
          </span>
          <span>
            <kbd>1</kbd>–<kbd>9</kbd> {t('queue.foot.views')}
          </span>
          <span className="grow" />
          <span>
            <kbd>?</kbd> {t('queue.foot.keys')}
          </span>
        </footer>
      </main>
      <RestedPreview cursor={cursor} rows={rows} address={address} onOpen={open} onMove={move} />
      {batch.sheet ? (
        <BulkSheet
          {...batch.sheet}
          onClose={(started) => {
            batch.close()
            if (started) setMarked(new Set())
          }}
        />
      ) : null}
    </>
  )
}
