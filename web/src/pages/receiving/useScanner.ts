// A scanner is a fast keyboard. Owns telling it from a person: characters closer than a hand can type, ended by Enter or Tab.
import { useEffect, useRef } from 'react'

const FAST_MS = 35
const SHORTEST = 6

/** The character a key press stands for whatever the input method makes of it: letters and digits by the key's place. */
export function character(event: Pick<KeyboardEvent, 'code' | 'key'>): string {
  if (/^Key[A-Z]$/.test(event.code)) return event.code.slice(3)
  if (/^Digit\d$/.test(event.code)) return event.code.slice(5)
  if (/^Numpad\d$/.test(event.code)) return event.code.slice(6)
  return event.code === 'Minus' || event.key === '-' ? '-' : ''
}

/** Collects key presses; answers the scanned text when one ends it. */
export class Scanned {
  private text = ''
  private at = 0
  private fast = false

  press(event: Pick<KeyboardEvent, 'code' | 'key'>, now: number): string | undefined {
    // A capital letter comes with its Shift, which is no character and takes no time.
    if (/^(Shift|CapsLock)$/.test(event.key)) return undefined
    const slow = now - this.at > FAST_MS
    this.at = now
    if (event.key === 'Enter' || event.key === 'Tab') {
      const whole = slow ? '' : this.text
      this.text = ''
      return whole.length >= SHORTEST ? whole : undefined
    }
    const one = character(event)
    this.fast = !slow && one !== ''
    if (slow) this.text = ''
    this.text += one
    return undefined
  }

  /** Whether the last presses came as fast as only a scanner types. */
  running(): boolean {
    return this.fast && this.text.length > 2
  }
}

/** A scanner that paused in the middle left the beginning in the field; what was scanned is then all that stands there. */
export function entire(whole: string, target: EventTarget | null): string {
  const text = target instanceof HTMLInputElement ? target.value.trim() : ''
  return text.toUpperCase().endsWith(whole.toUpperCase()) ? text : whole
}

/** Key presses so far, to tell whether another one followed at once. */
let presses = 0

/** Does what a single key stands for, unless the key was the beginning of a scan. */
export function byHand(run: () => void): () => void {
  return () => {
    const mark = presses
    setTimeout(() => mark === presses && run(), FAST_MS + 5)
  }
}

/** Hears a scanner anywhere on the page, also while an input method is on. */
export function useScanner(onScan: (text: string) => void): void {
  const latest = useRef(onScan)
  latest.current = onScan
  useEffect(() => {
    const scanned = new Scanned()
    const hear = (event: KeyboardEvent) => {
      if (!/^(Shift|CapsLock|Control|Alt|Meta)$/.test(event.key)) presses += 1
      const whole = scanned.press(event, event.timeStamp)
      if (whole === undefined) {
        // In the middle of a scan no key of the page gets the characters. A field does: should the scanner turn out to be slow, or a
        // person fast, nothing is lost.
        if (scanned.running() && !(event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement)) {
          event.preventDefault()
          event.stopPropagation()
        }
        return
      }
      event.preventDefault()
      event.stopPropagation()
      latest.current(entire(whole, event.target))
    }
    window.addEventListener('keydown', hear, true)
    return () => window.removeEventListener('keydown', hear, true)
  }, [])
}
