// What stands when the keys rest. Owns the delay; the row under the cursor is painted at once, what hangs on it follows.
import { startTransition, useEffect, useState } from 'react'

/** Longer than the pause between two presses of a held key, shorter than a look. */
const REST_MS = 120

export function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const later = setTimeout(() => startTransition(() => setRested(() => value)), REST_MS)
    return () => clearTimeout(later)
  }, [value])
  return rested
}
