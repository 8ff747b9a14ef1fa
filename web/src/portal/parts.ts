// Parts that several views share: the trouble line, photo tiles, the date box. Owns their look and their names for assistive technology.
import { type Child, h } from './dom'
import { PHOTOS, type Photo, smaller } from './photos'
import { draw, state } from './state'
import { fill, texts } from './words'

/** What went wrong, or what was done; read out at once. */
export const told = (): Child =>
  state.trouble
    ? h('p', { class: 'bad', role: 'alert' }, state.trouble)
    : state.note
      ? h('p', { class: 'noted', role: 'status' }, state.note)
      : null

/** A button of at least 44 px; while something is done it says so and does nothing twice. */
export function button(text: string, act: () => void, look = ''): HTMLButtonElement {
  return h(
    'button',
    { type: 'button', class: `btn ${look}`, 'aria-disabled': state.busy ? 'true' : undefined, onclick: act },
    text,
  )
}

export const section = (title: string, ...children: Child[]): HTMLElement =>
  h('section', { class: 'sec' }, h('h2', {}, title), ...children)

/** The photos chosen so far and the tile to add more. */
export function photoTiles(photos: Photo[], label: string): HTMLElement {
  const t = texts().photos
  const tiles = photos.map((photo, at) => {
    const n = at + 1
    const remove = () => {
      photos.splice(at, 1)
      draw()
    }
    return h(
      'li',
      {},
      h('img', { src: photo.url, alt: fill(t.shown, { n }) }),
      h('button', { type: 'button', class: 'rm', 'aria-label': fill(t.remove, { n }), onclick: remove }, '×'),
    )
  })
  const input = h('input', {
    type: 'file',
    accept: 'image/*',
    multiple: true,
    id: 'photos',
    onchange: () => void chosen(input, photos),
  })
  const add = photos.length < PHOTOS && h('li', {}, h('label', { class: 'add', for: 'photos' }, input, h('span', {}, '+'), t.add))
  return h(
    'fieldset',
    { class: 'f' },
    h('legend', {}, label),
    h('ul', { class: 'tiles' }, ...tiles, add),
    h('p', { class: 'q' }, fill(t.hint, { max: PHOTOS })),
  )
}

async function chosen(input: HTMLInputElement, photos: Photo[]): Promise<void> {
  const files = Array.from(input.files ?? []).slice(0, PHOTOS - photos.length)
  state.trouble = ''
  for (const file of files) {
    try {
      photos.push(await smaller(file))
    } catch {
      state.trouble = texts().photos.unreadable
    }
    draw()
  }
}

/** A text area that keeps what is typed in the state without drawing the page anew. */
export function area(id: string, label: string, value: string, hint: string, keep: (text: string) => void): HTMLElement {
  const missing = state.missing === id
  const field = h('textarea', {
    id,
    rows: 4,
    maxlength: 2000,
    value,
    placeholder: hint,
    'aria-invalid': missing ? 'true' : undefined,
    oninput: () => keep(field.value),
  })
  return h('div', { class: 'f' }, h('label', { for: id }, label), field)
}
