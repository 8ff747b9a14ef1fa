// How long something took, day by day: a column to where half were done, a mark where nine of ten were. Owns the scale.
import type { JSX } from 'react'
import { span } from '../time'

export interface SpeedDay {
  day: string
  count: number
  median_s: number | null
  p90_s: number | null
}

const [WIDTH, HEIGHT, FOOT, HEAD] = [640, 220, 22, 18]

export function Speed({ days, all, label }: { days: string[]; all: SpeedDay[]; label: string }): JSX.Element {
  const by = new Map(all.map((one) => [one.day, one]))
  const most = Math.max(60, ...all.map((one) => one.p90_s ?? 0))
  const step = WIDTH / days.length
  const every = Math.ceil(days.length / 12)
  const high = (seconds: number) => (seconds / most) * (HEIGHT - FOOT - HEAD)
  return (
    <svg className="speed" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <line x1={0} x2={WIDTH} y1={HEAD} y2={HEAD} className="rule" />
      <text x={0} y={HEAD - 5}>
        {span(most * 1000)}
      </text>
      {days.map((day, at) => {
        const one = by.get(day)
        const [x, wide] = [at * step + step * 0.2, step * 0.6]
        return (
          <g key={day}>
            {one ? (
              <>
                <title>{`${day} · ${one.count} · ${span((one.median_s ?? 0) * 1000)} · ${span((one.p90_s ?? 0) * 1000)}`}</title>
                <rect
                  className="half"
                  x={x}
                  width={wide}
                  y={HEIGHT - FOOT - Math.max(1, high(one.median_s ?? 0))}
                  height={Math.max(1, high(one.median_s ?? 0))}
                />
                <rect className="nine" x={x} width={wide} y={HEIGHT - FOOT - high(one.p90_s ?? 0)} height={2} />
              </>
            ) : null}
            {at % every === 0 ? (
              <text x={at === 0 ? 0 : at * step + step / 2} y={HEIGHT - 4} textAnchor={at === 0 ? 'start' : 'middle'}>
                {day.slice(5)}
              </text>
            ) : null}
          </g>
        )
      })}
    </svg>
  )
}
