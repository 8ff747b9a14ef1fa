// The rows of a view: pages loaded so far, brought up to date by the live stream. Owns when the desk is asked again.
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { deskNow } from '@/api/client'
import { onCaseChanged } from '@/api/live'
import { figuresQuery, queueQuery } from '@/api/queries'
import { type Shown, settle } from './settle'

const QUIET_MS = 1_500

export function useRows(view: string, shop: string | undefined, narrow: Record<string, string>) {
  const queries = useQueryClient()
  const query = useInfiniteQuery(queueQuery(view, shop, narrow))
  const fresh = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data])
  const place = `${view} ${shop ?? ''} ${new URLSearchParams(narrow)}`
  const [shown, setShown] = useState<{ place: string; rows: readonly Shown[]; at: number }>({ place, rows: [], at: deskNow() })

  const base = shown.place === place ? shown.rows : []
  const settled = useMemo(() => settle(base, fresh), [base, fresh])
  const at = shown.place === place && shown.rows.length ? shown.at : deskNow()

  useEffect(() => {
    if (settled.rows !== shown.rows && (shown.place !== place || settled.rows.length !== shown.rows.length)) {
      setShown((before) => ({
        place,
        rows: settled.rows,
        at: before.place === place && before.rows.length ? before.at : deskNow(),
      }))
    }
  }, [settled, shown, place])

  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => {
    const stop = onCaseChanged(() => {
      timer.current ??= setTimeout(() => {
        timer.current = undefined
        void queries.invalidateQueries({ queryKey: ['queue'] })
        void queries.invalidateQueries({ queryKey: figuresQuery.queryKey })
      }, QUIET_MS)
    })
    return () => {
      stop()
      clearTimeout(timer.current)
      timer.current = undefined
    }
  }, [queries])

  return {
    rows: settled.rows,
    waiting: settled.waiting,
    /** The instant the groups are counted from; moves only when the person takes the new list. */
    at,
    apply: () => setShown({ place, rows: fresh, at: deskNow() }),
    query,
  }
}
