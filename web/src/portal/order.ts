// The order and its problems. Owns the first view behind the door.
import type { Case, Parcel } from './api'
import { type Child, h } from './dom'
import { section, told } from './parts'
import { emptyDraft, go, state } from './state'
import { fill, texts, when } from './words'

export function orderView(): HTMLElement {
  const t = texts().order
  const page = state.page
  if (!page) return h('main')
  const lines = page.order.lines.map((line) =>
    h(
      'li',
      { class: 'row' },
      h('span', { class: 'grow' }, h('b', {}, line.title), line.spec && h('span', { class: 'q block' }, line.spec)),
      h('span', { class: 'q2 nw' }, fill(t.times, { count: line.quantity })),
    ),
  )
  const sent = page.order.parcels.filter((it) => it.waybill)
  const parcels = sent.length ? sent.map(parcelRow) : [h('li', { class: 'q2' }, journey(page.order) || t.waiting)]
  return h(
    'main',
    {},
    h('p', { class: 'q small' }, fill(t.tail, { tail: page.order.tail })),
    h('h1', { tabindex: -1 }, t.title),
    told(),
    section(
      t.problems,
      page.cases.length ? h('ul', { class: 'card list' }, ...page.cases.map(problem)) : h('p', { class: 'q2' }, t.none),
    ),
    section(t.goods, h('ul', { class: 'card list' }, ...lines)),
    section(t.parcels, h('ul', { class: 'card list' }, ...parcels)),
  )
}

export function orderFoot(): Child[] {
  const report = () => {
    if (state.draft.caseId) state.draft = emptyDraft()
    go('report')
  }
  const t = texts().order
  return [
    h('button', { type: 'button', class: 'btn pri grow', onclick: report }, state.page?.cases.length ? t.another : t.report),
  ]
}

function problem(it: Case): HTMLElement {
  const t = texts()
  const next = (t.next as Record<string, string>)[it.next.what] ?? ''
  return h(
    'li',
    {},
    h(
      'button',
      { type: 'button', class: 'open', onclick: () => go('case', it.id) },
      h('span', { class: 'grow' }, h('b', {}, next), h('span', { class: 'q block' }, it.title || it.no)),
      h('span', { class: 'q', 'aria-hidden': 'true' }, '›'),
    ),
  )
}

const journey = (it: { shipped_at: string | null; signed_at: string | null }): string => {
  const t = texts().order
  const at = it.signed_at ?? it.shipped_at
  return at ? fill(it.signed_at ? t.signed_at : t.sent_at, { at: when(at) }) : ''
}

export function parcelRow(it: Parcel): HTMLElement {
  return h(
    'li',
    { class: 'row' },
    h('span', { class: 'grow' }, it.carrier.toUpperCase(), ' ', h('b', { class: 'nw' }, it.waybill)),
    h('span', { class: 'q2' }, journey(it)),
  )
}
