// The rows of the queue in their groups, only those in sight in the page. Owns scrolling, and asks for more rows near the end; what is
// marked is the page's, where the cursor stands the cursor's.
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual'
import { type JSX, memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import { useColleagues, useMe, useScenarios } from '@/app/me'
import { useTranslation, word } from '@/i18n'
import { yuan } from '@/parts/money'
import type { Cursor } from './cursor'
import type { Entry } from './groups'
import { QueueRow } from './QueueRow'

const GROUP_HEIGHT = 26
/** Rows from the end at which the next page is asked for. */
const NEAR_END = 20

interface Props {
  entries: Entry[]
  label: string
  rowHeight: number
  cursor: Cursor
  marked: ReadonlySet<string>
  /** Whether there is more than what was loaded. */
  more: boolean
  onMore: () => void
  onOpen: (at: number) => void
}

export const QueueList = memo(function QueueList(props: Props): JSX.Element {
  const { entries, label, rowHeight, cursor, marked, more, onMore, onOpen } = props
  const { t } = useTranslation()
  const me = useMe()
  const scenarios = useScenarios()
  const colleague = useColleagues()
  const pane = useRef<HTMLDivElement>(null)
  // The same functions until the rows change: with new ones every place would be reckoned anew at every step of scrolling.
  const estimateSize = useCallback(
    (index: number) => (entries[index]?.kind === 'group' ? GROUP_HEIGHT : rowHeight),
    [entries, rowHeight],
  )
  const getItemKey = useCallback(
    (index: number) => {
      const entry = entries[index]
      return entry?.kind === 'row' ? entry.row.id : `group ${entry?.bucket}`
    },
    [entries],
  )
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => pane.current,
    estimateSize,
    getItemKey,
    overscan: 8,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights change with the density
  useEffect(() => virtual.measure(), [rowHeight])
  const shown = virtual.getVirtualItems()
  const lastShown = shown.at(-1)?.index ?? 0
  useEffect(() => {
    if (more && lastShown > entries.length - NEAR_END) onMore()
  }, [lastShown, entries.length, more, onMore])
  /** Where in the list each row stands, groups counted. */
  const places = useMemo(() => entries.flatMap((entry, index) => (entry.kind === 'row' ? [index] : [])), [entries])
  const rows = places.length
  const latest = useRef(places)
  latest.current = places
  useLayoutEffect(
    () =>
      cursor.subscribe(() => {
        const place = latest.current[cursor.at()]
        if (place !== undefined && !inSight(virtual, place)) virtual.scrollToIndex(place)
      }),
    [cursor, virtual],
  )

  return (
    <div className="ql" ref={pane} role="grid" aria-label={label} aria-rowcount={more ? -1 : rows} tabIndex={0}>
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {shown.map((item) => {
          const entry = entries[item.index]
          if (!entry) return null
          return (
            <div
              key={item.key}
              role="presentation"
              className="vr"
              style={{ transform: `translateY(${item.start}px)`, height: item.size }}
            >
              {entry.kind === 'group' ? (
                <div className={`qg ${entry.bucket}`} role="presentation">
                  <span className="m">{word('bucket', entry.bucket)}</span>
                  <span className="q">{t('queue.cases', { count: entry.count, more: entry.open ? '+' : '' })}</span>
                  <span className="grow" />
                  <span className="q xs">{t('queue.at_risk')}</span>
                  <span className="num">
                    {yuan(entry.amountMinor)}
                    {entry.open ? '+' : ''}
                  </span>
                </div>
              ) : (
                <QueueRow
                  row={entry.row}
                  at={entry.at}
                  cursor={cursor}
                  marked={marked.has(entry.row.id)}
                  shop={me.shopById(entry.row.shop_id)}
                  scenario={scenarios.title(entry.row.scenario)}
                  owner={colleague(entry.row.owner_id)}
                  onOpen={onOpen}
                />
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
})

/** Whether a row stands whole within the pane, by what the list knows of itself: the page's layout is not asked. */
function inSight(virtual: Virtualizer<HTMLDivElement, Element>, place: number): boolean {
  const item = virtual.measurementsCache[place]
  const top = virtual.scrollOffset ?? 0
  return !!item && item.start >= top && item.end <= top + (virtual.scrollRect?.height ?? 0)
}
