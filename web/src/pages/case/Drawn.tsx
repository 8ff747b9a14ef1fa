// A case that is drawn before it is asked for. Owns where its elements are kept meanwhile, and that nothing of it lives: no keys, no questions,
// no signs of presence, and nothing of it in the document.
import { useQueryClient } from '@tanstack/react-query'
import { Activity, type JSX, type ReactNode, startTransition, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { caseQuery } from '@/api/queries'
import type { CaseAt } from '@/api/useCommand'
import type { CaseView } from '@/api/view'
import { useMe } from '@/app/me'
import { neighbours } from './Slim'

/** Cases read ahead, and how long after this one was opened. */
const AHEAD = 3
const AHEAD_MS = 250

export interface Ahead {
  at: CaseAt
  view: CaseView
}

/** The next case of the list one came from, as soon as it is read. The ones after it are read too. */
export function useAhead(id: string): Ahead | undefined {
  const queries = useQueryClient()
  const me = useMe()
  const [ahead, setAhead] = useState<Ahead>()
  useEffect(() => {
    let gone = false
    const later = setTimeout(() => {
      for (let step = 1; step <= AHEAD; step++) {
        const next = neighbours(queries, id, step)
        const shop = next ? me.shopById(next.shop_id)?.code : undefined
        if (!next || !shop) return
        const at = { shop, id: next.id }
        const read = queries.fetchQuery(caseQuery(at))
        if (step === 1)
          read.then(
            (view) => gone || startTransition(() => setAhead({ at, view })),
            () => {},
          )
        else read.catch(() => {})
      }
    }, AHEAD_MS)
    return () => {
      gone = true
      clearTimeout(later)
    }
  }, [id, queries, me])
  return ahead
}

/** Its children, in the page while `open`, else drawn and kept apart. */
export function Drawn({ open, children }: { open: boolean; children: ReactNode }): JSX.Element {
  const slot = useRef<HTMLDivElement>(null)
  const [box] = useState(() => {
    const it = document.createElement('div')
    it.className = 'drawn'
    return it
  })
  useLayoutEffect(() => {
    if (!open) return
    slot.current?.append(box)
    // What the eye goes to is laid out first; the columns beside follow with the next frame.
    box.classList.add('first')
    const frame = requestAnimationFrame(() => setTimeout(() => box.classList.remove('first')))
    return () => {
      cancelAnimationFrame(frame)
      box.remove()
    }
  }, [open, box])
  return (
    <>
      <div className="drawn" ref={slot} />
      {createPortal(<Activity mode={open ? 'visible' : 'hidden'}>{children}</Activity>, box)}
    </>
  )
}
