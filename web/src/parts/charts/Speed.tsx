// How long something took, day by day: a column to where half were done, a mark where nine of ten were. Owns the scale, which grows
// by multiples: minutes and days are both seen.
import type { JSX } from 'react'
import { span } from '../time'

export interface SpeedDay {
  day: string
  count: number
  median_s: number | null
  p90_s: number | null
}

const [WIDTH, HEIGHT, FOOT, HEAD] = [640, 220, 22, 18]

/** Lines across, as far as anything reaches. */
const LINES = [600, 3_600, 28_800, 86_400, 604_800]

export function Speed({ days, all, label }: { days: string[]; all: SpeedDay[]; label: string }): JSX.Element {
  const by = new Map(all.map((one) => [one.day, one]))
  const most = Math.max(600, ...all.map((one) => one.p90_s ?? 0))
  const step = WIDTH / days.length
  const every = Math.ceil(days.length / 12)
  const high = (seconds: number) => (Math.log1p(seconds / 60) / Math.log1p(most / 60)) * (HEIGHT - FOOT - HEAD)
  const last = Math.floor((days.length - 1) / every) * every
  return (
    <svg className="speed" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      {LINES.filter((seconds) => seconds <= most).map((seconds) => (
        <g key={seconds}>
          <line x1={0} x2={WIDTH} y1={HEIGHT - FOOT - high(seconds)} y2={HEIGHT - FOOT - high(seconds)} className="rule" />
          <text x={0} y={HEIGHT - FOOT - high(seconds) - 3}>
            {span(seconds * 1000)}
          </text>
        </g>
      ))}
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
              <text
                x={at === 0 ? 0 : at === last ? Math.min(WIDTH, at * step + step) : at * step + step / 2}
                y={HEIGHT - 4}
                textAnchor={at === 0 ? 'start' : at === last ? 'end' : 'middle'}
              >
                {day.slice(5)}
              </text>
            ) : null}
          </g>
        )
      })}
    </svg>
  )
}
