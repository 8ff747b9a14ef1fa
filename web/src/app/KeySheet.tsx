// The sheet of all keys. Owns the list that people read; the keys themselves are bound where they act.
import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/parts/form'

const GROUPS = {
  everywhere: ['g', 'slash', 'question', 'escape'],
  queue: ['jk', 'enter', 'u', 'digits', 'next'],
  case: ['r', 'n', 'd', 'f', 'brackets', 'dot', 'alt', 'send', 'money'],
  approvals: ['jk', 'y', 'd'],
  receiving: ['scan', 'condition', 'enter'],
  playbooks: ['save', 'publish', 'move'],
  knowledge: ['edit', 'jk', 'call'],
} as const

export function KeySheet({ onClose }: { onClose: () => void }): JSX.Element {
  const { t } = useTranslation()
  return (
    <section className="keysheet" aria-label={t('keys.title')}>
      <header className="row between">
        <b>{t('keys.title')}</b>
        <Button small look="ghost" keys="Esc" onClick={onClose}>
          {t('close')}
        </Button>
      </header>
      <div className="keygrid">
        {Object.entries(GROUPS).map(([group, names]) => (
          <div key={group}>
            <div className="xs q">{t(`keys.${group}.title` as never)}</div>
            {names.map((name) => (
              <div key={name} className="row between">
                <span>{t(`keys.${group}.${name}` as never)}</span>
                <kbd>{t(`keys.key.${name}` as never)}</kbd>
              </div>
            ))}
          </div>
        ))}
      </div>
    </section>
  )
}
