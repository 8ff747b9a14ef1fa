// What a variable of a text is called: a variable of its own, or a fact. Owns the look-up.
import { useQuery } from '@tanstack/react-query'
import { language } from '@/i18n/language'
import { factWord } from './catalogue'
import { type FormatWords, formatQuery } from './queries'

export function useVariableWord(): (name: string) => string {
  return variableWord(useQuery(formatQuery).data)
}

/** The same for who has the words of the format at hand. */
export const variableWord =
  (words: FormatWords | undefined) =>
  (name: string): string =>
    words?.variables.find((it) => it.name === name)?.[language()] ?? factWord(name)
