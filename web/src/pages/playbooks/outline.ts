// A playbook's text as the desk takes it apart: blocks and rows with their places. Owns changing the text at those places; knows no screen.
import type { Both } from '@/i18n'

export interface Span {
  from: number
  to: number
  line: number
  last_line: number
}

export interface Parts {
  fact: string
  op: string
  values: string[]
  with_fact: boolean
}

export interface Item {
  at: Span
  value?: string
  said?: Both
  parts?: Parts
  group?: 'any' | 'all'
  items?: Item[]
}

export type Shape =
  | 'all'
  | 'either'
  | 'one'
  | 'amount'
  | 'length'
  | 'said'
  | 'word'
  | 'words'
  | 'flag'
  | 'number'
  | 'anchor'
  | 'plain'
  | 'raw'

export interface Row {
  key: string
  shape: Shape
  set?: string
  at: Span
  whole?: Span
  said?: Both
  value?: string
  both?: { zh: { value: string; at: Span }; en: { value: string; at: Span } }
  items?: Item[]
}

export interface Block {
  table: string
  n: number
  id: string
  title?: Both
  at: Span
  apart: boolean
  rows: Row[]
  absent: string[]
}

export interface Fault {
  file: string
  line: number
  column: number
  found: string
  expected: string
  nearest?: string
}

/** One change of a text: what stands from `from` to `to` becomes `text`. */
export interface Change {
  from: number
  to: number
  text: string
}

export const apply = (text: string, change: Change): string => text.slice(0, change.from) + change.text + text.slice(change.to)

/** Words as they stand in the file. */
export const quoted = (words: string): string => JSON.stringify(words)

/** The places after a change, so that the next one needs no answer of the desk first. */
export function shifted(blocks: Block[], change: Change): Block[] {
  const by = change.text.length - (change.to - change.from)
  const place = (span: Span): Span => ({
    ...span,
    from: span.from >= change.to && span.from > change.from ? span.from + by : span.from,
    to: span.to >= change.to ? span.to + by : span.to,
  })
  const item = (it: Item): Item => ({ ...it, at: place(it.at), ...(it.items ? { items: it.items.map(item) } : {}) })
  const row = (it: Row): Row => ({
    ...it,
    at: place(it.at),
    ...(it.whole ? { whole: place(it.whole) } : {}),
    ...(it.items ? { items: it.items.map(item) } : {}),
    ...(it.both
      ? { both: { zh: { ...it.both.zh, at: place(it.both.zh.at) }, en: { ...it.both.en, at: place(it.both.en.at) } } }
      : {}),
  })
  return blocks.map((block) => ({ ...block, at: place(block.at), rows: block.rows.map(row) }))
}

/** Two blocks change places; what stands between them stays. */
export function swapped(text: string, one: Block, two: Block): string {
  const [first, second] = one.at.from < two.at.from ? [one.at, two.at] : [two.at, one.at]
  return (
    text.slice(0, first.from) +
    text.slice(second.from, second.to) +
    text.slice(first.to, second.from) +
    text.slice(first.from, first.to) +
    text.slice(second.to)
  )
}

/** The block of the same table before or behind, when the two can change places. */
export function neighbour(blocks: Block[], block: Block, by: -1 | 1): Block | undefined {
  const kin = blocks.filter((it) => it.table === block.table && it.apart)
  return block.apart ? kin[kin.findIndex((it) => it.n === block.n) + by] : undefined
}

/** Another entry in a list, at its end. */
export function added(items: Item[], row: Span, entry: string): Change {
  const last = items.at(-1)
  return last ? { from: last.at.to, to: last.at.to, text: `, ${entry}` } : { from: row.from, to: row.to, text: `[${entry}]` }
}

/** One entry less; nothing when it is the only one. */
export function removed(items: Item[], at: number): Change | undefined {
  const [before, it, after] = [items[at - 1], items[at], items[at + 1]]
  if (!it) return undefined
  if (after) return { from: it.at.from, to: after.at.from, text: '' }
  return before ? { from: before.at.to, to: it.at.to, text: '' } : undefined
}

/** A key more, at the end of its block. */
export function withKey(text: string, block: Block, key: string, value: string): Change {
  const at = block.at.to
  const gap = at > 0 && text[at - 1] !== '\n' ? '\n' : ''
  return { from: at, to: at, text: `${gap}${key} = ${value}\n` }
}

/** A copy of a block behind it, under an id of its own. */
export function copied(text: string, blocks: Block[], block: Block): Change | undefined {
  const id = block.rows.find((row) => row.key === 'id')
  if (!block.apart || !id) return undefined
  const taken = new Set(blocks.filter((it) => it.table === block.table).map((it) => it.id))
  let n = 2
  while (taken.has(`${block.id}_${n}`)) n += 1
  const own = text.slice(block.at.from, block.at.to)
  const at = id.at.from - block.at.from
  const copy = `${own.slice(0, at)}${quoted(`${block.id}_${n}`)}${own.slice(at + id.at.to - id.at.from)}`
  return { from: block.at.to, to: block.at.to, text: `\n${copy}` }
}

/** A condition as one line of the file. */
export function lineOf(parts: Parts, isText: boolean): string {
  const { fact, op, values } = parts
  const value = (text: string) => (isText ? quoted(text) : text)
  switch (op) {
    case 'yes':
      return fact
    case 'no':
      return `not ${fact}`
    case 'known':
    case 'unknown':
      return `${fact} is ${op}`
    case 'in':
    case 'not in':
      return `${fact} ${op} [${values.map(value).join(', ')}]`
    case 'is':
    case 'is not':
      return `${fact} ${op} ${value(values[0] ?? '')}`
    default:
      return `${fact} ${op} ${values[0] ?? ''}`
  }
}

/** The files a text includes, without their groups. */
export function included(blocks: Block[]): string[] {
  const row = blocks.find((block) => block.table === 'head')?.rows.find((it) => it.key === 'include')
  const paths = [...(row?.value ?? '').matchAll(/"([^"#]+)(?:#[^"]*)?"/g)].map((hit) => hit[1] ?? '')
  return [...new Set(paths)]
}
