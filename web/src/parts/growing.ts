// A long list that grows after the page has been painted. Owns how much of it is drawn; never waits for it.
import { startTransition, useState } from 'react'
import { useAfterPaint } from './afterPaint'

/** How many of `total` are drawn now: `first` with the page, then `step` more with every paint, so that a key pressed meanwhile comes first. */
export function useGrowing(total: number, first: number, step: number): { drawn: number; all: () => void } {
  const [drawn, setDrawn] = useState(first)
  useAfterPaint(() => {
    if (drawn < total) startTransition(() => setDrawn(drawn + step))
  }, [drawn, total])
  return { drawn: Math.min(drawn, total), all: () => setDrawn(total) }
}
