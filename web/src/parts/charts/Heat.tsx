// A week of hours, darker where more came. Owns the shades; the figure stands in every cell that has one.
import type { JSX } from 'react'

export function Heat({
  cells,
  rows,
  label,
}: {
  /** `1-09` to a count. */
  cells: Map<string, number>
  rows: { key: string; name: string }[]
  label: string
}): JSX.Element {
  const most = Math.max(1, ...cells.values())
  const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'))
  return (
    <div className="heat" role="img" aria-label={label}>
      <span />
      {hours.map((hour) => (
        <span key={hour} className="xs q num">
          {Number(hour) % 3 === 0 ? Number(hour) : ''}
        </span>
      ))}
      {rows.map((row) => [
        <span key={row.key} className="xs q">
          {row.name}
        </span>,
        ...hours.map((hour) => {
          const count = cells.get(`${row.key}-${hour}`) ?? 0
          return (
            <i key={`${row.key}-${hour}`} className={count / most > 0.55 ? 'dark' : ''} style={{ '--s': count / most } as never}>
              {count || ''}
            </i>
          )
        }),
      ])}
    </div>
  )
}
