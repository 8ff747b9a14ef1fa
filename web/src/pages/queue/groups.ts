// Groups of the queue by how soon a case wants a hand, and where groups and rows stand in the list. Owns the split and the places; the order
// is the desk's. Everything is reckoned from the few groups: a list of ten thousand rows is not walked at a step of scrolling.
import { type Bucket, bucket } from '@/parts/time'
import type { Shown } from './settle'

export interface Group {
  bucket: Bucket
  /** Its first row, counted in the whole list. */
  from: number
  count: number
  amountMinor: number
}

/** The groups, and what they were made of. */
export interface Grouping {
  groups: readonly Group[]
  rows: readonly Shown[]
  now: number
}

const ORDER: Bucket[] = ['over', 'h1', 'h4', 'h24', 'later']

/** The groups of the rows; with the ones `before` only rows that came after them are looked at. */
export function grouped(rows: readonly Shown[], now: number, before?: Grouping): Grouping {
  const goesOn = before?.now === now && before.rows.length <= rows.length && before.rows.every((row, at) => row === rows[at])
  const groups = goesOn ? before.groups.map((group) => ({ ...group })) : []
  let head = groups.at(-1)
  let current = head ? ORDER.indexOf(head.bucket) : -1
  for (let at = goesOn ? before.rows.length : 0; at < rows.length; at++) {
    const row = rows[at]
    if (!row) break
    const time = row.act_by ?? row.next_deadline_at
    const found = time ? ORDER.indexOf(bucket(time, now)) : ORDER.length - 1
    if (!head || found > current) {
      current = found
      head = { bucket: ORDER[found] ?? 'later', from: at, count: 0, amountMinor: 0 }
      groups.push(head)
    }
    head.count += 1
    head.amountMinor += row.amount_minor
  }
  return { groups, rows, now }
}

export interface Heights {
  group: number
  row: number
}

/** A heading or a row, and how far from the top of the list it stands, px. */
export type Strip = { kind: 'group'; group: Group; top: number } | { kind: 'row'; at: number; top: number }

/** How far from the top a row stands: rows and headings before it, its own heading among them. */
export const topOf = (groups: readonly Group[], at: number, height: Heights): number =>
  at * height.row + groups.filter((group) => group.from <= at).length * height.group

/** What lies between `top` and `bottom` px of a list of `count` rows. */
export function within(groups: readonly Group[], count: number, height: Heights, top: number, bottom: number): Strip[] {
  const strips: Strip[] = []
  // Without groups all rows follow each other from the top.
  const blocks = groups.length ? groups.map((group) => ({ group, from: group.from, count: group.count })) : [{ from: 0, count }]
  for (const block of blocks) {
    const begin = topOf(groups, block.from, height)
    if ('group' in block && begin > top && begin - height.group < bottom)
      strips.push({ kind: 'group', group: block.group, top: begin - height.group })
    const first = Math.max(0, Math.floor((top - begin) / height.row))
    const last = Math.min(block.count, Math.ceil((bottom - begin) / height.row))
    for (let place = first; place < last; place++)
      strips.push({ kind: 'row', at: block.from + place, top: begin + place * height.row })
  }
  return strips
}
