// Times as people read them, in the shop's time zone. Owns formats and the size of what is left; the present comes from the desk.
import { useState, useSyncExternalStore } from 'react'
import { deskNow, onClockMoved } from '@/api/client'

/** China keeps one clock the year round: eight hours ahead, no summer time since 1991. */
const AHEAD_MS = 8 * 3_600_000
const two = (value: number): string => String(value).padStart(2, '0')

/** The parts of the shop's wall time. Reckoned, not asked of the browser's calendar: a page of rows asks hundreds of times. */
function split(at: string | number) {
  const it = new Date(new Date(at).getTime() + AHEAD_MS)
  return {
    year: String(it.getUTCFullYear()),
    month: two(it.getUTCMonth() + 1),
    day: two(it.getUTCDate()),
    hour: two(it.getUTCHours()),
    minute: two(it.getUTCMinutes()),
    second: two(it.getUTCSeconds()),
  }
}

/** `10:35`, with the date in front on another day than today: `11-22 16:40`, on another year `2025-11-22`. */
export function when(at: string | null | undefined, now = deskNow()): string {
  if (!at) return '—'
  const it = split(at)
  const today = split(now)
  const clock = `${it.hour}:${it.minute}`
  if (it.year !== today.year) return `${it.year}-${it.month}-${it.day}`
  return it.month === today.month && it.day === today.day ? clock : `${it.month}-${it.day} ${clock}`
}

/** The whole instant, for hovering. */
export function exact(at: string | null | undefined): string {
  if (!at) return ''
  const it = split(at)
  return `${it.year}-${it.month}-${it.day} ${it.hour}:${it.minute}:${it.second}`
}

/** `38m`, `1h 22m`, `7h`, `2d 06h`; no sign. */
export function span(ms: number): string {
  const minutes = Math.floor(Math.abs(ms) / 60_000)
  if (minutes < 1) return `${Math.floor(Math.abs(ms) / 1000)}s`
  if (minutes < 60) return `${minutes}m`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours}h ${String(minutes % 60).padStart(2, '0')}m`
  return `${Math.floor(hours / 24)}d ${String(hours % 24).padStart(2, '0')}h`
}

export type Bucket = 'over' | 'h1' | 'h4' | 'h24' | 'later'

/** How near an instant is. */
export function bucket(at: string | number, now: number): Bucket {
  const left = new Date(at).getTime() - now
  if (left <= 0) return 'over'
  if (left <= 3_600_000) return 'h1'
  if (left <= 4 * 3_600_000) return 'h4'
  return left <= 24 * 3_600_000 ? 'h24' : 'later'
}

/** A local wall time `YYYY-MM-DDTHH:mm` of the shop's zone as an instant. */
export const fromLocal = (text: string): string => new Date(`${text}:00+08:00`).toISOString()

/** An instant as the value of a date-time field. */
export function toLocal(at: number | string): string {
  const it = split(at)
  return `${it.year}-${it.month}-${it.day}T${it.hour}:${it.minute}`
}

let tick = 0
const tickers = new Set<() => void>()
let running: ReturnType<typeof setInterval> | undefined

function beat(): void {
  tick += 1
  for (const ticker of tickers) ticker()
}
onClockMoved(beat)

/** Seconds between two looks at the clock. Who looks takes turns: a list that looked all at once would hold up whoever is scrolling it. */
const LOOK_S = 10
let lookers = 0

/** The desk's present, renewed often enough for countdowns (every ten seconds, or each second where asked). */
export function useNow(everySecond = false): number {
  const [turn] = useState(() => lookers++ % LOOK_S)
  const stamp = useSyncExternalStore(
    (listener) => {
      tickers.add(listener)
      running ??= setInterval(beat, 1000)
      return () => {
        tickers.delete(listener)
        if (tickers.size === 0) {
          clearInterval(running)
          running = undefined
        }
      }
    },
    () => (everySecond ? tick : Math.floor((tick + turn) / LOOK_S)),
  )
  void stamp
  return deskNow()
}
