// A command on the case of a list's row. Owns which row is busy and what was refused.
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { post } from '@/api/client'
import type { CaseCommand } from '@/api/commands'
import { Intent } from '@/api/intent'
import type { OfCase } from '@/api/types'
import { caseKey, casePath } from '@/api/useCommand'

export function useRowCommand(list: string) {
  const queries = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const intents = useRef(new Map<string, Intent>())
  const run = async <B>(row: OfCase, command: CaseCommand<B>, body: B): Promise<boolean> => {
    const at = { shop: row.shop, id: row.case_id }
    const path = casePath(at, command.path)
    const intent = intents.current.get(path) ?? new Intent()
    intents.current.set(path, intent)
    setBusy(true)
    setError(null)
    try {
      const key = intent.keyFor(body)
      await post(path, body, command.versioned ? { key, version: row.case_version } : { key })
      intent.done()
      await Promise.all([queries.invalidateQueries({ queryKey: [list] }), queries.invalidateQueries({ queryKey: caseKey(at) })])
      return true
    } catch (problem) {
      setError(problem as Error)
      return false
    } finally {
      setBusy(false)
    }
  }
  return { run, busy, error, clear: () => setError(null) }
}
