// Times of stories: from now, of the clock in Shanghai, counted from the story's first day, or as an instant. Owns reading them.

const UNIT = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const ZONE_MS = 8 * 3_600_000

/** `30 m`, `1 d 2 h`, in milliseconds. */
export function length(text: string): number {
  const parts = [...text.matchAll(/(\d+)\s*([smhd])/g)]
  if (parts.length === 0) throw new Error(`${text} is no length of time`)
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNIT[unit as keyof typeof UNIT], 0)
}

/** The instant that `text` names, in epoch milliseconds. */
export function instant(text: string, now: number, start: number): number {
  if (/^[+-]/.test(text)) return now + (text.startsWith('-') ? -1 : 1) * length(text.slice(1))
  const midnight = (at: number) => Math.floor((at + ZONE_MS) / UNIT.d) * UNIT.d - ZONE_MS
  const clock = /^(?:day (\d+) )?(\d\d):(\d\d)$/.exec(text)
  if (!clock) return Date.parse(text)
  const [, day, hour, minute] = clock
  const within = Number(hour) * UNIT.h + Number(minute) * UNIT.m
  if (day) return midnight(start) + (Number(day) - 1) * UNIT.d + within
  const today = midnight(now) + within
  return today > now ? today : today + UNIT.d
}

/** The shop's wall time as a date-time field takes it. */
export const wall = (at: number): string => new Date(at + ZONE_MS).toISOString().slice(0, 16)
