// The batch over the queue's rows: marking the whole view, opening the sheet. Owns that B after Ctrl A means the whole view, however
// long its pages take to come.
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { Page, QueueItem } from '@/api/types'
import type { KeyMap } from '@/app/keys'
import { useTranslation } from '@/i18n'

/** Cases of one batch. */
const MOST = 1_000

type Query = UseInfiniteQueryResult<InfiniteData<Page<QueueItem>>, Error>

export function useBatch({
  rows,
  query,
  meant,
  mark,
}: {
  rows: readonly QueueItem[]
  query: Query
  /** The marked rows, or the one under the cursor. */
  meant: () => readonly QueueItem[]
  mark: (ids: string[], on: boolean) => void
}) {
  const { t } = useTranslation()
  const [sheet, setSheet] = useState<{ cases: readonly QueueItem[]; job?: string } | null>(null)
  const marking = useRef<Promise<readonly QueueItem[]> | undefined>(undefined)

  const markAll = async (): Promise<readonly QueueItem[]> => {
    let all = rows
    mark(
      all.slice(0, MOST).map((one) => one.id),
      true,
    )
    for (let page: Query = query; page.hasNextPage && all.length < MOST; ) {
      page = (await page.fetchNextPage()) as Query
      if (page.isError) break
      all = page.data?.pages.flatMap((it) => it.items) ?? all
      mark(
        all.slice(0, MOST).map((one) => one.id),
        true,
      )
    }
    return all.slice(0, MOST)
  }
  const open = async () => {
    const cases = marking.current ? await marking.current : meant()
    if (cases.length) setSheet({ cases: cases.slice(0, MOST) })
  }
  const keys: KeyMap = {
    'Ctrl+a': {
      label: t('bulk.all'),
      run: () => {
        const all = markAll()
        marking.current = all
        void all.finally(() => {
          if (marking.current === all) marking.current = undefined
        })
      },
    },
    b: { label: t('bulk.key'), run: () => void open() },
    'Shift+b': { label: t('bulk.past'), run: () => setSheet({ cases: [] }) },
  }
  return {
    sheet,
    keys,
    open: () => void open(),
    see: (job: string) => setSheet({ cases: [], job }),
    close: () => setSheet(null),
  }
}
