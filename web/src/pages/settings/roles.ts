// What the matrix of roles shows. Owns its shape, the groups of permissions and what a new role starts with.
import { queryOptions } from '@tanstack/react-query'
import { get } from '@/api/client'

export interface Most {
  kind: string
  per_case_minor: number
  per_day_minor: number
}

export interface CustomRole {
  id: string
  name: string
  base: string
  actions: string[]
  reveals: string[]
  sees_costs: boolean
  limits: Most[]
  version: number
}

export interface Roles {
  actions: { name: string; zh: string }[]
  builtin: { role: string; reach: Record<string, string> }[]
  custom: CustomRole[]
}

export const rolesQuery = queryOptions({ queryKey: ['roles'], queryFn: ({ signal }) => get<Roles>('/roles', signal) })

export const FIELDS = ['name', 'phone', 'address', 'words'] as const
export const KINDS = ['refund', 'payout', 'virtual', 'goods'] as const

/** The first permission of each group, in the order of the desk's matrix. */
const GROUPS = [
  ['read', 'read_queue'],
  ['talk', 'open_case'],
  ['offer', 'diagnose'],
  ['money', 'refund'],
  ['promise', 'promise'],
  ['goods', 'agree_return'],
  ['case', 'assign'],
  ['person', 'reveal'],
  ['desk', 'manage_playbooks'],
] as const

export type Group = (typeof GROUPS)[number][0]

/** Permissions in their groups; one that is newer than this screen falls into the group before it. */
export function grouped(actions: Roles['actions']): { group: Group; actions: Roles['actions'] }[] {
  const all: { group: Group; actions: Roles['actions'] }[] = []
  for (const action of actions) {
    const begins = GROUPS.find(([, first]) => first === action.name)
    if (begins) all.push({ group: begins[0], actions: [] })
    all.at(-1)?.actions.push(action)
  }
  return all
}

/** A role before it is kept. */
export type Draft = Omit<CustomRole, 'id' | 'version'> & { id?: string; version?: number }

/** Everything of the built-in role that its author has too; from there it is taken away. */
export const startOf = (roles: Roles, base: string, may: readonly string[], reveals: readonly string[]): Draft => {
  const reach = roles.builtin.find((it) => it.role === base)?.reach ?? {}
  return {
    name: '',
    base,
    actions: roles.actions.map((it) => it.name).filter((it) => reach[it] && may.includes(it)),
    reveals: reach.reveal ? [...reveals] : [],
    sees_costs: true,
    limits: [],
  }
}
