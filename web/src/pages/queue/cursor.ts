// Where the cursor stands in the queue. Owns the place; what shows it listens for itself, so that moving it paints two rows and not a page.
import { useState, useSyncExternalStore } from 'react'

export interface Cursor {
  at: () => number
  to: (place: number) => void
  /** Tells of every move, until the answer is called. */
  subscribe: (moved: () => void) => () => void
}

function cursor(): Cursor {
  let place = 0
  const listeners = new Set<() => void>()
  return {
    at: () => place,
    to: (next) => {
      if (next === place) return
      place = next
      for (const moved of listeners) moved()
    },
    subscribe: (moved) => {
      listeners.add(moved)
      return () => void listeners.delete(moved)
    },
  }
}

export const useCursor = (): Cursor => useState(cursor)[0]

/** Whether it stands at this place; painted anew only when that changes. */
export const useAt = (cursor: Cursor, place: number): boolean =>
  useSyncExternalStore(cursor.subscribe, () => cursor.at() === place)
