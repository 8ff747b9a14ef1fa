// The fact catalogue: names, labels and values of everything a playbook may speak of. Owns the copy read at start.
import { queryOptions } from '@tanstack/react-query'
import { word } from '@/i18n'
import { language } from '@/i18n/language'
import { get } from './client'

export interface FactRow {
  name: string
  type: 'bool' | 'enum' | 'number' | 'money' | 'duration' | 'text' | 'date' | 'count'
  unit?: string | null
  zh: string
  en: string
  values: { code: string; zh: string }[]
  /** How it is known: `request`, `tracking`, `warehouse` … */
  source: string
  /** Who is asked while it is unknown. */
  asked: string
}

let rows = new Map<string, FactRow>()

export const catalogueQuery = queryOptions({
  queryKey: ['facts'],
  queryFn: async ({ signal }) => {
    const answer = await get<FactRow[]>('/facts', signal)
    rows = new Map(answer.map((row) => [row.name, row]))
    return answer
  },
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
})

const spoken = (code: string): string => code.replaceAll('_', ' ')

/** What a value of a fact is called. */
export function valueWord(fact: string, code: string | null | undefined): string {
  if (!code) return ''
  const value = rows.get(fact)?.values.find((it) => it.code === code)
  if (!value) return language() === 'zh' ? code : spoken(code)
  return language() === 'zh' ? value.zh : spoken(code)
}

/** What a fact is called. */
export function factWord(name: string): string {
  const row = rows.get(name)
  return row ? row[language()] : name
}

/** Where a parcel is: what the warehouse did with it, else what the carrier says. */
export const parcelWord = (state: string | null | undefined): string =>
  state === 'scanned' || state === 'inspected' ? word('parcel', state) : valueWord('parcel.state', state)

/** The values of a fact as choices. */
export function choices(fact: string): { value: string; label: string }[] {
  return (rows.get(fact)?.values ?? []).map((value) => ({ value: value.code, label: valueWord(fact, value.code) }))
}

/** Facts of the case that words prove too: the one contact about a review, the report to the supervisor. */
const PROVED: Record<string, string> = { 'review.contacted': 'out', 'case.supervisor_told': 'note' }

/** What a message does or tells: the bool facts that contacts prove; of our texts, of the buyer's, of notes about third parties. */
export function marksOf(direction: 'in' | 'out' | 'note'): { value: string; label: string }[] {
  const group = (name: string) => (name.startsWith('contact.') ? 'out' : name.startsWith('buyer.') ? 'in' : 'note')
  return [...rows.values()]
    .filter((row) => row.type === 'bool')
    .filter((row) => (row.source === 'contact' ? group(row.name) : PROVED[row.name]) === direction)
    .map((row) => ({ value: row.name.replace(/^contact\./, ''), label: factWord(row.name) }))
}

/** What a mark on a message is called. */
export const markWord = (mark: string): string => {
  const name = mark.includes('.') ? mark : `contact.${mark}`
  return rows.has(name) ? factWord(name) : ''
}

export const factRow = (name: string): FactRow | undefined => rows.get(name)

/** Every fact, for choosing one. */
export const allFacts = (): FactRow[] => [...rows.values()]
