import { expect, it } from 'vitest'
import { grouped } from './groups'
import type { Shown } from './settle'

const NOW = Date.parse('2026-11-24T02:00:00Z')
const row = (id: string, minutes: number | null, amount_minor = 100): Shown =>
  ({ id, amount_minor, act_by: minutes === null ? null : new Date(NOW + minutes * 60_000).toISOString() }) as Shown

it('puts a heading with count and amount before each size, and says when the list goes on', () => {
  const entries = grouped([row('a', -5), row('b', -1, 50), row('c', 30), row('d', null)], NOW, true)
  const told = entries.map((entry) =>
    entry.kind === 'row' ? entry.row.id : `${entry.bucket} ${entry.count} ${entry.amountMinor}${entry.open ? '+' : ''}`,
  )
  expect(told).toEqual(['over 2 150', 'a', 'b', 'h1 1 100', 'c', 'later 1 100+', 'd'])
})
