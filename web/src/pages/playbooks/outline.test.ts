import { describe, expect, it } from 'vitest'
import { changes, lines, reordered } from './diff'
import {
  added,
  apply,
  type Block,
  copied,
  included,
  lineOf,
  neighbour,
  type Row,
  removed,
  type Span,
  shifted,
  swapped,
} from './outline'

const text = '[[offer]]\nid = "a"\ncap = "10 元"\n\n[[offer]]\nid = "b"\nwhen = ["order.bulky", "order.signed"]\n'
const span = (piece: string, after = 0): Span => {
  const from = text.indexOf(piece, after)
  return { from, to: from + piece.length, line: 1, last_line: 1 }
}
const row = (key: string, value: string, more: Partial<Row> = {}): Row => ({
  key,
  shape: 'plain',
  at: span(`"${value}"`),
  value,
  ...more,
})
const second = text.indexOf('[[offer]]', 5)
const blocks: Block[] = [
  {
    table: 'offer',
    n: 0,
    id: 'a',
    title: { zh: '甲', en: 'A' },
    at: { from: 0, to: text.indexOf('\n\n') + 1, line: 1, last_line: 3 },
    apart: true,
    rows: [row('id', 'a'), row('cap', '10 元')],
    absent: ['limit'],
  },
  {
    table: 'offer',
    n: 1,
    id: 'b',
    title: { zh: '乙', en: 'B' },
    at: { from: second, to: text.length, line: 5, last_line: 7 },
    apart: true,
    rows: [
      row('id', 'b'),
      {
        key: 'when',
        shape: 'all',
        at: span('["order.bulky", "order.signed"]'),
        items: [
          { at: span('"order.bulky"'), value: 'order.bulky' },
          { at: span('"order.signed"'), value: 'order.signed' },
        ],
      },
    ],
    absent: [],
  },
]

describe('a text edited at the places of its rows', () => {
  it('keeps the places right after a change in front of them', () => {
    const cap = blocks[0]?.rows[1] as Row
    const change = { from: cap.at.from, to: cap.at.to, text: '"5% of line.paid"' }
    const [edited, moved] = [apply(text, change), shifted(blocks, change)]
    const at = (s?: Span) => (s ? edited.slice(s.from, s.to) : '')
    expect(at(moved[0]?.rows[1]?.at)).toBe('"5% of line.paid"')
    expect(at(moved[1]?.rows[1]?.items?.[1]?.at)).toBe('"order.signed"')
    expect(at(moved[0]?.at).endsWith('line.paid"\n')).toBe(true)
    expect(at(moved[1]?.at).startsWith('[[offer]]\nid = "b"')).toBe(true)
  })

  it('swaps neighbours and copies one', () => {
    const [one, two] = blocks as [Block, Block]
    expect(neighbour(blocks, one, 1)).toBe(two)
    expect(neighbour(blocks, one, -1)).toBeUndefined()
    expect(swapped(text, one, two)).toBe(
      '[[offer]]\nid = "b"\nwhen = ["order.bulky", "order.signed"]\n\n[[offer]]\nid = "a"\ncap = "10 元"\n',
    )
    const copy = copied(text, blocks, one)
    expect(copy && apply(text, copy)).toContain('\n[[offer]]\nid = "a_2"\ncap = "10 元"\n')
  })

  it('adds and takes entries of a list', () => {
    const when = blocks[1]?.rows[1] as Row
    const items = when.items ?? []
    expect(apply(text, added(items, when.at, '"x"'))).toContain('["order.bulky", "order.signed", "x"]')
    const first = removed(items, 0)
    expect(first && apply(text, first)).toContain('["order.signed"]')
    const last = removed(items, 1)
    expect(last && apply(text, last)).toContain('["order.bulky"]')
    expect(removed(items.slice(0, 1), 0)).toBeUndefined()
  })

  it('writes conditions as lines', () => {
    const check = (op: string, values: string[], isText: boolean, line: string) =>
      expect(lineOf({ fact: 'a.b', op, values, with_fact: false }, isText)).toBe(line)
    check('yes', [], false, 'a.b')
    check('no', [], false, 'not a.b')
    check('unknown', [], false, 'a.b is unknown')
    check('>=', ['48 h'], false, 'a.b >= 48 h')
    check('in', ['x', 'y'], false, 'a.b in [x, y]')
    check('is not', ['A-1'], true, 'a.b is not "A-1"')
  })

  it('knows which files are included', () => {
    const head: Block = { ...(blocks[0] as Block), table: 'head', rows: [row('include', '')] }
    ;(head.rows[0] as Row).value = '["shared/sla.toml", "shared/taobao.toml#return", "shared/taobao.toml#x"]'
    expect(included([head])).toEqual(['shared/sla.toml', 'shared/taobao.toml'])
  })
})

describe('what differs', () => {
  it('is told by sentence and by order', () => {
    const [one, two] = blocks as [Block, Block]
    const edited: Block = { ...one, n: 1, rows: [row('id', 'a'), row('cap', 'b')] }
    const found = changes(blocks, [two, edited])
    expect(found.map((it) => [it.id, it.key, it.before?.value, it.after?.value])).toEqual([['a', 'cap', '10 元', 'b']])
    expect(reordered(blocks, [two, edited])).toEqual({ before: [one.title, two.title], after: [two.title, one.title] })
    expect(reordered(blocks, blocks)).toBeUndefined()
  })

  it('is told by line', () => {
    const told = (a: string, b: string) =>
      lines(a, b, 0).map((line) => `${{ same: ' ', out: '-', in: '+' }[line.kind]}${line.text}`)
    expect(told('a\nb\nc\nd', 'a\nx\nc\ny\nd')).toEqual(['-b', '+x', ' c', '+y'])
    expect(told('a\nb', 'a\nb')).toEqual([])
  })
})
