// Who is signed in. Owns the questions pages ask about it; the desk asks again on every command.
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { meQuery, playbooksQuery, staffQuery } from '@/api/queries'
import type { Me, Shop } from '@/api/types'
import { both } from '@/i18n'

export interface Self extends Me {
  can: (action: string) => boolean
  shopById: (id: number) => Shop | undefined
  shopByCode: (code: string) => Shop | undefined
}

export function useMe(): Self {
  const { data } = useSuspenseQuery(meQuery)
  // The same for as long as the answer is: rows that were given these questions are not drawn anew.
  return useMemo(() => {
    const may = new Set(data.may)
    return {
      ...data,
      can: (action) => may.has(action),
      shopById: (id) => data.shops.find((shop) => shop.id === id),
      shopByCode: (code) => data.shops.find((shop) => shop.code === code),
    }
  }, [data])
}

/** The teams whose tasks and promises a role takes care of, as the desk's policy has it. */
const SERVED: Record<string, string[]> = {
  agent: ['agent', 'technician'],
  senior: ['agent', 'technician'],
  lead: ['agent', 'technician', 'supervisor'],
  supervisor: ['agent', 'technician', 'supervisor'],
  owner: ['agent', 'technician', 'supervisor', 'warehouse', 'finance', 'parcel_desk', 'reviewer', 'quality', 'operations'],
}

export const serves = (role: string, team: string): boolean => (SERVED[role] ?? [role]).includes(team)

/** Names of colleagues by their id. */
export function useColleagues(): (id: string | null | undefined) => string {
  const { data } = useQuery(staffQuery)
  return (id) => (id ? (data?.find((row) => row.id === id)?.display_name ?? '') : '')
}

/** Titles of scenarios as the playbooks in force name them. */
export function useScenarios(): { title: (scenario: string) => string; all: { value: string; label: string }[] } {
  const { data } = useQuery(playbooksQuery)
  const rows = data ?? []
  return {
    title: (scenario) => both(rows.find((row) => row.scenario === scenario)?.title) || scenario,
    all: rows.map((row) => ({ value: row.scenario, label: both(row.title) })),
  }
}
