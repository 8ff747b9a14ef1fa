// A playbook tried on past cases: batch after batch from the desk, added up here. Owns going on and stopping; judges nothing.
import { post } from '@/api/client'

export interface Sums {
  cases: number
  same: number
  amount: number
  other: number
  silent: number
  by_itself: number
  would_minor: number
  given_minor: number
}

export interface Differing {
  case_id: string
  case_no: string
  title: string
  verdict: 'amount' | 'other' | 'silent'
  rung: string
  would: Gives | null
  would_minor: number
  by_itself: boolean
  given: Gives
  given_minor: number
}

export type Gives = 'refund' | 'return_refund' | 'goods' | 'payout' | 'work' | 'nothing'

export interface Batch {
  total: number
  looked_at: number
  sums: Sums
  differing: Differing[]
  next: string | null
}

export interface Run {
  done: number
  total: number
  sums: Sums
  differing: Differing[]
  state: 'running' | 'done' | 'stopped'
}

/** Differing cases listed; the sums have all. */
export const LISTED = 200

const NONE: Sums = { cases: 0, same: 0, amount: 0, other: 0, silent: 0, by_itself: 0, would_minor: 0, given_minor: 0 }

export const started = (): Run => ({ done: 0, total: 0, sums: NONE, differing: [], state: 'running' })

/** The run after one more batch. */
export function added(run: Run, batch: Batch): Run {
  const sums = Object.fromEntries(
    (Object.keys(NONE) as (keyof Sums)[]).map((key) => [key, run.sums[key] + batch.sums[key]]),
  ) as unknown as Sums
  const done = run.done + batch.looked_at
  return {
    done,
    // Figures may lag behind by seconds; the bar never passes its end.
    total: Math.max(batch.total, done),
    sums,
    differing: [...run.differing, ...batch.differing].slice(0, LISTED),
    state: batch.next ? 'running' : 'done',
  }
}

/** Asks batch after batch; `tell` hears of each, `stopped` ends it between two. */
export async function tryOut(
  shop: string,
  scenario: string,
  text: { source: string; shared: Record<string, string> },
  days: number,
  tell: (run: Run) => void,
  stopped: () => boolean,
): Promise<void> {
  let run = started()
  let after: string | null = null
  do {
    const batch: Batch = await post<Batch>(`/shops/${encodeURIComponent(shop)}/playbooks/${scenario}/try`, {
      ...text,
      days,
      ...(after ? { after } : {}),
    })
    run = added(run, batch)
    after = batch.next
    if (stopped()) {
      tell({ ...run, state: 'stopped' })
      return
    }
    tell(run)
  } while (after)
}
