// What differs between two versions: sentence by sentence, and line by line of the text. Owns comparing; shows nothing.
import type { Both } from '@/i18n'
import type { Block, Item, Row } from './outline'

/** One sentence with where it stands. */
export interface Sentence {
  table: string
  id: string
  title: Both
  key: string
  row: Row
  /** Tells whether two are the same. */
  same: string
}

export interface Changed {
  table: string
  title: Both
  id: string
  key: string
  before?: Row
  after?: Row
}

const itemText = (item: Item): string => item.value ?? `${item.group ?? ''}(${(item.items ?? []).map(itemText).join(' ')})`

/** A row's content apart from its place. */
export function content(row: Row): string {
  if (row.items?.length) return row.items.map(itemText).join(' ')
  return row.both ? `${row.both.zh.value} / ${row.both.en.value}` : (row.value ?? '')
}

function sentences(blocks: Block[]): Map<string, Sentence> {
  const all = new Map<string, Sentence>()
  for (const block of blocks) {
    for (const row of block.rows) {
      if (block.table === 'head' && row.key === 'version') continue
      const name = `${block.table}/${block.id || block.n}/${row.key}`
      all.set(name, { table: block.table, id: block.id, title: block.title, key: row.key, row, same: content(row) })
    }
  }
  return all
}

/** Sentences that changed, came or went, in the order of the new text; then those that went. */
export function changes(before: Block[], after: Block[]): Changed[] {
  const [old, now] = [sentences(before), sentences(after)]
  const found: Changed[] = []
  for (const [name, it] of now) {
    const was = old.get(name)
    if (was?.same === it.same) continue
    found.push({ table: it.table, title: it.title, id: it.id, key: it.key, after: it.row, ...(was ? { before: was.row } : {}) })
  }
  for (const [name, it] of old) {
    if (!now.has(name)) found.push({ table: it.table, title: it.title, id: it.id, key: it.key, before: it.row })
  }
  return found
}

/** Rungs whose order changed: their titles before and after; nothing when the order is the same. */
export function reordered(before: Block[], after: Block[]): { before: Both[]; after: Both[] } | undefined {
  const rungs = (blocks: Block[]) => blocks.filter((block) => block.table === 'offer')
  const there = (blocks: Block[], other: Block[]) =>
    rungs(blocks).filter((block) => rungs(other).some((it) => it.id === block.id))
  const [old, now] = [there(before, after), there(after, before)]
  if (old.every((block, n) => block.id === now[n]?.id)) return undefined
  return { before: old.map((block) => block.title), after: now.map((block) => block.title) }
}

export interface Line {
  kind: 'same' | 'out' | 'in'
  text: string
}

/** Lines compared the shortest way; what is the same at both ends is cut first, so long files stay quick. */
export function lines(before: string, after: string, around = 2): Line[] {
  const [a, b] = [before.split('\n'), after.split('\n')]
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1
  const [left, right] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)]
  const middle = compared(left, right)
  const same = (all: string[]): Line[] => all.map((text) => ({ kind: 'same', text }))
  return [
    ...same(a.slice(Math.max(0, head - around), head)),
    ...middle,
    ...same(a.slice(a.length - tail, Math.min(a.length, a.length - tail + around))),
  ]
}

function compared(a: string[], b: string[]): Line[] {
  // longest common subsequence, row by row from the end
  const width = b.length + 1
  const long = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      long[i * width + j] =
        a[i] === b[j]
          ? (long[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(long[(i + 1) * width + j] ?? 0, long[i * width + j + 1] ?? 0)
  const found: Line[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      found.push({ kind: 'same', text: a[i] ?? '' })
      i += 1
      j += 1
    } else if (j >= b.length || (i < a.length && (long[(i + 1) * width + j] ?? 0) >= (long[i * width + j + 1] ?? 0))) {
      found.push({ kind: 'out', text: a[i] ?? '' })
      i += 1
    } else {
      found.push({ kind: 'in', text: b[j] ?? '' })
      j += 1
    }
  }
  return found
}
