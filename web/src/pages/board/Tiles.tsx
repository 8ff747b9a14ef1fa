// The few figures one looks at first. Owns which; each tells how it is computed.
import type { TFunction } from 'i18next'
import { type JSX, useMemo } from 'react'
import { useTranslation } from '@/i18n'
import { yuan } from '@/parts/money'
import { span } from '@/parts/time'
import type { Row, Speed } from './figures'

/** Below this many a share is not shown. */
const LEAST = 20

export function Tiles({
  rows,
  speeds,
  onDrill,
}: {
  rows: Row[]
  speeds: Speed[]
  onDrill: (figure: string) => void
}): JSX.Element {
  const { t } = useTranslation()
  const tiles = useMemo(() => tilesOf(rows, speeds, t), [rows, speeds, t])
  return (
    <dl className="tiles">
      {tiles.map((tile) => (
        <div key={tile.name} title={t(`board.tile.${tile.name}_how`)}>
          <dt className="q">{t(`board.tile.${tile.name}`)}</dt>
          <dd>
            {tile.figure ? (
              <button type="button" className="link num" onClick={() => onDrill(tile.figure ?? '')}>
                {tile.shown}
              </button>
            ) : (
              <b className="num">{tile.shown}</b>
            )}
            <span className="xs q num">{tile.note}</span>
          </dd>
        </div>
      ))}
    </dl>
  )
}

interface Tile {
  name: 'opened' | 'closed' | 'first_answer' | 'refund_took' | 'in_day' | 'promise' | 'satisfied' | 'cost'
  shown: string
  note: string
  figure?: string
}

function tilesOf(rows: Row[], speeds: Speed[], t: TFunction): Tile[] {
  const sums = new Map<string, { count: number; amount: number }>()
  for (const row of rows) {
    for (const key of [row.figure, `${row.figure} ${row.key}`]) {
      const sum = sums.get(key) ?? { count: 0, amount: 0 }
      sums.set(key, { count: sum.count + row.count, amount: sum.amount + row.amount_minor })
    }
  }
  const count = (figure: string, keys?: string[]) =>
    keys ? keys.reduce((sum, key) => sum + (sums.get(`${figure} ${key}`)?.count ?? 0), 0) : (sums.get(figure)?.count ?? 0)
  const amount = (figure: string) => yuan(sums.get(figure)?.amount ?? 0)
  const little = { shown: '—', note: t('board.little', { least: LEAST }) }
  const share = (part: number, whole: number) =>
    whole < LEAST ? little : { shown: `${((part / whole) * 100).toFixed(1)}%`, note: t('board.of', { part, whole }) }
  const speed = (figure: Speed['figure']) => {
    const it = speeds.find((one) => one.figure === figure)
    if (!it?.count || it.median_s === null) return { shown: '—', note: t('board.nothing') }
    return { shown: span(it.median_s * 1000), note: t('board.mean_of', { mean: span((it.mean_s ?? 0) * 1000), count: it.count }) }
  }
  return [
    { name: 'opened', shown: count('opened').toLocaleString('en-US'), note: amount('opened'), figure: 'opened' },
    { name: 'closed', shown: count('closed').toLocaleString('en-US'), note: amount('closed'), figure: 'closed' },
    { name: 'first_answer', ...speed('first_answer') },
    { name: 'refund_took', ...speed('refund_took') },
    { name: 'in_day', ...share(count('took', ['h4', 'h24']), count('took')) },
    { name: 'promise', ...share(count('promise', ['kept']), count('promise', ['kept', 'broken'])) },
    { name: 'satisfied', ...share(count('satisfied', ['4', '5']), count('satisfied')) },
    { name: 'cost', shown: amount('paid'), note: t('board.cases', { count: count('paid') }) },
  ]
}
