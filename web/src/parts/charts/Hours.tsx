// The hours of an average day: cases upwards, people downwards, each on a scale of its own. Owns both scales and marks the busiest hours.
import type { JSX } from 'react'

export interface HourRow {
  hour: number
  cases: number
  people: number
}

const [WIDTH, UP, DOWN, MIDDLE] = [640, 120, 70, 20]

const round = (value: number): string => Number(value.toPrecision(value < 1 ? 1 : 2)).toString()

export function Hours({
  rows,
  busy,
  names,
  label,
}: {
  rows: HourRow[]
  busy: number[]
  names: [string, string]
  label: string
}): JSX.Element {
  const [cases, people] = [Math.max(0.1, ...rows.map((row) => row.cases)), Math.max(0.1, ...rows.map((row) => row.people))]
  const step = WIDTH / rows.length
  return (
    <svg className="hours" viewBox={`0 0 ${WIDTH} ${UP + MIDDLE + DOWN + 16}`} role="img" aria-label={label}>
      <text x={0} y={12}>
        {names[0]}
      </text>
      <text x={0} y={UP + MIDDLE + DOWN + 12}>
        {names[1]}
      </text>
      {rows.map((row, at) => {
        const [x, wide] = [at * step + step * 0.15, step * 0.7]
        const [up, down] = [(row.cases / cases) * (UP - 34), (row.people / people) * (DOWN - 14)]
        const middle = at * step + step / 2
        return (
          <g key={row.hour}>
            <title>{`${row.hour}:00 · ${names[0]} ${round(row.cases)} · ${names[1]} ${round(row.people)}`}</title>
            <rect className={busy.includes(row.hour) ? 'came busy' : 'came'} x={x} width={wide} y={UP - up} height={up} />
            {row.cases > 0 ? (
              <text x={middle} y={UP - up - 4} textAnchor="middle">
                {round(row.cases)}
              </text>
            ) : null}
            <text x={middle} y={UP + 14} textAnchor="middle" className="hour">
              {row.hour}
            </text>
            <rect className="hands" x={x} width={wide} y={UP + MIDDLE} height={down} />
          </g>
        )
      })}
    </svg>
  )
}
