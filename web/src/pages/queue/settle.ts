// Live updates without a row moving under the cursor. Owns what may change at once and what waits for the person's word.
import type { QueueItem } from '@/api/types'

export interface Shown extends QueueItem {
  /** No longer in this view; stays where it was until the person asks for the new list. */
  gone?: boolean
}

export interface Settled {
  rows: readonly Shown[]
  /** Rows that came, left or moved and are not shown so yet. */
  waiting: number
}

/** The shown rows brought up to date in their places; what would move something is only counted. Rows after the last shown one are added. */
export function settle(shown: readonly Shown[], fresh: readonly QueueItem[]): Settled {
  // Nothing moved, at most more came at the end: the common case, and lists are long.
  if (shown.length <= fresh.length && shown.every((row, at) => row.id === fresh[at]?.id)) return { rows: fresh, waiting: 0 }
  const byId = new Map(fresh.map((row, at) => [row.id, { row, at }]))
  const known = new Set(shown.map((row) => row.id))
  const rows: Shown[] = shown.map((row) => byId.get(row.id)?.row ?? { ...row, gone: true })
  const places = shown.flatMap((row) => byId.get(row.id)?.at ?? [])
  const last = places.length ? Math.max(...places) : -1
  const tail = fresh.slice(last + 1).filter((row) => !known.has(row.id))
  const came = fresh.slice(0, last + 1).filter((row) => !known.has(row.id)).length
  const left = rows.filter((row) => row.gone).length
  const moved = places.length - longestRise(places)
  return { rows: places.length ? [...rows, ...tail] : rows, waiting: came + left + moved + (places.length ? 0 : tail.length) }
}

/** Length of the longest rising run of places: what need not move. */
function longestRise(places: readonly number[]): number {
  const ends: number[] = []
  for (const place of places) {
    let low = 0
    let high = ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((ends[middle] ?? 0) < place) low = middle + 1
      else high = middle
    }
    ends[low] = place
  }
  return ends.length
}
