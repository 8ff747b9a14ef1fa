// Order number and the end of the phone. Owns the way in, and back to where the buyer was when the ticket had ended.
import * as api from './api'
import { h } from './dom'
import { told } from './parts'
import { draw, refresh, state, work } from './state'
import { texts } from './words'

/** Full-width digits of a Chinese keyboard are digits. */
const plain = (text: string): string =>
  text.replace(/[\uff10-\uff19]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0)).trim()

export function findView(): HTMLElement {
  const t = texts().find
  const orderNo = h('input', {
    id: 'order_no',
    value: state.orderNo,
    maxlength: 64,
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    required: true,
    oninput: () => {
      state.orderNo = orderNo.value
    },
  })
  const tail = h('input', {
    id: 'tail',
    value: state.tail,
    inputmode: 'numeric',
    maxlength: 4,
    autocomplete: 'off',
    required: true,
    'aria-describedby': 'tail-hint',
    oninput: () => {
      state.tail = tail.value
    },
  })
  const submit = (event: Event) => {
    event.preventDefault()
    void open()
  }
  return h(
    'main',
    {},
    h('h1', { tabindex: -1 }, t.title),
    h('p', { class: 'q2 lead' }, t.note),
    h(
      'form',
      { class: 'card', novalidate: true, onsubmit: submit },
      h('div', { class: 'f' }, h('label', { for: 'order_no' }, t.order_no), orderNo),
      h('div', { class: 'f' }, h('label', { for: 'tail' }, t.tail), tail, h('p', { class: 'q', id: 'tail-hint' }, t.tail_hint)),
      told(),
      h('button', { class: 'btn pri wide', 'aria-disabled': state.busy ? 'true' : undefined }, state.busy || t.go),
    ),
  )
}

async function open(): Promise<void> {
  const [orderNo, tail] = [plain(state.orderNo), plain(state.tail)]
  if (!orderNo || !/^\d{4}$/.test(tail)) {
    state.trouble = texts().find.missing
    draw()
    return
  }
  await work(texts().busy, async () => {
    await api.find(state.shop, orderNo, tail)
    await refresh()
    const [only, ...others] = state.page?.cases.filter((it) => it.open) ?? []
    const straight = only && others.length === 0
    state.tail = ''
    state.view = state.after ?? (straight ? 'case' : 'order')
    if (!state.after && straight) state.caseId = only.id
    state.after = undefined
  })
  if (state.page && state.view !== 'find') draw(true)
}
