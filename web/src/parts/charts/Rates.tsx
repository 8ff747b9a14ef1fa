// Rates with their interval against the control band. Owns the scale; a signal has a mark and a word besides its colour.
import type { JSX } from 'react'

export interface Rate {
  key: string
  name: string
  rate: number | null
  interval: [number, number] | null
  band: [number, number] | null
  shown: string
  word: string
  signal: boolean
}

export function Rates({ rates, top }: { rates: Rate[]; top: number }): JSX.Element {
  const at = (share: number) => `${Math.min(100, (share / top) * 100)}%`
  return (
    <ul className="bars rates">
      {rates.map((row) => (
        <li key={row.key}>
          <span className="clip" title={row.name}>
            {row.name}
          </span>
          <span className="scale" aria-hidden="true">
            {row.band ? <i className="band" style={{ left: at(row.band[0]), right: `calc(100% - ${at(row.band[1])})` }} /> : null}
            {row.interval ? (
              <i className="span" style={{ left: at(row.interval[0]), right: `calc(100% - ${at(row.interval[1])})` }} />
            ) : null}
            {row.rate === null ? null : <i className={row.signal ? 'dot bad' : 'dot'} style={{ left: at(row.rate) }} />}
          </span>
          <span className="num">{row.shown}</span>
          <span className={row.signal ? 'bad nw' : 'q nw'}>{row.word}</span>
        </li>
      ))}
    </ul>
  )
}
