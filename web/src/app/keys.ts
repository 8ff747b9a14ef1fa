// Keys. Owns when they are silent (in fields, while an input method composes, when turned off: WCAG 2.1.4), sequences such as G then Q,
// and the list of what can be pressed now, which the sheet of keys and the palette read. Never says what a key does: pages do.
import { useEffect, useRef } from 'react'

const PLACE = 'aftercare.keys'
/** How long the second key of a sequence is waited for. */
const SECOND_KEY_MS = 1500

export const keysOn = (): boolean => localStorage.getItem(PLACE) !== 'off'
export const turnKeys = (on: boolean): void => localStorage.setItem(PLACE, on ? 'on' : 'off')

/** What a key does; with a label it is listed for people. */
export interface Command {
  label: string
  run: () => void
  /** Where it is listed: among the places to go or the actions of this page; the default is the latter. */
  group?: 'go' | 'page'
  /** How it is listed where the plain name would not do: `1–9` for nine of them. */
  shown?: string
}
export type KeyMap = Record<string, (() => void) | Command>

/** The name of a key press: `j`, `Shift+j`, `?`, `Enter`, `Ctrl+Enter`, `Ctrl+Shift+Enter`, `Alt+1`. */
export function nameOf(event: KeyboardEvent): string {
  const letter = event.key.length === 1 && event.key.toLowerCase() !== event.key.toUpperCase()
  const key = letter ? event.key.toLowerCase() : event.key
  const held = [
    event.ctrlKey || event.metaKey ? 'Ctrl' : '',
    event.altKey ? 'Alt' : '',
    event.shiftKey && (letter || key.length > 1) ? 'Shift' : '',
  ]
  return [...held.filter(Boolean), event.altKey && /^Digit\d$/.test(event.code) ? event.code.slice(5) : key].join('+')
}

const inField = (target: EventTarget | null): target is HTMLElement =>
  target instanceof HTMLElement &&
  (target.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio)$/.test(typeOf(target))))
const typeOf = (target: HTMLElement): string => (target instanceof HTMLInputElement ? target.type : '')

/** What is shown now, in the order in which it came; what came last is asked first. */
const maps: { current: KeyMap }[] = []
/** What goes before every page, whenever it came: money about to leave is undone wherever one is. */
const above: { current: KeyMap }[] = []
const all = (): { current: KeyMap }[] => [...maps, ...above]
let first = ''
let firstAt = 0

const find = (name: string): (() => void) | Command | undefined => {
  for (const map of all().toReversed()) if (map.current[name]) return map.current[name]
  return undefined
}
const begins = (name: string): boolean => all().some((map) => Object.keys(map.current).some((it) => it.startsWith(`${name} `)))

/** Hears one key press. Chords with Ctrl or Alt work in fields too; plain keys do not. */
export function hear(event: KeyboardEvent): void {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return
  if (/^(Shift|Control|Alt|Meta)$/.test(event.key)) return
  const name = nameOf(event)
  const chord = event.ctrlKey || event.metaKey || event.altKey
  const field = inField(event.target)
  if (!chord && name !== 'Escape' && (field || !keysOn())) return
  // Leaving a field is not leaving the page.
  if (name === 'Escape' && field && !event.target.closest('form.sheet,dialog')) {
    event.target.blur()
    return
  }
  const second = first && event.timeStamp - firstAt < SECOND_KEY_MS ? `${first} ${name}` : ''
  first = ''
  const act = (second && find(second)) || find(name)
  if (act) {
    if (name === 'Enter' && event.target instanceof HTMLElement && event.target.closest('button,a,summary')) return
    event.preventDefault()
    if (typeof act === 'function') act()
    else act.run()
  } else if (!chord && begins(name)) {
    event.preventDefault()
    first = name
    firstAt = event.timeStamp
  }
}
window.addEventListener('keydown', hear)

/** Binds keys while the component is shown; `over` the pages when they go before theirs. */
export function useKeys(map: KeyMap, over = false): void {
  const latest = useRef(map)
  latest.current = map
  useEffect(() => {
    const where = over ? above : maps
    where.push(latest)
    return () => void where.splice(where.indexOf(latest), 1)
  }, [over])
}

export interface Listed extends Command {
  keys: string
  group: 'go' | 'page'
}

/** Everything with a label that can be pressed now; a key bound twice does what came last. */
export function listed(): Listed[] {
  const seen = new Map<string, Listed>()
  for (const map of all().toReversed()) {
    for (const [name, act] of Object.entries(map.current)) {
      if (typeof act === 'function' || seen.has(name)) continue
      seen.set(name, { group: 'page', ...act, keys: act.shown ?? show(name) })
    }
  }
  const once = new Map<string, Listed>()
  for (const row of seen.values()) if (!once.has(row.label)) once.set(row.label, row)
  return [...once.values()]
}

const NAMES: Record<string, string> = { ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc' }

/** A key's name as it stands on the screen: `Ctrl Shift Enter`, `G Q`. */
export const show = (name: string): string =>
  name
    .split(/[ +]/)
    .map((part) => NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join(' ')
