// The buyer's language and how times and amounts read in it. Owns the choice, which is kept nowhere.
import { portal as en } from '@/i18n/en/portal'
import { type Texts, portal as zh } from '@/i18n/zh/portal'

let chinese = !/^en/i.test(navigator.language || 'zh')
const ZONE = 'Asia/Shanghai'

export const texts = (): Texts => (chinese ? zh : en)
export const language = (): 'zh-CN' | 'en' => (chinese ? 'zh-CN' : 'en')

export function switchLanguage(): void {
  chinese = !chinese
}

/** The text with `{{name}}` filled in. */
export function fill(text: string, facts: Record<string, unknown>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(facts[name] ?? ''))
}

const format = (options: Intl.DateTimeFormatOptions, at: number): string =>
  new Intl.DateTimeFormat(language(), { timeZone: ZONE, ...options }).format(at)

const HOUR = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const

/** `11月28日 14:00`. */
export function when(at: string): string {
  const day = format(chinese ? { month: 'long', day: 'numeric' } : { month: 'short', day: 'numeric' }, Date.parse(at))
  return `${day} ${clock(at)}`
}

export const clock = (at: string): string => format(HOUR, Date.parse(at))

/** Month, day and weekday of the date box. */
export function dateBox(at: string): [string, string, string] {
  const time = Date.parse(at)
  const day = new Intl.DateTimeFormat('en', { timeZone: ZONE, day: 'numeric' }).format(time)
  return [format({ month: 'short' }, time), day, format({ weekday: 'short' }, time)]
}

/** Minor units as people write them. */
export const money = (minor: number): string => (minor / 100).toFixed(2)
