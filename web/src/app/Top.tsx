// The head of a page: title, search, actions. Owns the search box; a pasted number leads to its case.
import { useNavigate } from '@tanstack/react-router'
import { type JSX, type ReactNode, useState } from 'react'
import { useTranslation } from '@/i18n'
import { Icon } from '@/parts/Icon'
import { useMe } from './me'

export function Top({ title, note, children }: { title: string; note?: ReactNode; children?: ReactNode }): JSX.Element {
  return (
    <header className="top">
      <h1>{title}</h1>
      {note ? <span className="q num">{note}</span> : null}
      <span className="grow" />
      <SearchBox />
      {children}
    </header>
  )
}

export function SearchBox(): JSX.Element | null {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const [q, setQ] = useState('')
  if (!me.can('search')) return null
  return (
    <search>
      <form
        className="field"
        onSubmit={(event) => {
          event.preventDefault()
          if (q.trim()) void navigate({ to: '/search', hash: q.trim() })
        }}
      >
        <Icon name="search" />
        <input
          id="search"
          value={q}
          onChange={(event) => setQ(event.target.value)}
          placeholder={t('search.placeholder')}
          aria-label={t('search.placeholder')}
          autoComplete="off"
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur()
          }}
        />
        <kbd>/</kbd>
      </form>
    </search>
  )
}
