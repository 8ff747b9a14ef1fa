// A chart with its table twin. Owns the switch between both and the sentence for whoever does not see the drawing.
import { type JSX, type ReactNode, useState } from 'react'
import { useTranslation } from '@/i18n'
import { Segments } from '@/parts/form'

export interface Column<R> {
  name: string
  cell: (row: R) => ReactNode
  /** Figures stand to the right. */
  figure?: boolean
}

export function Panel<R>({
  title,
  note,
  how,
  rows,
  columns,
  empty,
  onRow,
  children,
}: {
  title: string
  note: string
  /** How it is computed. */
  how?: string
  rows: R[]
  columns: Column<R>[]
  empty: string
  onRow?: (row: R) => void
  children: ReactNode
}): JSX.Element {
  const { t } = useTranslation()
  const [as, setAs] = useState<'chart' | 'table'>('chart')
  return (
    <section className="card panel" aria-label={title}>
      <header className="row between">
        <span className="row gap clip" title={how}>
          <b>{title}</b>
          <span className="q clip">{note}</span>
        </span>
        <Segments
          label={`${title} ${t('board.as')}`}
          value={as}
          onChange={setAs}
          options={[
            { value: 'chart', label: t('board.chart') },
            { value: 'table', label: t('board.table') },
          ]}
        />
      </header>
      {rows.length === 0 ? (
        <p className="q nothing">{empty}</p>
      ) : as === 'chart' ? (
        <div className="drawn">{children}</div>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls is reached by keys
        <div className="twin" tabIndex={0} role="region" aria-label={title}>
          <table className="grid">
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column.name} scope="col" className={column.figure ? 'r' : undefined}>
                    {column.name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, at) => (
                <tr key={at}>
                  {columns.map((column, place) => (
                    <td key={column.name} className={column.figure ? 'r num' : undefined}>
                      {place === 0 && onRow ? (
                        <button type="button" className="link" onClick={() => onRow(row)}>
                          {column.cell(row)}
                        </button>
                      ) : (
                        column.cell(row)
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
