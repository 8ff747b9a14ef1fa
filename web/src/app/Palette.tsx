// The command palette: where to go, what can be done here, and any number. Owns finding and choosing; what a command does is its page's.
import { type JSX, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from '@/i18n'
import { Icon } from '@/parts/Icon'
import { type Listed, listed } from './keys'

const MOST = 12

export function Palette({ onSearch, onClose }: { onSearch: (q: string) => void; onClose: () => void }): JSX.Element {
  const { t } = useTranslation()
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  // As it was when the palette opened; the page below does not change meanwhile.
  const [all] = useState(listed)
  const [q, setQ] = useState('')
  const [at, setAt] = useState(0)
  useEffect(() => dialog.current?.showModal(), [])

  const words = q.trim().toLowerCase()
  const fit = all.filter((row) => row.label.toLowerCase().includes(words))
  const rows: Listed[] = (['page', 'go'] as const).flatMap((group) => fit.filter((row) => row.group === group)).slice(0, MOST)
  const search: Listed = { label: t('palette.find', { q: q.trim() }), keys: '', group: 'go', run: () => onSearch(q.trim()) }
  // Numbers are looked for; words name commands first.
  const shown = words === '' ? rows : /\d{3}/.test(words) ? [search, ...rows] : [...rows, search]
  const chosen = shown[Math.min(at, shown.length - 1)]
  const choose = (row: Listed | undefined) => {
    if (!row) return
    onClose()
    row.run()
  }
  return (
    <dialog ref={dialog} className="plt" aria-label={t('palette.title')} onClose={onClose}>
      <div className="field">
        <Icon name="search" />
        <input
          value={q}
          onChange={(event) => {
            setQ(event.target.value)
            setAt(0)
          }}
          placeholder={t('palette.placeholder')}
          aria-label={t('palette.placeholder')}
          role="combobox"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={chosen ? `${id}-${shown.indexOf(chosen)}` : undefined}
          autoComplete="off"
          autoFocus
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing || event.keyCode === 229) return
            const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
            if (step) {
              event.preventDefault()
              setAt((before) => (Math.min(before, shown.length - 1) + step + shown.length) % shown.length)
            }
            // Taken here, or the page below would hear it as its own.
            if (event.key === 'Escape') {
              event.preventDefault()
              onClose()
            }
            if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
              event.preventDefault()
              choose(chosen)
            }
          }}
        />
        <kbd>Esc</kbd>
      </div>
      <div role="listbox" id={id} aria-label={t('palette.title')}>
        {shown.map((row, place) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above keeps the focus and hears the keys
          <div
            key={`${row.group}${row.label}`}
            id={`${id}-${place}`}
            role="option"
            aria-selected={row === chosen}
            className="plr"
            onClick={() => choose(row)}
            onPointerMove={() => setAt(place)}
          >
            <span className="grow clip">{row.label}</span>
            {row.keys ? <kbd>{row.keys}</kbd> : null}
          </div>
        ))}
      </div>
    </dialog>
  )
}
