// Saved views as the desk keeps them, and what of the queue an address shows. Owns the way from one to the other.
import { queryOptions } from '@tanstack/react-query'
import { get } from '@/api/client'

export interface Narrow {
  scenarios?: string[]
  least_minor?: number | null
  most_minor?: number | null
  severity?: number | null
  unowned?: boolean
}
export type Sort = 'time' | 'amount'

export interface Shows {
  view: string
  shop?: string | null
  narrow?: Narrow
  sort?: Sort | null
}

export interface SavedView {
  id: string
  name: string
  shared: boolean
  removable: boolean
  shows: Shows
}

export const viewsQuery = queryOptions({
  queryKey: ['views'],
  queryFn: async ({ signal }) => (await get<{ items: SavedView[] }>('/views', signal)).items,
  staleTime: 60_000,
})

/** What the address of the queue says besides view and shop. */
export interface QueueSearch {
  view?: string
  shop?: string
  narrow?: Narrow
  sort?: Sort
  saved?: string
}

/** Without what asks nothing; nothing when nothing is left. */
export function plain(narrow: Narrow | undefined): Narrow | undefined {
  const said = Object.entries(narrow ?? {}).filter(
    ([, value]) => value !== null && value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0),
  )
  return said.length ? (Object.fromEntries(said) as Narrow) : undefined
}

/** The address of a saved view. */
export function searchOf(saved: SavedView): QueueSearch {
  const { view, shop, narrow, sort } = saved.shows
  return { view, ...(shop ? { shop } : {}), narrow: plain(narrow), ...(sort === 'amount' ? { sort } : {}), saved: saved.id }
}

/** The same as an ordinary link has it. */
export function savedHref(saved: SavedView): string {
  const { narrow, ...plainly } = searchOf(saved)
  return `/?${new URLSearchParams({ ...plainly, ...(narrow ? { narrow: JSON.stringify(narrow) } : {}) })}`
}

/** What stands in an address, as far as it can be read. */
export function readNarrow(given: unknown): Narrow | undefined {
  if (typeof given !== 'object' || given === null) return undefined
  const it = given as Record<string, unknown>
  const minor = (value: unknown) => (Number.isInteger(value) && (value as number) >= 0 ? (value as number) : undefined)
  return plain({
    scenarios: Array.isArray(it.scenarios)
      ? it.scenarios.filter((one): one is string => typeof one === 'string').slice(0, 10)
      : [],
    least_minor: minor(it.least_minor),
    most_minor: minor(it.most_minor),
    severity: [1, 2, 3, 4].includes(it.severity as number) ? (it.severity as number) : undefined,
    unowned: it.unowned === true,
  })
}

/** As the desk is asked. */
export const asked = (narrow: Narrow | undefined, sort: Sort | undefined): Record<string, string> => ({
  ...(narrow?.scenarios?.length ? { scenarios: narrow.scenarios.join(',') } : {}),
  ...(narrow?.least_minor ? { least_minor: String(narrow.least_minor) } : {}),
  ...(narrow?.most_minor !== undefined && narrow.most_minor !== null ? { most_minor: String(narrow.most_minor) } : {}),
  ...(narrow?.severity ? { severity: String(narrow.severity) } : {}),
  ...(narrow?.unowned ? { unowned: 'true' } : {}),
  ...(sort === 'amount' ? { sort } : {}),
})
