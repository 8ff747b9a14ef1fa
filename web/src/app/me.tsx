// Who is signed in. Owns the questions pages ask about it; the desk asks again on every command.
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { createContext, type JSX, type ReactNode, use, useMemo } from 'react'
import { meQuery, playbooksQuery, staffQuery } from '@/api/queries'
import type { Me, Shop } from '@/api/types'
import { both } from '@/i18n'

export interface Self extends Me {
  can: (action: string) => boolean
  shopById: (id: number) => Shop | undefined
  shopByCode: (code: string) => Shop | undefined
}

interface Known {
  me: Self
  colleague: (id: string | null | undefined) => string
  scenarios: { title: (scenario: string) => string; all: { value: string; label: string }[] }
}

const Context = createContext<Known | null>(null)

/** Asks once for what nearly every part of a page wants to know: fifty parts that each followed the questions would be a page's whole cost. */
export function KnownProvider({ children }: { children: ReactNode }): JSX.Element {
  const { data } = useSuspenseQuery(meQuery)
  const { data: staff } = useQuery(staffQuery)
  const { data: playbooks } = useQuery(playbooksQuery)
  // The same for as long as the answer is: rows that were given these questions are not drawn anew.
  const me = useMemo((): Self => {
    const may = new Set(data.may)
    return {
      ...data,
      can: (action) => may.has(action),
      shopById: (id) => data.shops.find((shop) => shop.id === id),
      shopByCode: (code) => data.shops.find((shop) => shop.code === code),
    }
  }, [data])
  const known = useMemo((): Known => {
    const names = new Map(staff?.map((row) => [row.id, row.display_name]))
    const all = (playbooks ?? []).map((row) => ({ value: row.scenario, label: both(row.title) }))
    const titles = new Map(all.map((row) => [row.value, row.label]))
    return {
      me,
      colleague: (id) => (id ? (names.get(id) ?? '') : ''),
      scenarios: { title: (scenario) => titles.get(scenario) || scenario, all },
    }
  }, [me, staff, playbooks])
  return <Context value={known}>{children}</Context>
}

function useKnown(): Known {
  const known = use(Context)
  if (!known) throw new Error('asked outside of the frame')
  return known
}

export const useMe = (): Self => useKnown().me

/** Names of colleagues by their id. */
export const useColleagues = (): Known['colleague'] => useKnown().colleague

/** Titles of scenarios as the playbooks in force name them. */
export const useScenarios = (): Known['scenarios'] => useKnown().scenarios

/** The teams whose tasks and promises a role takes care of, as the desk's policy has it. */
const SERVED: Record<string, string[]> = {
  agent: ['agent', 'technician'],
  senior: ['agent', 'technician'],
  lead: ['agent', 'technician', 'supervisor'],
  supervisor: ['agent', 'technician', 'supervisor'],
  owner: ['agent', 'technician', 'supervisor', 'warehouse', 'finance', 'parcel_desk', 'reviewer', 'quality', 'operations'],
}

export const serves = (role: string, team: string): boolean => (SERVED[role] ?? [role]).includes(team)
