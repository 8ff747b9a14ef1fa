// One problem: where it stands, what comes next and until when, what the buyer can do. Owns the order in which that is told.
import * as api from './api'
import { type Child, h, tick } from './dom'
import { parcelRow } from './order'
import { area, button, photoTiles, section, told } from './parts'
import { draw, go, handIn, moreOf, refresh, state, theCase, work } from './state'
import { clock, dateBox, fill, money, texts, when } from './words'

const STAGES = ['intake', 'diagnosis', 'negotiation', 'execution', 'confirmation'] as const
type Words = Record<string, string>

export function caseView(): HTMLElement {
  const t = texts()
  const it = theCase()
  if (!it || !state.page) return h('main')
  return h(
    'main',
    {},
    button(`‹ ${t.back}`, () => go('order'), 'link'),
    h('p', { class: 'q small' }, `${fill(t.order.tail, { tail: state.page.order.tail })} · ${it.no}`),
    h('h1', { tabindex: -1 }, (t.next as Words)[it.next.what] ?? ''),
    stepper(it),
    dated(it),
    told(),
    todo(it),
    it.offers.filter((offer) => offer.state === 'sent').length > 0 && offers(it, true),
    it.may_rate && rating(it),
    composer(it),
    it.messages.length > 0 && talk(it),
    section(t.progress, progress(it)),
    it.parcels.length > 0 && section(t.order.parcels, h('ul', { class: 'card list' }, ...it.parcels.map(parcelRow))),
    it.offers.filter((offer) => offer.state !== 'sent').length > 0 && offers(it, false),
  )
}

export function caseFoot(): Child[] {
  const t = texts()
  const it = theCase()
  if (!it) return []
  const more = moreOf(it.id)
  if (more.open) {
    const cancel = () => {
      more.open = false
      draw()
    }
    return [
      button(t.cancel, cancel, 'grow'),
      button(state.busy || (state.trouble ? t.retry : t.message.send), () => void send(it), 'pri grow'),
    ]
  }
  if (!it.open) return [button(t.solved.reopen, () => write(it, t.solved.no_words), 'grow')]
  return [button(t.photos.add, () => write(it, '', 'photos'), 'grow'), button(t.message.write, () => write(it), 'pri grow')]
}

function stepper(it: api.Case): HTMLElement {
  const t = texts()
  const at = it.open ? STAGES.indexOf(it.stage as (typeof STAGES)[number]) : STAGES.length
  const step = (stage: (typeof STAGES)[number], n: number) =>
    h(
      'li',
      { class: n < at ? 'd' : n === at ? 'c' : '', 'aria-current': n === at ? 'step' : undefined },
      h('i', { 'aria-hidden': 'true' }, n < at && tick()),
      t.stages[stage],
    )
  return h('ol', { class: 'steps' }, ...STAGES.map(step))
}

/** The date by which something happens, where it is known. */
function dated(it: api.Case): Child {
  const by = it.next.by
  if (!by) return null
  const [month, day, weekday] = dateBox(by)
  const what = (texts().by as Words)[it.next.what] ?? ''
  return h(
    'section',
    { class: 'card date' },
    h('span', { class: 'box', 'aria-hidden': 'true' }, h('small', {}, month), h('b', {}, day), h('small', {}, weekday)),
    h('p', {}, h('span', { class: 'sr' }, `${when(by)} `), h('b', { class: 'big', 'aria-hidden': 'true' }, clock(by)), ' ', what),
  )
}

/** What the buyer has to do now; nothing is said as clearly as something. */
function todo(it: api.Case): HTMLElement {
  const t = texts()
  const words = t.todo as Words
  const what = it.open ? it.next.what : 'ended'
  const mine = what in words
  const title = words[mine ? what : 'nothing']
  const note = words[`${mine ? what : 'nothing'}_note`]
  return h(
    'section',
    { class: mine && it.open ? 'need act' : 'need' },
    !mine && tick(),
    h(
      'div',
      { class: 'grow' },
      h('b', {}, title),
      note && h('p', { class: 'q2' }, note),
      it.return_to && h('p', { class: 'addr' }, it.return_to),
      it.return_to && button(t.todo.copy, () => void copy(it.return_to ?? '')),
      what === 'confirm' &&
        h(
          'div',
          { class: 'row two' },
          button(t.solved.yes, () => void solved(it, true), 'pri grow'),
          button(t.solved.no, () => write(it, t.solved.no_words), 'grow'),
        ),
    ),
  )
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    state.note = texts().todo.copied
  } catch {
    // the address stands there to be selected
  }
  draw()
}

function offers(it: api.Case, open: boolean): HTMLElement {
  const shown = it.offers.filter((offer) => (offer.state === 'sent') === open)
  return section(texts().offer.title, ...shown.map((offer) => (open ? offerCard(it, offer) : past(offer))))
}

/** What was answered before, in a line. */
function past(offer: api.Offer): HTMLElement {
  const t = texts().offer
  const sum = offer.amount_minor > 0 && h('p', { class: 'q2 nw' }, fill(t.amount, { amount: money(offer.amount_minor) }))
  return h('article', { class: 'card past' }, h('p', {}, h('b', {}, offer.what)), sum, h('p', { class: 'q' }, t[offer.state]))
}

function offerCard(it: api.Case, offer: api.Offer): HTMLElement {
  const t = texts().offer
  const row = (label: string, text: string) => text && h('p', {}, h('span', { class: 'q block' }, label), text)
  return h(
    'article',
    { class: 'card offer' },
    h('p', { class: 'lead' }, h('b', {}, offer.what)),
    offer.amount_minor > 0 && h('p', { class: 'sum' }, fill(t.amount, { amount: money(offer.amount_minor) })),
    offer.by_when && h('p', { class: 'q2' }, fill(t.by_when, { at: when(offer.by_when) })),
    row(t.why, offer.why),
    row(t.must, offer.buyer_must),
    row(t.follows, offer.follows),
    answering(it, offer),
  )
}

/** A yes moves money, so it is asked once more. */
function answering(it: api.Case, offer: api.Offer): HTMLElement {
  const t = texts().offer
  const ask = (said: 'accepted' | 'refused') => () => {
    state.asked = { offer: offer.id, said }
    draw()
    document.getElementById('sure')?.focus()
  }
  const { asked } = state
  if (asked?.offer !== offer.id)
    return h(
      'div',
      {},
      offer.valid_until && h('p', { class: 'q' }, fill(t.valid, { at: when(offer.valid_until) })),
      h('div', { class: 'row two' }, button(t.refuse, ask('refused'), 'grow'), button(t.accept, ask('accepted'), 'pri grow')),
    )
  const yes = asked.said === 'accepted'
  const cancel = () => {
    state.asked = undefined
    draw()
  }
  return h(
    'div',
    { class: 'sure' },
    h('p', { id: 'sure', tabindex: -1 }, yes ? t.sure_accept : t.sure_refuse),
    h(
      'div',
      { class: 'row two' },
      button(texts().cancel, cancel, 'grow'),
      button(state.busy || (yes ? t.yes_accept : t.yes_refuse), () => void answer(it, offer, asked.said), 'pri grow'),
    ),
  )
}

async function answer(it: api.Case, offer: api.Offer, said: string): Promise<void> {
  await work(texts().busy, async () => {
    const { state: became } = await api.answer(it.id, offer.id, said)
    state.asked = undefined
    await refresh()
    if (became === 'passed_on') state.note = texts().offer.passed_on
  })
}

function rating(it: api.Case): HTMLElement {
  const t = texts().rate
  const star = (word: string, n: number) => {
    const pick = () => void work(texts().busy, () => rated(it, n + 1))
    const input = h('input', {
      type: 'radio',
      name: 'stars',
      id: `stars-${n + 1}`,
      checked: it.satisfaction === n + 1,
      onchange: pick,
    })
    return h('label', { class: 'pick star' }, input, h('span', {}, h('b', {}, n + 1), h('small', {}, word)))
  }
  const thanks = it.satisfaction !== null && h('p', { class: 'q', role: 'status' }, t.done)
  return h('fieldset', { class: 'f stars' }, h('legend', {}, t.title), h('div', { class: 'row' }, ...t.scale.map(star)), thanks)
}

async function rated(it: api.Case, stars: number): Promise<void> {
  await api.rate(it.id, stars)
  await refresh()
}

function write(it: api.Case, text = '', focus = 'more'): void {
  const more = moreOf(it.id)
  more.open = true
  if (!more.text) more.text = text
  draw()
  const field = document.getElementById(focus)
  field?.focus()
  field?.scrollIntoView({ block: 'center' })
}

function composer(it: api.Case): Child {
  const t = texts()
  const more = moreOf(it.id)
  if (!more.open) return null
  return h(
    'section',
    { class: 'card compose' },
    area('more', t.message.label, more.text, '', (text) => {
      more.text = text
    }),
    it.open && photoTiles(more.photos, t.photos.title),
  )
}

async function send(it: api.Case): Promise<void> {
  const more = moreOf(it.id)
  const objects = !it.open || (it.next.what === 'confirm' && more.text.trim() === texts().solved.no_words)
  if (!more.text.trim() && !more.photos.length) return document.getElementById('more')?.focus()
  await work(texts().message.sending, async () => {
    if (more.text.trim()) await api.say(it.id, more.text.trim(), objects ? false : undefined)
    more.text = ''
    await handIn(it.id, more.photos)
    more.open = false
    await refresh()
  })
}

const solved = (it: api.Case, yes: boolean): Promise<void> =>
  work(texts().busy, async () => {
    await api.say(it.id, yes ? texts().solved.yes_words : texts().solved.no_words, yes)
    await refresh()
  })

function talk(it: api.Case): HTMLElement {
  const t = texts()
  const row = (said: api.Case['messages'][number]) =>
    h(
      'li',
      { class: said.from },
      h('p', { class: 'q small' }, `${said.from === 'buyer' ? t.you : t.shop} · ${when(said.at)}`),
      h('p', { class: 'bub' }, said.text),
    )
  const photos = it.photos > 0 && h('p', { class: 'q kept' }, fill(t.photos.kept, { count: it.photos }))
  return section(t.talk, h('ul', { class: 'talk' }, ...it.messages.map(row)), photos)
}

function progress(it: api.Case): HTMLElement {
  const t = texts()
  const row = (step: api.Step, n: number) => {
    const key = step.what === 'promise_made' && step.put_off ? 'promise_moved' : step.what
    const facts = {
      amount: money(step.amount_minor ?? 0),
      due: step.due_at ? when(step.due_at) : '',
      satisfaction: step.satisfaction,
    }
    const money_note = ['refund_done', 'payout_done'].includes(step.what) && ` · ${t.money_note}`
    return h(
      'li',
      { class: n === 0 && it.open ? 'c' : '' },
      h('i', { 'aria-hidden': 'true' }),
      h(
        'div',
        {},
        h('b', {}, fill((t.steps as Words)[key] ?? '', facts)),
        h('span', { class: 'q block' }, when(step.at), money_note),
      ),
    )
  }
  return h('ol', { class: 'line' }, ...[...it.steps].reverse().map(row))
}
