// Texts ready for this case: the shop's own and those of the scenario, filled in. Owns picking one by letters or words; what fits comes
// first, a missing fact refuses.
import { useQuery } from '@tanstack/react-query'
import { type JSX, useState } from 'react'
import type { Script } from '@/api/advice'
import { type Ready, readyQuery, type Step } from '@/api/knowledge'
import { useVariableWord } from '@/api/variables'
import { type Both, both, useTranslation } from '@/i18n'
import { Button } from '@/parts/form'
import { stepWord } from '../knowledge/steps'
import { useWork } from './work'

/** A text that was picked, and where it comes from. */
export interface Picked {
  text: Both
  script?: string
  marks?: string[]
  knowledge?: string
  /** A macro: what is done together with the text. */
  steps?: Step[]
  title?: Both
}

interface Choice extends Picked {
  key: string
  code: string
  title: Both
  missing: string[]
  fits: boolean | null
  unfit?: Both
  own: boolean
  stale: boolean
}

const ofPlaybook = (script: Script): Choice => ({
  key: script.id,
  code: '',
  title: script.title,
  text: script.text,
  script: script.id,
  marks: script.marks ?? [],
  missing: script.missing ?? [],
  fits: script.unfit_line ? false : script.fits,
  unfit: script.unfit_line,
  own: false,
  stale: false,
})

const ofShop = (it: Ready): Choice => ({
  key: it.id,
  code: it.code,
  title: it.title,
  text: it.text,
  knowledge: it.id,
  ...(it.kind === 'macro' ? { steps: it.steps ?? [] } : {}),
  missing: it.missing,
  fits: it.fits,
  own: it.scope === 'person',
  stale: it.stale,
})

export function ScriptList({ onPick, onClose }: { onPick: (picked: Picked) => void; onClose: () => void }): JSX.Element {
  const { t } = useTranslation()
  const named = useVariableWord()
  const { at, view } = useWork()
  const { data: ready } = useQuery(readyQuery(at, true))
  const [find, setFind] = useState('')
  const [refused, setRefused] = useState('')
  const sought = find.replace(/^\//, '').trim().toLowerCase()
  const all = [
    ...(ready ?? []).filter((it) => it.kind !== 'reject_reason').map(ofShop),
    ...(view.advice?.scripts ?? []).map(ofPlaybook),
  ]
  const found = all.filter((it) => `${it.code} ${both(it.title)} ${it.key} ${both(it.text)}`.toLowerCase().includes(sought))
  const rank = (it: Choice) =>
    sought !== '' && it.code === sought ? (it.own ? -2 : -1) : it.missing.length ? 2 : it.fits === false ? 1 : 0
  found.sort((one, other) => rank(one) - rank(other))
  const pick = (it: Choice | undefined) => {
    if (!it) return
    // the text that its letters call is refused with a hole, never replaced by another one
    if (it.missing.length) setRefused(it.key)
    else onPick(it)
  }
  return (
    <section className="scripts" aria-label={t('composer.scripts')}>
      <div className="row">
        <input
          className="in grow"
          value={find}
          onChange={(event) => {
            setFind(event.target.value)
            setRefused('')
          }}
          placeholder={t('composer.find_script')}
          aria-label={t('composer.find_script')}
          // biome-ignore lint/a11y/noAutofocus: the list was asked for by a key and is searched at once
          autoFocus
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
              event.preventDefault()
              const called = found[0] && rank(found[0]) < 0 ? found[0] : found.find((it) => !it.missing.length)
              pick(called)
            }
            if (event.key === 'Escape') onClose()
          }}
        />
        <Button small look="ghost" keys="Esc" onClick={onClose}>
          {t('close')}
        </Button>
      </div>
      <ul>
        {found.slice(0, 60).map((it) => (
          <li key={it.key}>
            <button type="button" aria-disabled={it.missing.length ? true : undefined} onClick={() => pick(it)}>
              <span className="row between">
                <b className="clip">
                  {it.code ? <kbd>/{it.code}</kbd> : null}{' '}
                  {it.steps ? <span className="tag">{t('knowledge.kinds.macro')}</span> : null} {both(it.title)}
                </b>
                {it.missing.length ? (
                  <span className="xs warn">{t('composer.missing', { facts: it.missing.map(named).join(' ') })}</span>
                ) : it.unfit ? (
                  <span className="xs warn">{t('composer.unfit', { line: both(it.unfit) })}</span>
                ) : it.fits === false ? (
                  <span className="xs warn">{t('knowledge.misfit')}</span>
                ) : it.stale ? (
                  <span className="xs warn">{t('knowledge.stale')}</span>
                ) : it.fits && !it.knowledge ? (
                  <span className="vd ok">{t('composer.fits')}</span>
                ) : it.knowledge ? (
                  <span className="xs q">{t(it.own ? 'knowledge.mine' : 'knowledge.ours')}</span>
                ) : null}
              </span>
              {it.steps ? <span className="xs macro clip">{it.steps.map(stepWord).join(' · ')}</span> : null}
              {both(it.text) ? <span className="xs q2 two">{both(it.text)}</span> : null}
              {refused === it.key ? (
                <span className="xs bad" role="alert">
                  {t('knowledge.refused', { facts: it.missing.map(named).join(' ') })}
                </span>
              ) : null}
            </button>
          </li>
        ))}
        {found.length ? null : <li className="xs q">{t('knowledge.none_called', { find: sought })}</li>}
      </ul>
    </section>
  )
}
