// The live stream of changed cases. Owns the one connection; what is asked anew is each page's business, except the open case.
import type { QueryClient } from '@tanstack/react-query'
import { href } from './client'
import type { Here } from './together'
import type { CaseView } from './view'

export interface CaseChanged {
  shop_id: number
  case_id: string
  version: number
  seq: number
}

const listeners = new Set<(change: CaseChanged) => void>()

/** Hears of every changed case of one's shops. */
export function onCaseChanged(listener: (change: CaseChanged) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const watchers = new Set<(here: Here) => void>()

/** Hears of whoever comes to a case or goes. */
export function onPresence(watcher: (here: Here) => void): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

/** Opens the stream; the browser reconnects by itself and says where it stopped. */
export function listen(queries: QueryClient): () => void {
  const source = new EventSource(href('/live'), { withCredentials: true })
  source.addEventListener('case', (event) => {
    const change = JSON.parse((event as MessageEvent<string>).data) as CaseChanged
    refresh(queries, change)
    for (const listener of listeners) listener(change)
  })
  source.addEventListener('presence', (event) => {
    const here = JSON.parse((event as MessageEvent<string>).data) as Here
    for (const watcher of watchers) watcher(here)
  })
  return () => source.close()
}

/** An open case page is asked anew when the desk knows a later version than it shows. */
function refresh(queries: QueryClient, change: CaseChanged): void {
  const shown = queries.getQueryCache().findAll({ queryKey: ['case'] })
  for (const query of shown) {
    const view = query.state.data as CaseView | undefined
    if (query.queryKey[2] === change.case_id && (!view || view.case.version < change.version)) {
      void queries.invalidateQueries({ queryKey: query.queryKey })
    }
  }
}
