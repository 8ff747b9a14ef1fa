// Groups of the queue by how soon a case wants a hand. Owns the split; the order is the desk's.
import { type Bucket, bucket } from '@/parts/time'
import type { Shown } from './settle'

export type Entry =
  | { kind: 'group'; bucket: Bucket; count: number; amountMinor: number; open: boolean }
  | { kind: 'row'; row: Shown; at: number }

const ORDER: Bucket[] = ['over', 'h1', 'h4', 'h24', 'later']

/** Rows with a heading before each group. `more`: the list goes on, so the last group is not complete. */
export function grouped(rows: readonly Shown[], now: number, more: boolean): Entry[] {
  const entries: Entry[] = []
  let current = -1
  let head: Extract<Entry, { kind: 'group' }> | undefined
  rows.forEach((row, at) => {
    const time = row.act_by ?? row.next_deadline_at
    const found = time ? ORDER.indexOf(bucket(time, now)) : ORDER.length - 1
    if (found > current) {
      current = found
      head = { kind: 'group', bucket: ORDER[found] ?? 'later', count: 0, amountMinor: 0, open: false }
      entries.push(head)
    }
    if (head) {
      head.count += 1
      head.amountMinor += row.amount_minor
    }
    entries.push({ kind: 'row', row, at })
  })
  if (head) head.open = more
  return entries
}
