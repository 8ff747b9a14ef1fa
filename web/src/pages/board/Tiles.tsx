// The few figures one looks at first. Owns which; each tells how it is computed.
import type { JSX } from 'react'
import { useTranslation } from '@/i18n'
import { yuan } from '@/parts/money'
import { byKey, type Row, spent, total } from './figures'

/** Below this many a share is not shown. */
const LEAST = 20

export function Tiles({ rows, onDrill }: { rows: Row[]; onDrill: (figure: string) => void }): JSX.Element {
  const { t } = useTranslation()
  const of = (figure: string) => byKey(rows, figure)
  const sum = (figure: string, keys?: string[]) => total(of(figure).filter((row) => !keys || keys.includes(row.key)))
  const share = (part: number, whole: number) =>
    whole < LEAST ? null : { shown: `${((part / whole) * 100).toFixed(1)}%`, note: t('board.of', { part, whole }) }
  const little = { shown: '—', note: t('board.little', { least: LEAST }) }
  const promises = sum('promise', ['kept', 'broken'])
  const tiles = [
    { name: 'opened', shown: sum('opened').toLocaleString('en-US'), note: yuan(spent(of('opened'))), figure: 'opened' },
    { name: 'closed', shown: sum('closed').toLocaleString('en-US'), note: yuan(spent(of('closed'))), figure: 'closed' },
    { name: 'in_day', ...(share(sum('took', ['h4', 'h24']), sum('took')) ?? little) },
    { name: 'promise', ...(share(sum('promise', ['kept']), promises) ?? little) },
    { name: 'satisfied', ...(share(sum('satisfied', ['4', '5']), sum('satisfied')) ?? little) },
    { name: 'cost', shown: yuan(spent(of('paid'))), note: t('board.cases', { count: sum('paid') }) },
  ] as const
  return (
    <dl className="tiles">
      {tiles.map((tile) => (
        <div key={tile.name} title={t(`board.tile.${tile.name}_how`)}>
          <dt className="q">{t(`board.tile.${tile.name}`)}</dt>
          <dd>
            {'figure' in tile ? (
              <button type="button" className="link num" onClick={() => onDrill(tile.figure)}>
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
