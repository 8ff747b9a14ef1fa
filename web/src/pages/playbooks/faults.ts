// What the desk expected at a fault, in the reader's words. Owns recognising the frequent ones; the others stay in the format's own English.
import i18next from '@/i18n'

/** The beginning of what was expected, and the key of its words; the rest of the sentence is put in for `{{rest}}`. */
const EXPECTED: [string, string][] = [
  ['a fact of the catalogue', 'fact'],
  ['a fact or script variable of the catalogue', 'variable'],
  ['a date fact of the catalogue', 'date_fact'],
  ['a date fact', 'date_fact'],
  ['a money fact or a share in %', 'money_fact'],
  ['an amount: ', 'amount'],
  ['an amount such as ', 'amount'],
  ['a length such as ', 'length'],
  ['the unit: ', 'length'],
  ['a whole number', 'whole'],
  ['true or false', 'flag'],
  ['one of ', 'one_of'],
  ['a value of ', 'value_of'],
  ['values of ', 'value_of'],
  ['the key ', 'key'],
  ['text in quotes', 'text'],
  ['a date such as ', 'date'],
  ['an id of ', 'id'],
  ['a list of 1 to ', 'conditions'],
  ['a list [', 'list'],
  ['a condition in quotes', 'condition'],
  ['valid TOML', 'toml'],
  ['no such key', 'no_key'],
  ['the end of the line', 'end'],
]

export function expectedWord(expected: string): string {
  const found = EXPECTED.find(([start]) => expected.startsWith(start))
  if (!found) return expected
  const rest = expected.slice(found[0].length)
  return i18next.t(`editor.expected.${found[1]}` as never, { rest, defaultValue: expected }) as string
}

const FOUND: [string, string][] = [
  ['a table without it', 'without'],
  ['broken TOML', 'broken'],
  ['the end of the line', 'end'],
]

export function foundWord(found: string): string {
  const known = FOUND.find(([text]) => text === found)
  return known ? (i18next.t(`editor.found.${known[1]}` as never, { defaultValue: found }) as string) : found
}
