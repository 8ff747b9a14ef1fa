// What stands beside the queue when the keys rest. Owns the delay, and what is read ahead from there; the row under the cursor is painted
// at once, what hangs on it follows.
import { useQueryClient } from '@tanstack/react-query'
import { type JSX, startTransition, useEffect, useState } from 'react'
import { caseQuery } from '@/api/queries'
import type { CaseAt } from '@/api/useCommand'
import type { Cursor } from './cursor'
import { Preview } from './Preview'
import type { Shown } from './settle'

/** Longer than the pause between two presses of a held key, shorter than a look. */
const REST_MS = 120
/** Rows read ahead of the one under the cursor, so that the next case opens at once. */
const AHEAD = 2

export function RestedPreview({
  cursor,
  rows,
  address,
  onOpen,
  onMove,
}: {
  cursor: Cursor
  rows: readonly Shown[]
  address: (row: Shown) => CaseAt
  onOpen: (place: number) => void
  onMove: (step: number) => void
}): JSX.Element {
  const queries = useQueryClient()
  const [place, setPlace] = useState(cursor.at)
  useEffect(() => {
    let later: ReturnType<typeof setTimeout>
    const moved = () => {
      clearTimeout(later)
      later = setTimeout(() => {
        const at = cursor.at()
        startTransition(() => setPlace(at))
        for (const next of rows.slice(at, at + AHEAD + 1)) void queries.prefetchQuery(caseQuery(address(next)))
      }, REST_MS)
    }
    moved()
    const stop = cursor.subscribe(moved)
    return () => {
      stop()
      clearTimeout(later)
    }
  }, [cursor, rows, address, queries])
  const here = Math.min(place, rows.length - 1)
  const row = rows[here]
  if (!row) return <aside className="pv col" aria-hidden="true" />
  return <Preview key={row.id} row={row} at={address(row)} onOpen={() => onOpen(here)} onMove={onMove} />
}
