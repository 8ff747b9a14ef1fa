// The bar of the hold: what leaves in a few seconds, on whichever page one is, and the key that undoes it. Owns its look and counting.
import { useQueryClient } from '@tanstack/react-query'
import { type JSX, useEffect, useState } from 'react'
import { deskNow } from '@/api/client'
import { useTranslation, word } from '@/i18n'
import { Button } from '@/parts/form'
import { yuan } from '@/parts/money'
import { type HeldMoney, left, undo, useHeld } from './held'
import { useKeys } from './keys'

/** More than this at once are undone on their cases. */
const SHOWN = 3
const TICK_MS = 200

export function HeldBar(): JSX.Element | null {
  const held = useHeld()
  if (!held.length) return null
  return <Bars held={held.slice(-SHOWN)} />
}

/** Its key goes before those of the page, as long as something is held. */
function Bars({ held }: { held: readonly HeldMoney[] }): JSX.Element {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const now = useTick()
  const open = (it: HeldMoney) => it.state === 'silent' || (it.state === 'held' && it.leavesAt > now)
  const last = held.findLast(open)
  useKeys(last ? { u: { label: t('together.held.key'), run: () => void undo(last, queries) } } : {}, true)
  useEffect(() => {
    for (const it of held) if (it.state === 'held' && it.leavesAt <= now) left(it.remedy)
  }, [held, now])
  return (
    <aside className="hbars" aria-label={t('together.held.title')}>
      {held.map((it) => {
        const seconds = Math.max(0, Math.ceil((it.leavesAt - now) / 1000))
        const what = { what: word('effect', it.kind), amount: yuan(it.minor) }
        return (
          <div key={it.remedy} className={`hbar ${it.state}`}>
            <div className="grow">
              <b className="num" role="status">
                {it.state === 'held' ? t('together.held.held', what) : t(`together.held.${it.state}`, what)}
              </b>
              {it.state === 'held' ? (
                <span className="num q2" aria-hidden="true">
                  {t('together.held.in', { count: seconds })}
                </span>
              ) : null}
            </div>
            {open(it) ? (
              <Button small keys={it === last ? 'U' : undefined} onClick={() => void undo(it, queries)}>
                {t('together.held.undo')}
              </Button>
            ) : null}
          </div>
        )
      })}
    </aside>
  )
}

function useTick(): number {
  const [now, setNow] = useState(deskNow)
  useEffect(() => {
    const ticking = setInterval(() => setNow(deskNow()), TICK_MS)
    return () => clearInterval(ticking)
  }, [])
  return now
}
