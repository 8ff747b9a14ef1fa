// The sheet of keys: what can be pressed on this page, now. Owns how it is read; the keys say themselves what they are.
import { type JSX, useState } from 'react'
import { useTranslation } from '@/i18n'
import { Button } from '@/parts/form'
import { listed, useKeys } from './keys'

export function KeySheet({ onClose }: { onClose: () => void }): JSX.Element {
  const { t } = useTranslation()
  const [rows] = useState(() =>
    // Digits come first as names of properties; here they come last.
    listed()
      .filter((row) => row.keys)
      .sort((one, other) => Number(/^\d/.test(one.keys)) - Number(/^\d/.test(other.keys))),
  )
  useKeys({ Escape: onClose })
  return (
    <section className="keysheet" aria-label={t('keys.title')}>
      <header className="row between">
        <b>{t('keys.title')}</b>
        <Button small look="ghost" keys="Esc" onClick={onClose}>
          {t('close')}
        </Button>
      </header>
      {(['page', 'go'] as const).map((group) => (
        <div key={group}>
          <div className="xs q">{t(`keys.${group}`)}</div>
          <dl className="keygrid">
            {rows
              .filter((row) => row.group === group)
              .map((row) => (
                <div key={row.keys + row.label} className="row between">
                  <dt>{row.label}</dt>
                  <dd>
                    <kbd>{row.keys}</kbd>
                  </dd>
                </div>
              ))}
          </dl>
        </div>
      ))}
    </section>
  )
}
