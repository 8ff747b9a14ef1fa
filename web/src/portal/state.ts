// What the page remembers while it is open. Owns the one state and how work is done on it; nothing of it is stored anywhere.
import * as api from './api'
import type { Photo } from './photos'
import { fill, texts } from './words'

/** A problem as far as it is filled in. */
export interface Draft {
  problem: string
  wish: string
  lines: Map<number, number>
  text: string
  photos: Photo[]
  /** Reported; photos may still be on their way to it. */
  caseId: string
}

/** Something more to say on a case. */
export interface More {
  open: boolean
  text: string
  photos: Photo[]
}

export type View = 'find' | 'order' | 'case' | 'report'

export const state = {
  shop: decodeURIComponent(location.pathname.split('/')[2] ?? ''),
  orderNo: '',
  tail: '',
  page: undefined as api.Page | undefined,
  view: 'find' as View,
  /** Where to go on after the ticket had ended. */
  after: undefined as View | undefined,
  caseId: '',
  draft: emptyDraft(),
  more: new Map<string, More>(),
  /** The offer that is to be answered and how, until it is confirmed. */
  asked: undefined as { offer: string; said: 'accepted' | 'refused' } | undefined,
  busy: '',
  trouble: '',
  /** The field the trouble is about. */
  missing: '',
  note: '',
}

let render: (moved: boolean) => void = () => {}

export function onChange(draw: (moved: boolean) => void): void {
  render = draw
}

/** Shows the state; `moved` when another view is to be read from its heading. */
export const draw = (moved = false): void => render(moved)

export function emptyDraft(): Draft {
  return { problem: '', wish: '', lines: new Map(), text: '', photos: [], caseId: '' }
}

export function moreOf(id: string): More {
  const known = state.more.get(id)
  if (known) return known
  const fresh: More = { open: false, text: '', photos: [] }
  state.more.set(id, fresh)
  return fresh
}

/** Goes to a view. Behind the order's own stands a step of the history, so that a phone's back key leads to the order. */
export function go(view: View, caseId = state.caseId): void {
  if (view === 'order' && history.state?.inside) {
    history.back()
    return
  }
  Object.assign(state, { view, caseId, asked: undefined, trouble: '', missing: '', note: '' })
  draw(true)
}

export const theCase = (): api.Case | undefined => state.page?.cases.find((it) => it.id === state.caseId)

/** The back key was used. */
export function wentBack(): void {
  if (state.page && (state.view === 'case' || state.view === 'report')) go('order')
}

/** Does some work, with a word on what it is; what goes wrong is told, and everything typed stays. */
export async function work(what: string, run: () => Promise<void>): Promise<void> {
  if (state.busy) return
  Object.assign(state, { busy: what, trouble: '', missing: '', note: '' })
  draw()
  try {
    await run()
    state.busy = ''
  } catch (error) {
    state.busy = ''
    refused(error)
  }
  draw()
}

/** Says what is being done now. */
export function doing(what: string): void {
  state.busy = what
  draw()
}

function refused(error: unknown): void {
  const { code, params } = error instanceof api.Refused ? error : new api.Refused('other')
  if (code === 'portal_ended') {
    if (state.view !== 'find') state.after = state.view
    Object.assign(state, { view: 'find', tail: '', note: texts().find.again })
    return
  }
  const known = texts().errors as Record<string, string>
  const minutes = Math.max(1, Math.ceil(Number(params.retry_after_s ?? 60) / 60))
  state.trouble = fill(known[code] ?? known.other ?? '', { minutes })
}

export async function refresh(): Promise<void> {
  state.page = await api.page()
}

/** Hands in photos one by one; those that arrived are gone from the list, so that a second try goes on with the rest. */
export async function handIn(id: string, photos: Photo[]): Promise<void> {
  const of = photos.length
  for (let n = 1; photos[0]; n++) {
    doing(fill(texts().photos.sending, { n, of }))
    await api.photo(id, photos[0].base64)
    URL.revokeObjectURL(photos[0].url)
    photos.shift()
  }
}
