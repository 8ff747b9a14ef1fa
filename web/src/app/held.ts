// Money that was decided and has not left yet: until then it can be undone. Owns the list over all pages and the undoing; the length of
// the hold is the shop's, and whether something has left is for the desk to say.
import type { QueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { post, Refused } from '@/api/client'
import type { Held } from '@/api/types'
import { type CaseAt, caseKey, casePath } from '@/api/useCommand'

export interface HeldMoney {
  remedy: string
  at: CaseAt
  kind: string
  minor: number
  leavesAt: number
  /** `late`: it had left before the undo came; `silent`: no answer came, and trying again is safe. */
  state: 'held' | 'undoing' | 'undone' | 'left' | 'late' | 'silent'
  /** One name for the undo, so that pressing again after a lost answer is the same undo. */
  key: string
}

/** How long the end of it stays on the screen. */
const SHOWN_MS = 4_000

let all: readonly HeldMoney[] = []
const listeners = new Set<() => void>()
const set = (next: readonly HeldMoney[]) => {
  all = next
  for (const listener of listeners) listener()
}
const change = (remedy: string, state: HeldMoney['state']) => {
  set(all.map((it) => (it.remedy === remedy ? { ...it, state } : it)))
  if (state === 'undone' || state === 'left' || state === 'late')
    setTimeout(() => set(all.filter((it) => it.remedy !== remedy)), SHOWN_MS)
}

/** Takes up what a command answered. */
export function hold(at: CaseAt, held: readonly Held[] | undefined): void {
  const known = new Set(all.map((it) => it.remedy))
  const fresh = (held ?? []).filter((it) => !known.has(it.remedy_id))
  if (!fresh.length) return
  const rows = fresh.map(
    (it): HeldMoney => ({
      remedy: it.remedy_id,
      at,
      kind: it.kind,
      minor: it.amount_minor,
      leavesAt: Date.parse(it.leaves_at),
      state: 'held',
      key: crypto.randomUUID(),
    }),
  )
  set([...all, ...rows])
}

/** Its time is up: it leaves now. */
export const left = (remedy: string): void => {
  if (all.some((it) => it.remedy === remedy && it.state === 'held')) change(remedy, 'left')
}

/** What an undo that was not done means for the money: only the desk's own word says that it has left, or is back already. */
export const endOf = (problem: unknown): HeldMoney['state'] => {
  const code = problem instanceof Refused ? problem.code : ''
  return code === 'already_left' ? 'late' : code === 'effect_ended' ? 'undone' : 'silent'
}

export async function undo(it: HeldMoney, queries: QueryClient): Promise<void> {
  change(it.remedy, 'undoing')
  try {
    await post(casePath(it.at, `remedies/${it.remedy}/take-back`), {}, { key: it.key })
    change(it.remedy, 'undone')
  } catch (problem) {
    change(it.remedy, endOf(problem))
  }
  await queries.invalidateQueries({ queryKey: caseKey(it.at) })
}

/** Everything in the hold, oldest first. */
export const useHeld = (): readonly HeldMoney[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => all,
  )
