// How many notifications are unread, and that opening a case reads what was told of it. Owns both; the list is the page's.
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { onCaseChanged } from '@/api/live'
import { markRead, notificationsQuery } from '@/api/together'
import { useAfterPaint } from '@/parts/afterPaint'

/** Asked again at most this often, however much changes. */
const EVERY_MS = 4_000
/** The address of a case, its id apart. */
const CASE = /^\/cases\/[^/]+\/([^/]+)$/

/** The number on the rail. What was told of a case is read by looking at it: `path` is the page that stands. */
export function useUnread(path: string): number {
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
  const looked = path.match(CASE)?.[1]
  const told = looked && data?.pages.some((page) => page.items.some((row) => row.case_id === looked && !row.read_at))
  useAfterPaint(() => {
    if (!told || !looked) return
    markRead({ case_id: looked }).then(
      () => void queries.invalidateQueries({ queryKey: ['notifications'] }),
      () => {},
    )
  }, [told, looked, queries])
  return data?.pages[0]?.unread ?? 0
}
