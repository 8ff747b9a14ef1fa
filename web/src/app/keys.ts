// Single-key shortcuts. Owns when they are silent: in fields, while an input method composes, and when turned off (WCAG 2.1.4).
import { useEffect, useRef } from 'react'

const PLACE = 'aftercare.keys'

export const keysOn = (): boolean => localStorage.getItem(PLACE) !== 'off'
export const turnKeys = (on: boolean): void => localStorage.setItem(PLACE, on ? 'on' : 'off')

/** The name of a key press: `j`, `Enter`, `Ctrl+Enter`, `Ctrl+Shift+Enter`, `Alt+1`. */
export function nameOf(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  const held = [
    event.ctrlKey || event.metaKey ? 'Ctrl' : '',
    event.altKey ? 'Alt' : '',
    event.shiftKey && key.length > 1 ? 'Shift' : '',
  ]
  return [...held.filter(Boolean), event.altKey && /^Digit\d$/.test(event.code) ? event.code.slice(5) : key].join('+')
}

const inField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

export type KeyMap = Record<string, (event: KeyboardEvent) => void>

/** Listens while the component is shown. Chords with Ctrl or Alt work in fields too; plain keys do not. */
export function useKeys(map: KeyMap): void {
  const latest = useRef(map)
  latest.current = map
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return
      const name = nameOf(event)
      const act = latest.current[name]
      if (!act) return
      const chord = event.ctrlKey || event.metaKey || event.altKey
      if (!chord && name !== 'Escape' && (inField(event.target) || !keysOn())) return
      if (name === 'Enter' && event.target instanceof HTMLElement && event.target.closest('button,a,summary')) return
      event.preventDefault()
      act(event)
    }
    window.addEventListener('keydown', hear)
    return () => window.removeEventListener('keydown', hear)
  }, [])
}
