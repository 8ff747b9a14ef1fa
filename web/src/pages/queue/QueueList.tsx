// The rows of the queue in their groups, only those in sight in the page. Owns scrolling, and asks for more rows near the end; what is
// marked is the page's, where the cursor stands the cursor's.
import { type JSX, memo, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useColleagues, useMe, useScenarios } from '@/app/me'
import { useTranslation, word } from '@/i18n'
import { yuan } from '@/parts/money'
import type { Cursor } from './cursor'
import { type Group, topOf, within } from './groups'
import { QueueRow } from './QueueRow'
import type { Shown } from './settle'

const GROUP_HEIGHT = 26
/** Rows from the end at which the next page is asked for. */
const NEAR_END = 20
/** Rows drawn beyond what is in sight, and after how many rows of scrolling the drawn ones are chosen anew. */
const BEYOND = 6
/** Rows shown beyond the cursor when it comes to the edge. */
const LOOK = 5
const STEP = 1
/** What a browser tells while rows pass under the pointer, and nothing here listens to. */
const PASSING = ['pointerover', 'pointerout', 'mouseover', 'mouseout', 'wheel']

interface Props {
  rows: readonly Shown[]
  groups: readonly Group[]
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
  const { rows, groups, label, rowHeight, cursor, marked, more, onMore, onOpen } = props
  const me = useMe()
  const scenarios = useScenarios()
  const colleague = useColleagues()
  const pane = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  const [tall, setTall] = useState(window.innerHeight)
  const height = useMemo(() => ({ group: GROUP_HEIGHT, row: rowHeight }), [rowHeight])

  useLayoutEffect(() => {
    const box = pane.current
    if (!box) return
    const watch = new ResizeObserver(([entry]) => entry && setTall(entry.contentRect.height))
    watch.observe(box)
    return () => watch.disconnect()
  }, [])

  // Rows that pass under a resting pointer are nobody's business: without this every step of scrolling sends a dozen events through the page.
  useEffect(() => {
    const within = (node: EventTarget | null) => node instanceof Node && pane.current?.contains(node)
    const still = (event: Event) => {
      if (within(event.target) && (event instanceof WheelEvent || within((event as MouseEvent).relatedTarget)))
        event.stopPropagation()
    }
    for (const type of PASSING) window.addEventListener(type, still, { capture: true, passive: true })
    return () => {
      for (const type of PASSING) window.removeEventListener(type, still, { capture: true })
    }
  }, [])

  const beyond = BEYOND * rowHeight
  const shown = within(groups, rows.length, height, top - beyond, top + tall + STEP * rowHeight + beyond)
  const last = shown.findLast((strip) => strip.kind === 'row')
  const lastShown = last?.kind === 'row' ? last.at : 0
  useEffect(() => {
    if (more && lastShown > rows.length - NEAR_END) onMore()
  }, [lastShown, rows.length, more, onMore])

  const places = useRef({ groups, height })
  places.current = { groups, height }
  useLayoutEffect(
    () =>
      cursor.subscribe((pointed) => {
        const box = pane.current
        if (!box || pointed) return
        const { groups, height } = places.current
        const begin = topOf(groups, cursor.at(), height)
        // At the edge the list goes on by some rows: one sees what comes, and not every step scrolls.
        const end = begin + height.row
        if (begin < box.scrollTop) box.scrollTop = begin - LOOK * height.row
        else if (end > box.scrollTop + box.clientHeight) box.scrollTop = end - box.clientHeight + LOOK * height.row
      }),
    [cursor],
  )

  return (
    <div
      className="ql"
      ref={pane}
      role="grid"
      aria-label={label}
      aria-rowcount={more ? -1 : rows.length}
      tabIndex={0}
      onScroll={(event) => {
        const step = STEP * rowHeight
        setTop(Math.floor(event.currentTarget.scrollTop / step) * step)
      }}
    >
      <div style={{ height: topOf(groups, rows.length - 1, height) + rowHeight, position: 'relative' }}>
        {shown.map((strip) => {
          const row = strip.kind === 'row' ? rows[strip.at] : undefined
          return (
            <div
              key={strip.kind === 'group' ? strip.group.bucket : (row?.id ?? strip.at)}
              role="presentation"
              className="vr"
              style={{ top: strip.top, height: strip.kind === 'group' ? GROUP_HEIGHT : rowHeight }}
            >
              {strip.kind === 'group' ? (
                <Heading group={strip.group} goesOn={more && strip.group === groups.at(-1)} />
              ) : row ? (
                <QueueRow
                  row={row}
                  at={strip.at}
                  cursor={cursor}
                  marked={marked.has(row.id)}
                  shop={me.shopById(row.shop_id)}
                  scenario={scenarios.title(row.scenario)}
                  owner={colleague(row.owner_id)}
                  onOpen={onOpen}
                />
              ) : null}
            </div>
          )
        })}
      </div>
    </div>
  )
})

/** What lies under it: how many, and the money at risk. `goesOn`: there are more of it than were loaded. */
function Heading({ group, goesOn }: { group: Group; goesOn: boolean }): JSX.Element {
  const { t } = useTranslation()
  return (
    <div className={`qg ${group.bucket}`} role="presentation">
      <span className="m">{word('bucket', group.bucket)}</span>
      <span className="q">{t('queue.cases', { count: group.count, more: goesOn ? '+' : '' })}</span>
      <span className="grow" />
      <span className="q xs">{t('queue.at_risk')}</span>
      <span className="num">
        {yuan(group.amountMinor)}
        {goesOn ? '+' : ''}
      </span>
    </div>
  )
}
