// How many notifications are unread, and that opening a case reads what was told of it. Owns both; the list is the page's.
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { onCaseChanged } from '@/api/live'
import { markRead, notificationsQuery } from '@/api/together'
import type { CaseAt } from '@/api/useCommand'

/** Asked again at most this often, however much changes. */
const EVERY_MS = 4_000

/** The number on the rail. */
export function useUnread(): number {
  const queries = useQueryClient()
  const { data } = useInfiniteQuery(notificationsQuery)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let last = 0
    const stop = onCaseChanged(() => {
      const ask = () => {
        timer = undefined
        last = Date.now()
        void queries.invalidateQueries({ queryKey: ['notifications'] })
      }
      timer ??= setTimeout(ask, Math.max(300, last + EVERY_MS - Date.now()))
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [queries])
  return data?.pages[0]?.unread ?? 0
}

/** What was told of a case is read by looking at it. */
export function useLooked(at: CaseAt): void {
  const queries = useQueryClient()
  const { data } = useInfiniteQuery(notificationsQuery)
  const told = data?.pages.some((page) => page.items.some((row) => row.case_id === at.id && !row.read_at)) ?? false
  useEffect(() => {
    if (!told) return
    markRead({ case_id: at.id }).then(
      () => void queries.invalidateQueries({ queryKey: ['notifications'] }),
      () => {},
    )
  }, [told, at, queries])
}
