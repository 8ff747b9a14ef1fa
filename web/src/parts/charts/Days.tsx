// Stacked columns by day. Owns the scale; kinds differ by colour and by pattern, and stand in the title's sentence.
import type { JSX } from 'react'

export interface Stack {
  day: string
  parts: { kind: 'good' | 'late' | 'bad'; count: number }[]
}

const [WIDTH, HEIGHT, FOOT] = [640, 220, 22]

export function Days({ stacks, label }: { stacks: Stack[]; label: string }): JSX.Element {
  const whole = (stack: Stack) => stack.parts.reduce((sum, part) => sum + part.count, 0)
  const most = Math.max(1, ...stacks.map(whole))
  const step = WIDTH / stacks.length
  const every = Math.ceil(stacks.length / 12)
  return (
    <svg className="days" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <defs>
        <pattern id="late" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="3" height="6" className="late" />
        </pattern>
      </defs>
      {stacks.map((stack, at) => {
        let foot = HEIGHT - FOOT
        return (
          <g key={stack.day}>
            {stack.parts.map((part) => {
              const height = (part.count / most) * (HEIGHT - FOOT - 16)
              foot -= height
              return part.count ? (
                <rect
                  key={part.kind}
                  className={part.kind}
                  {...(part.kind === 'late' ? { fill: 'url(#late)' } : {})}
                  x={at * step + step * 0.15}
                  y={foot}
                  width={step * 0.7}
                  height={height}
                />
              ) : null
            })}
            {stack.parts.some((part) => part.kind === 'bad' && part.count) ? (
              <text className="cross" x={at * step + step / 2} y={foot - 4} textAnchor="middle">
                ✗
              </text>
            ) : null}
            {at % every === 0 ? (
              <text x={at === 0 ? 0 : at * step + step / 2} y={HEIGHT - 4} textAnchor={at === 0 ? 'start' : 'middle'}>
                {stack.day.slice(5)}
              </text>
            ) : null}
          </g>
        )
      })}
    </svg>
  )
}
