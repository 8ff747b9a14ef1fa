// Where the cursor stands in the queue. Owns the place; what shows it listens for itself, so that moving it paints two rows and not a page.
import { useState, useSyncExternalStore } from 'react'

export interface Cursor {
  at: () => number
  /** `pointed`: by the pointer, which must find under it what it found: nothing scrolls. */
  to: (place: number, pointed?: boolean) => void
  /** Tells of every move, until the answer is called. */
  subscribe: (moved: (pointed: boolean) => void) => () => void
}

function cursor(): Cursor {
  let place = 0
  const listeners = new Set<(pointed: boolean) => void>()
  return {
    at: () => place,
    to: (next, pointed = false) => {
      if (next === place) return
      place = next
      for (const moved of listeners) moved(pointed)
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
