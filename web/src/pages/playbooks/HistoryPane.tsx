// The versions of a playbook, newest first: who wrote, who published, from when, and why. Owns no command.
import type { JSX } from 'react'
import type { PlaybookText } from '@/api/queries'
import { useTranslation } from '@/i18n'
import { when } from '@/parts/time'

export function HistoryPane({ data }: { data: PlaybookText }): JSX.Element {
  const { t } = useTranslation()
  return (
    <ol className="his">
      {[...data.versions].reverse().map((it) => (
        <li key={it.version}>
          <div className="row">
            <b className="num">{t('playbook.version', { version: it.version })}</b>
            {it.version === data.in_force ? <span className="vd ok">{t('editor.in_force')}</span> : null}
            {it.state === 'draft' ? <span className="ms draft">{t('editor.draft')}</span> : null}
            <span className="grow" />
            <span className="xs q num">{when(it.published_at ?? it.created_at)}</span>
          </div>
          {it.note ? <div>{it.note}</div> : null}
          <div className="xs q">
            {it.origin === 'default'
              ? t('editor.by_default')
              : t('editor.by', { author: it.author ?? '', publisher: it.published_by ?? t('editor.nobody_yet') })}
            {it.published_at && it.valid_from > it.published_at ? ` ${t('editor.valid_from', { at: when(it.valid_from) })}` : ''}
          </div>
        </li>
      ))}
    </ol>
  )
}
