// A bar of work under way. Owns its look and its name for readers of the screen; how long is left is the caller's to tell.
import type { JSX } from 'react'

export function Progress({ label, done, total }: { label: string; done: number; total: number }): JSX.Element {
  const part = total > 0 ? Math.min(1, done / total) : 0
  return (
    <div
      className="pg"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(part * 100)}
    >
      <div style={{ transform: `scaleX(${part})` }} />
    </div>
  )
}
