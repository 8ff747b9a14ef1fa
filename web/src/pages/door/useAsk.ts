// One question or command of the door at a time. Owns busy and what was refused; nothing that was typed is kept.
import { useState } from 'react'
import { post } from '@/api/client'

export function useAsk() {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const ask = async <R>(path: string, body: unknown): Promise<R | undefined> => {
    if (busy) return undefined
    setBusy(true)
    setError(null)
    try {
      return await post<R>(path, body, { key: crypto.randomUUID() })
    } catch (problem) {
      setError(problem as Error)
      return undefined
    } finally {
      setBusy(false)
    }
  }
  return { ask, busy, error, clear: () => setError(null) }
}
