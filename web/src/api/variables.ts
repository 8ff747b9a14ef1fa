// What a variable of a text is called: a variable of its own, or a fact. Owns the look-up.
import { useQuery } from '@tanstack/react-query'
import { language } from '@/i18n/language'
import { factWord } from './catalogue'
import { formatQuery } from './queries'

export function useVariableWord(): (name: string) => string {
  const { data } = useQuery(formatQuery)
  return (name) => data?.variables.find((it) => it.name === name)?.[language()] ?? factWord(name)
}
