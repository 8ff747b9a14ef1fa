// The scripts of the scenario, filled in for this case. Owns picking one: what fits comes first, a missing fact refuses.
import { type JSX, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Script } from '@/api/advice'
import { factWord } from '@/api/catalogue'
import { both } from '@/i18n'
import { Button } from '@/parts/form'
import { useWork } from './work'

export function ScriptList({ onPick, onClose }: { onPick: (script: Script) => void; onClose: () => void }): JSX.Element {
  const { t } = useTranslation()
  const { view } = useWork()
  const [find, setFind] = useState('')
  const scripts = (view.advice?.scripts ?? []).filter((script) =>
    `${both(script.title)}${script.id}${both(script.text)}`.includes(find),
  )
  const rank = (script: Script) => (script.missing?.length ? 2 : script.fits === false || script.unfit_line ? 1 : 0)
  scripts.sort((one, other) => rank(one) - rank(other))
  return (
    <section className="scripts" aria-label={t('composer.scripts')}>
      <div className="row">
        <input
          className="in grow"
          value={find}
          onChange={(event) => setFind(event.target.value)}
          placeholder={t('composer.find_script')}
          aria-label={t('composer.find_script')}
          // biome-ignore lint/a11y/noAutofocus: the list was asked for by a key and is searched at once
          autoFocus
          onKeyDown={(event) => {
            const first = scripts.find((script) => !script.missing?.length)
            if (event.key === 'Enter' && !event.nativeEvent.isComposing && first) onPick(first)
            if (event.key === 'Escape') onClose()
          }}
        />
        <Button small look="ghost" keys="Esc" onClick={onClose}>
          {t('close')}
        </Button>
      </div>
      <ul>
        {scripts.map((script) => (
          <li key={script.id}>
            <button
              type="button"
              aria-disabled={script.missing?.length ? true : undefined}
              onClick={() => !script.missing?.length && onPick(script)}
            >
              <span className="row between">
                <b>{both(script.title)}</b>
                {script.missing?.length ? (
                  <span className="xs warn">{t('composer.missing', { facts: script.missing.map(factWord).join(' ') })}</span>
                ) : script.unfit_line ? (
                  <span className="xs warn">{t('composer.unfit', { line: both(script.unfit_line) })}</span>
                ) : script.fits ? (
                  <span className="vd ok">{t('composer.fits')}</span>
                ) : null}
              </span>
              <span className="xs q2 two">{both(script.text)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
