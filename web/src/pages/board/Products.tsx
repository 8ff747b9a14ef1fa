// Products that come back more often than usual. Owns nothing of the judgement: band, interval and signal come from the desk.
import { useQuery } from '@tanstack/react-query'
import type { JSX } from 'react'
import { useTranslation } from '@/i18n'
import { Panel } from '@/parts/charts/Panel'
import { Rates } from '@/parts/charts/Rates'
import { Trouble } from '@/parts/Trouble'
import { type Period, productsQuery } from './figures'

/** Rows drawn; the table has all. */
const DRAWN = 10

const percent = (share: number | null | undefined): string =>
  share === null || share === undefined ? '—' : `${(share * 100).toFixed(1)}%`
const range = (pair: [number, number] | null): string => (pair ? `${percent(pair[0])}–${percent(pair[1])}` : '—')

export function Products({ shop, period }: { shop: string; period: Period }): JSX.Element {
  const { t } = useTranslation()
  const { data, error } = useQuery(productsQuery(shop, period))
  if (error) return <Trouble error={error} />
  const items = [...(data?.items ?? [])].sort((one, other) => Number(other.signal) - Number(one.signal))
  const drawn = items.slice(0, DRAWN)
  const judged = (row: (typeof items)[number]) =>
    row.low_sample ? t('board.low_sample') : row.signal ? `▲ ${t('board.signal')}` : t('board.usual')
  return (
    <Panel
      title={t('board.panel.products')}
      note={t('board.panel.products_note', {
        sold: (data?.sold ?? 0).toLocaleString('en-US'),
        back: (data?.asked_back ?? 0).toLocaleString('en-US'),
        usual: percent(data?.usual),
      })}
      how={t('board.products_how')}
      rows={items}
      empty={t('board.nothing')}
      columns={[
        { name: t('board.column.product'), cell: (row) => `${row.title || row.sku} ${row.title ? row.sku : ''}` },
        { name: t('board.column.sold'), cell: (row) => row.sold, figure: true },
        { name: t('board.column.back'), cell: (row) => row.asked_back, figure: true },
        { name: t('board.column.rate'), cell: (row) => percent(row.rate), figure: true },
        { name: t('board.column.interval'), cell: (row) => range(row.interval), figure: true },
        { name: t('board.column.band'), cell: (row) => range(row.band), figure: true },
        { name: t('board.column.signal'), cell: judged },
      ]}
    >
      <Rates
        top={Math.min(1, Math.max(0.05, ...drawn.map((row) => Math.max(row.rate ?? 0, row.band?.[1] ?? 0) * 1.25)))}
        rates={drawn.map((row) => ({
          key: row.sku,
          name: row.title ? `${row.title} ${row.sku}` : row.sku,
          rate: row.rate,
          interval: row.interval,
          band: row.band,
          shown: `${percent(row.rate)} · ${row.asked_back}/${row.sold}`,
          word: judged(row),
          signal: row.signal,
        }))}
      />
    </Panel>
  )
}
