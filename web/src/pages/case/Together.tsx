// Colleagues on this case: who is looking, who is writing, who watches. Owns how they are shown; it stands in nobody's way.
import type { JSX } from 'react'
import { watch } from '@/api/together'
import { useKeys } from '@/app/keys'
import { useTranslation } from '@/i18n'
import { Icon } from '@/parts/Icon'
import { Line } from '@/parts/Lines'
import { useWork } from './work'

/** More people than this are a number. */
const NAMED = 3

export function HereNow(): JSX.Element | null {
  const { t } = useTranslation()
  const { people } = useWork()
  if (!people.length) return null
  const writing = people.filter((one) => one.doing === 'replying')
  const looking = people.filter((one) => one.doing === 'looking')
  const names = looking.slice(0, NAMED).map((one) => one.name)
  if (looking.length > NAMED) names.push(`+${looking.length - NAMED}`)
  return (
    <span className="row xs here" role="status">
      {writing.map((one) => (
        <span key={one.staff_id} className="hp writing nw">
          {t('together.here.replying', { who: one.name })}
        </span>
      ))}
      {names.length ? <span className="hp nw">{t('together.here.looking', { who: names.join('、') })}</span> : null}
    </span>
  )
}

/** Beside the text one is about to send. */
export function WritingToo(): JSX.Element | null {
  const { t } = useTranslation()
  const { people } = useWork()
  const writing = people.filter((one) => one.doing === 'replying')
  if (!writing.length) return null
  return <Line kind="note">{t('together.here.too', { who: writing.map((one) => one.name).join('、') })}</Line>
}

export function WatchButton(): JSX.Element {
  const { t } = useTranslation()
  const { view, me, run, busy } = useWork()
  const watchers = view.watchers ?? []
  const mine = watchers.some((one) => one.staff_id === me.id)
  const label = t(mine ? 'together.watch.stop' : 'together.watch.start')
  const turn = () => void run(watch, { watching: !mine })
  useKeys({ 'Shift+w': { label, run: turn } })
  return (
    <button
      type="button"
      className="btn sm ghost watch"
      aria-pressed={mine}
      aria-disabled={busy || undefined}
      title={watchers.length ? t('together.watch.by', { who: watchers.map((one) => one.name).join('、') }) : label}
      onClick={turn}
    >
      <Icon name="eye" size="s" />
      {mine ? t('together.watch.on') : t('together.watch.off')}
      {watchers.length ? <span className="num">{watchers.length}</span> : null}
    </button>
  )
}
