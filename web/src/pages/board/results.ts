// How cases ended, in the playbooks' own words. Owns nothing else.
import { useQuery } from '@tanstack/react-query'
import { playbooksQuery } from '@/api/queries'
import { both } from '@/i18n'

export function useResults(): (code: string) => string {
  const { data } = useQuery(playbooksQuery)
  const titles = new Map((data ?? []).flatMap((row) => row.results ?? []).map((row) => [row.id, both(row.title)]))
  return (code) => titles.get(code) ?? code
}
