// Sending a command from the screen. Owns keys over retries, what is asked anew afterwards, and the stale answer.
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useRef, useState } from 'react'
import { hold } from '@/app/held'
import { post, Refused } from './client'
import type { CaseCommand } from './commands'
import { Intent } from './intent'
import type { Changed } from './types'
import type { CaseView } from './view'

export interface Running {
  busy: boolean
  error: Error | null
  clear: () => void
}

/** A case as its address names it. */
export interface CaseAt {
  shop: string
  id: string
}

export const caseKey = (at: CaseAt) => ['case', at.shop, at.id] as const
export const casePath = (at: CaseAt, rest = ''): string =>
  `/shops/${encodeURIComponent(at.shop)}/cases/${at.id}${rest ? `/${rest}` : ''}`

/**
 * A command on a case. `version` is what the person saw; it travels where the command needs it. The answer is the desk's result, or
 * nothing when it was refused, in which case `error` says why.
 */
export function useCaseCommand(at: CaseAt, version: number) {
  const queries = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const intents = useRef(new Map<string, Intent>())

  const run = useCallback(
    async <B, R = Record<string, unknown>>(command: CaseCommand<B>, body: B, seen = version): Promise<Changed<R> | undefined> => {
      const intent = intents.current.get(command.path) ?? new Intent()
      intents.current.set(command.path, intent)
      setBusy(true)
      setError(null)
      try {
        const key = intent.keyFor(body)
        const write = command.versioned ? { key, version: seen } : { key }
        const answer = await post<Changed<R>>(casePath(at, command.path), body, write)
        intent.done()
        hold(at, answer.held)
        queries.setQueryData<CaseView>(caseKey(at), (view) =>
          view && answer.version === view.case.version + 1 ? { ...view, case: { ...view.case, version: answer.version } } : view,
        )
        await queries.invalidateQueries({ queryKey: caseKey(at) })
        return answer
      } catch (problem) {
        setError(problem as Error)
        if (problem instanceof Refused && problem.code === 'stale_version')
          await queries.invalidateQueries({ queryKey: caseKey(at) })
        return undefined
      } finally {
        setBusy(false)
      }
    },
    [at, queries, version],
  )
  return { run, busy, error, clear: () => setError(null) }
}

/** Commands that are not on one case, one at a time; the answer, or nothing where there is none and `error` says why. */
export function useAsk() {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const intent = useRef(new Intent())
  const ask = async <R>(path: string, body: unknown): Promise<R | undefined> => {
    setBusy(true)
    setError(null)
    try {
      const answer = await post<R>(path, body, { key: intent.current.keyFor([path, body]) })
      intent.current.done()
      return answer
    } catch (problem) {
      // A refusal is an answer: only what nobody answered is the same intent when it is sent again.
      if (problem instanceof Refused) intent.current.done()
      setError(problem as Error)
      return undefined
    } finally {
      setBusy(false)
    }
  }
  return { ask, busy, error, clear: () => setError(null) }
}

/** A command at one address; what hangs on it is asked anew afterwards. */
export function useCommand<B, R>(path: string, asksAnew: readonly unknown[] = []) {
  const queries = useQueryClient()
  const { ask, ...rest } = useAsk()
  const run = async (body: B, at = path): Promise<R | undefined> => {
    const answer = await ask<R>(at, body)
    if (answer && asksAnew.length) await queries.invalidateQueries({ queryKey: asksAnew as unknown[] })
    return answer
  }
  return { run, ...rest }
}
