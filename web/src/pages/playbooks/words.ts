// What keys, tables and words of the playbook format are called on the screen. Owns the look-up; the words stand in i18n and at the desk.
import { factRow, factWord, valueWord } from '@/api/catalogue'
import type { FormatWords } from '@/api/queries'
import { both, textOr as say } from '@/i18n'
import { language } from '@/i18n/language'
import type { Item, Parts, Row } from './outline'

/** A key of a table, e.g. `promise.within` of an offer. */
export function keyWord(table: string, key: string): string {
  const name = key.replaceAll('.', '_')
  return say(`editor.keys.${table}_${name}`, say(`editor.keys.${name}`, key))
}

export const tableWord = (table: string): string => say(`editor.tables.${table}`, table)

/** A word of a closed set. */
export function setWord(words: FormatWords | undefined, set: string | undefined, code: string): string {
  const found = words?.sets[set ?? '']?.find((it) => it.code === code)
  return found && language() === 'zh' ? found.zh : code.replaceAll('_', ' ')
}

export const opWord = (op: string): string => say(`editor.op.${op.replaceAll(' ', '_')}`, op)

/** A value of a condition as people read it. */
export function partWord(parts: Parts, value: string): string {
  if (parts.with_fact) return factWord(value)
  const row = factRow(parts.fact)
  if (row?.type === 'enum') return valueWord(parts.fact, value)
  const [n, unit] = value.split(' ')
  if (row?.type === 'duration' && unit) return `${n} ${say(`editor.unit.${unit}`, unit)}`
  return value
}

/** A condition or word as one piece of text. */
export const itemWord = (item: Item): string => both(item.said) || (item.value ?? '')

/** A row's sentence as one piece of text, for comparing. */
export function rowWord(row: Row): string {
  if (row.both) return language() === 'zh' ? row.both.zh.value : row.both.en.value
  if (!row.items?.length) return both(row.said) || (row.value ?? '')
  const join = row.shape === 'words' ? ' → ' : say(row.shape === 'either' ? 'editor.or' : 'editor.and', ' ')
  const one = (item: Item): string =>
    item.group
      ? `${say('editor.open', '(')}${(item.items ?? []).map(one).join(say(item.group === 'any' ? 'editor.or' : 'editor.and', ' '))}${say('editor.shut', ')')}`
      : itemWord(item)
  return row.items.map(one).join(join)
}
