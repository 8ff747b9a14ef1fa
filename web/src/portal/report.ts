// A problem in a few choices and the buyer's own words. Owns which wishes fit which problem; nothing else is asked.
import * as api from './api'
import { type Child, h } from './dom'
import { area, button, photoTiles, told } from './parts'
import { draw, emptyDraft, go, handIn, refresh, state, work } from './state'
import { fill, texts } from './words'

/** What a buyer usually wants then, the most likely first. Advice is always there. */
const WISHES: Record<string, string[]> = {
  not_received: ['inquiry', 'refund_only', 'reship'],
  damaged: ['return_refund', 'exchange', 'reship'],
  defective: ['exchange', 'return_refund', 'repair'],
  wrong_item: ['exchange', 'return_refund'],
  short: ['reship', 'refund_only'],
  not_as_described: ['return_refund', 'exchange'],
  not_wanted: ['return_refund'],
  usage: ['help'],
  other: [],
}
const ADVICE = 'complaint'

/** Before anything was sent, what is not wanted is not sent back either. */
const wishes = (problem: string): string[] =>
  problem === 'not_wanted' && !state.page?.order.shipped_at ? ['refund_only', ADVICE] : [...(WISHES[problem] ?? []), ADVICE]

export function reportView(): HTMLElement {
  const t = texts().report
  const { draft } = state
  const lines = state.page?.order.lines ?? []
  const [only] = lines
  if (lines.length === 1 && only && !draft.lines.size) draft.lines.set(only.line_no, only.quantity === 1 ? 1 : only.quantity)
  const choose = (problem: string) => {
    draft.problem = problem
    if (!wishes(problem).includes(draft.wish)) draft.wish = wishes(problem).length === 1 ? ADVICE : ''
  }
  return h(
    'main',
    {},
    button(`‹ ${texts().back}`, () => go('order'), 'link'),
    h('h1', { tabindex: -1 }, t.title),
    choices('problem', t.problem, Object.keys(WISHES), texts().problems, draft.problem, choose),
    lines.length > 1 && linesField(lines),
    draft.problem !== '' &&
      choices('wish', t.wish, wishes(draft.problem), texts().wishes, draft.wish, (wish) => {
        draft.wish = wish
      }),
    area('words', t.words, draft.text, t.words_hint, (text) => {
      draft.text = text
    }),
    photoTiles(draft.photos, texts().photos.title),
    told(),
  )
}

export function reportFoot(): Child[] {
  const t = texts().report
  return [button(state.busy || (state.trouble && !state.missing ? texts().retry : t.send), () => void send(), 'pri grow')]
}

function choices(
  name: string,
  label: string,
  codes: string[],
  words: object,
  chosen: string,
  choose: (code: string) => void,
): HTMLElement {
  const choice = (code: string) => {
    const pick = () => {
      choose(code)
      if (state.missing === name) Object.assign(state, { missing: '', trouble: '' })
      draw()
      document.getElementById(`${name}-${code}`)?.focus()
    }
    const input = h('input', { type: 'radio', name, id: `${name}-${code}`, checked: chosen === code, onchange: pick })
    return h('label', { class: 'pick' }, input, h('span', {}, (words as Record<string, string>)[code]))
  }
  return h('fieldset', { class: 'f', id: name }, h('legend', {}, label), h('div', { class: 'picks' }, ...codes.map(choice)))
}

function linesField(lines: api.Line[]): HTMLElement {
  const { draft } = state
  const t = texts().report
  const row = (line: api.Line) => {
    const units = draft.lines.get(line.line_no) ?? 0
    const set = (count: number, focus: string) => {
      if (count > 0) draft.lines.set(line.line_no, count)
      else draft.lines.delete(line.line_no)
      if (state.missing === 'lines') Object.assign(state, { missing: '', trouble: '' })
      draw()
      document.getElementById(focus)?.focus()
    }
    const id = `line-${line.line_no}`
    const box = h('input', { type: 'checkbox', id, checked: units > 0, onchange: () => set(units ? 0 : line.quantity, id) })
    const step = (by: number, label: string, sign: string) =>
      h(
        'button',
        {
          type: 'button',
          class: 'btn step',
          id: `${id}${sign}`,
          'aria-label': `${line.title} ${label}`,
          onclick: () => set(Math.min(line.quantity, Math.max(1, units + by)), `${id}${sign}`),
        },
        sign,
      )
    const count = units > 0 && line.quantity > 1
    return h(
      'div',
      { class: 'lineb' },
      h('label', { class: 'pick wide' }, box, h('span', {}, line.title, ' ', h('span', { class: 'q' }, line.spec))),
      count &&
        h(
          'div',
          { class: 'row units' },
          step(-1, t.less, '−'),
          h('span', { role: 'status' }, fill(t.of, { count: units, of: line.quantity })),
          step(1, t.more, '+'),
        ),
    )
  }
  return h('fieldset', { class: 'f', id: 'lines' }, h('legend', {}, t.lines), ...lines.map(row))
}

/** The first thing that is still missing. */
function missing(): '' | 'problem' | 'lines' | 'wish' | 'words' {
  const { draft } = state
  if (!draft.problem) return 'problem'
  if (!draft.lines.size) return 'lines'
  if (!draft.wish) return 'wish'
  return draft.text.trim() ? '' : 'words'
}

async function send(): Promise<void> {
  const { draft } = state
  const lacks = missing()
  if (lacks) {
    Object.assign(state, { missing: lacks, trouble: texts().report.missing[lacks] })
    draw()
    document.getElementById(lacks)?.scrollIntoView({ block: 'center' })
    return
  }
  await work(texts().report.sending, async () => {
    if (!draft.caseId) {
      const lines = Array.from(draft.lines, ([line_no, quantity]) => ({ line_no, quantity }))
      const kept = await api.report({ problem: draft.problem, wish: draft.wish, text: draft.text.trim(), lines })
      draft.caseId = kept.case_id
    }
    await handIn(draft.caseId, draft.photos)
    await refresh()
    Object.assign(state, { view: 'case', caseId: draft.caseId, draft: emptyDraft() })
  })
  if (state.view === 'case') draw(true)
}
