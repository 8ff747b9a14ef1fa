// The board: how the team's work goes, in figures that lead to their cases. Owns period, shop and what is drilled into.
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type JSX, useEffect, useMemo } from 'react'
import { useKeys } from '@/app/keys'
import { useMe } from '@/app/me'
import { DAYS, daysOf, PeriodBar } from '@/app/PeriodBar'
import { Top } from '@/app/Top'
import { useTranslation } from '@/i18n'
import { Button } from '@/parts/form'
import { Skeleton, Trouble } from '@/parts/Trouble'
import { when } from '@/parts/time'
import { ExportButton } from '../export/ExportButton'
import { Drill } from './Drill'
import { boardQuery, lastDays } from './figures'
import { Panels } from './Panels'
import { Products } from './Products'
import { Tiles } from './Tiles'

export function BoardPage(): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const search = useSearch({ from: '/frame/board' })
  const shop = search.shop ?? me.shops[0]?.code ?? ''
  const shopId = me.shopByCode(shop)?.id
  const days = daysOf(search.days)
  const { from, to } = lastDays(Number(days))
  const period = useMemo(() => ({ from, to }), [from, to])
  const { data, error, refetch } = useQuery(boardQuery(shop, period))
  const go = (next: Partial<typeof search>) =>
    void navigate({ to: '/board', search: { ...search, figure: undefined, key: undefined, ...next } })
  const step = (by: number) => {
    const next = DAYS[DAYS.indexOf(days) + by]
    if (next) go({ days: next })
  }
  useKeys({ ArrowLeft: () => step(-1), ArrowRight: () => step(1), ...(search.figure ? { Escape: () => go({}) } : {}) })
  useEffect(() => {
    document.documentElement.toggleAttribute('data-tv', search.tv !== undefined)
    return () => document.documentElement.removeAttribute('data-tv')
  }, [search.tv])
  return (
    <main className="col grow board">
      <Top title={t('board.title')} note={data ? t('board.read_at', { at: when(data.at) }) : ''}>
        {shopId ? (
          <ExportButton small what={{ kind: 'board', shop: shopId, ...period }} said={t('exporting.what.board', { ...period })} />
        ) : null}
        <Button small onClick={() => go({ tv: search.tv ? undefined : '1' })}>
          {t('board.tv')}
        </Button>
      </Top>
      <PeriodBar days={days} shop={shop} onChange={go} />
      <div className="scroll">
        <Trouble error={error} onRetry={() => void refetch()} />
        {data ? (
          <>
            <Tiles rows={data.rows} speeds={data.speeds} onDrill={(figure) => go({ figure })} />
            {search.figure ? (
              <Drill shop={shop} period={period} figure={search.figure} of={search.key ?? ''} onClose={() => go({})} />
            ) : (
              <div className="panels">
                <Panels board={data} period={period} onDrill={(figure, key) => go({ figure, key })} />
                <Products shop={shop} period={period} />
              </div>
            )}
          </>
        ) : error ? null : (
          <Skeleton rows={10} />
        )}
      </div>
    </main>
  )
}
