import { describe, expect, it } from 'vitest'
import { grouped, type Roles, startOf } from './roles'

const name = (it: string) => ({ name: it, zh: it })
const ROLES: Roles = {
  actions: ['read_queue', 'read_case', 'open_case', 'refund', 'payout'].map(name),
  builtin: [{ role: 'agent', reach: { read_queue: 'yes', read_case: 'yes', refund: 'own' } }],
  custom: [],
}

describe('the matrix of roles', () => {
  it('groups permissions in the order of the desk', () => {
    expect(grouped(ROLES.actions).map((it) => [it.group, it.actions.length])).toEqual([
      ['read', 2],
      ['talk', 1],
      ['money', 2],
    ])
  })
  it('starts a role with what both the built-in role and its author have', () => {
    expect(startOf(ROLES, 'agent', ['read_queue', 'refund', 'payout'], ['name']).actions).toEqual(['read_queue', 'refund'])
    expect(startOf(ROLES, 'agent', [], ['name']).reveals).toEqual([])
  })
})
