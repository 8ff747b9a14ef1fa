// From causes to results: bands as wide as the cases in them. Owns the layout; names and figures stand at both ends.
import type { JSX } from 'react'

export interface Band {
  from: string
  to: string
  count: number
}

const [WIDTH, HEIGHT, GAP, LEFT, RIGHT] = [640, 280, 10, 170, 470]

interface End {
  key: string
  count: number
  y: number
  height: number
}

function ends(bands: Band[], side: 'from' | 'to', scale: number): Map<string, End> {
  const sums = new Map<string, number>()
  for (const band of bands) sums.set(band[side], (sums.get(band[side]) ?? 0) + band.count)
  let y = 0
  const placed = [...sums]
    .sort((one, other) => other[1] - one[1])
    .map(([key, count]): [string, End] => {
      const end = { key, count, y, height: Math.max(2, count * scale) }
      y += end.height + GAP
      return [key, end]
    })
  return new Map(placed)
}

export function Flow({
  bands,
  label,
  cause,
  result,
}: {
  bands: Band[]
  label: string
  cause: (key: string) => string
  result: (key: string) => string
}): JSX.Element {
  const all = bands.reduce((sum, band) => sum + band.count, 0)
  const most = Math.max(new Set(bands.map((band) => band.from)).size, new Set(bands.map((band) => band.to)).size)
  const scale = (HEIGHT - (most - 1) * GAP) / Math.max(1, all)
  const [left, right] = [ends(bands, 'from', scale), ends(bands, 'to', scale)]
  const used = new Map<string, number>()
  const take = (key: string, height: number) => {
    const at = used.get(key) ?? 0
    used.set(key, at + height)
    return at
  }
  const order = [...bands].sort(
    (one, other) =>
      (left.get(one.from)?.y ?? 0) - (left.get(other.from)?.y ?? 0) ||
      (right.get(one.to)?.y ?? 0) - (right.get(other.to)?.y ?? 0),
  )
  const middle = (LEFT + RIGHT) / 2
  return (
    <svg className="flow" viewBox={`0 0 ${WIDTH} ${HEIGHT + 8}`} role="img" aria-label={label}>
      {order.map((band) => {
        const [a, b] = [left.get(band.from), right.get(band.to)]
        if (!a || !b) return null
        const height = band.count * scale
        const [y, z] = [a.y + take(`f${band.from}`, height), b.y + take(`t${band.to}`, height)]
        const path = `M${LEFT + 6} ${y}C${middle} ${y} ${middle} ${z} ${RIGHT} ${z}V${z + height}C${middle} ${z + height} ${middle} ${y + height} ${LEFT + 6} ${y + height}Z`
        return (
          <path key={`${band.from}>${band.to}`} d={path}>
            <title>{`${cause(band.from)} → ${result(band.to)}: ${band.count}`}</title>
          </path>
        )
      })}
      {[...left.values()].map((end) => (
        <g key={end.key}>
          <rect x={LEFT} y={end.y} width={6} height={end.height} />
          <text x={LEFT - 8} y={end.y + end.height / 2 + 4} textAnchor="end">
            {cause(end.key)} <tspan className="b">{end.count}</tspan>
          </text>
        </g>
      ))}
      {[...right.values()].map((end) => (
        <g key={end.key}>
          <rect x={RIGHT} y={end.y} width={6} height={end.height} />
          <text x={RIGHT + 14} y={end.y + end.height / 2 + 4}>
            {result(end.key)} <tspan className="b">{end.count}</tspan>
          </text>
        </g>
      ))}
    </svg>
  )
}
