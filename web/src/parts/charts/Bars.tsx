// Bars side by side, the longest first to last as given. Owns their lengths; each says its figures in words.
import type { JSX, ReactNode } from 'react'

export interface Bar {
  key: string
  name: string
  value: number
  shown: string
  more?: ReactNode
  /** over, h1, h4 … or nothing. */
  tone?: string
}

export function Bars({ bars, onBar }: { bars: Bar[]; onBar?: (key: string) => void }): JSX.Element {
  const most = Math.max(1, ...bars.map((bar) => bar.value))
  return (
    <ul className="bars">
      {bars.map((bar) => (
        <li key={bar.key}>
          {onBar ? (
            <button type="button" className="link clip" onClick={() => onBar(bar.key)}>
              {bar.name}
            </button>
          ) : (
            <span className="clip">{bar.name}</span>
          )}
          <span className="track">
            <i className={bar.tone ?? ''} style={{ width: `${(bar.value / most) * 100}%` }} aria-hidden="true" />
            <b className="num">{bar.shown}</b>
          </span>
          <span className="q num">{bar.more}</span>
        </li>
      ))}
    </ul>
  )
}
