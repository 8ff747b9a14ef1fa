// The side window, beside the platform's own chat: paste a number, see one case, copy what to say, add a remark. Owns finding the case;
// never wider than a hand.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type JSX, useEffect, useState } from 'react'
import { searchQuery } from '@/api/queries'
import { useKeys } from '@/app/keys'
import { useMe } from '@/app/me'
import { useTranslation, word } from '@/i18n'
import { Icon } from '@/parts/Icon'
import { Empty, Skeleton, Trouble } from '@/parts/Trouble'
import { SideCase } from './SideCase'

export function SidePage(): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const { q = '' } = useSearch({ from: '/bare/side' })
  const [typed, setTyped] = useState(q)
  const [chosen, setChosen] = useState<string>()
  const query = useInfiniteQuery(searchQuery(q))
  const rows = query.data?.pages.flatMap((page) => page.items) ?? []
  const row = rows.find((one) => one.case_id === chosen) ?? (rows.length === 1 ? rows[0] : undefined)
  const look = (text: string) => {
    setChosen(undefined)
    void navigate({ to: '/side', search: { q: text.trim() }, replace: true })
  }
  useEffect(() => {
    document.title = t('side.title')
  }, [t])
  const field = () => document.querySelector<HTMLInputElement>('#paste')
  useKeys({
    '/': () => {
      field()?.focus()
      field()?.select()
    },
  })
  return (
    <main className="sw col">
      <h1 className="sr">{t('side.title')}</h1>
      <form
        className="swh"
        onSubmit={(event) => {
          event.preventDefault()
          look(typed)
        }}
      >
        <div className="field">
          <Icon name="search" />
          <input
            id="paste"
            className="num"
            value={typed}
            // biome-ignore lint/a11y/noAutofocus: the window is opened to paste something
            autoFocus
            placeholder={t('side.paste')}
            aria-label={t('side.paste')}
            autoComplete="off"
            onChange={(event) => setTyped(event.target.value)}
            onPaste={(event) => {
              const text = event.clipboardData.getData('text').trim()
              if (!text) return
              event.preventDefault()
              setTyped(text)
              look(text)
            }}
          />
        </div>
        <div className="row between xs q">
          <span>{t('side.at_once')}</span>
          <span>
            {t('side.again')} <kbd>/</kbd>
          </span>
        </div>
      </form>
      <div className="scroll">
        <Trouble error={query.error} onRetry={() => void query.refetch()} />
        {q === '' ? <p className="pad q">{t('side.hint')}</p> : null}
        {query.isLoading && q !== '' ? <Skeleton rows={6} /> : null}
        {query.data && rows.length === 0 ? (
          <div className="pad stack">
            <Empty title={t('search.none')}>{t('search.none_hint')}</Empty>
            {me.can('open_case') ? (
              <Link className="btn" to="/new" search={{ order: q }}>
                {t('side.open_new')}
              </Link>
            ) : null}
          </div>
        ) : null}
        {rows.length > 1 && !row ? (
          <>
            <p className="pad xs q">{t('side.found', { count: rows.length })}</p>
            {rows.map((one) => (
              <button key={one.case_id} type="button" className="lr" onClick={() => setChosen(one.case_id)}>
                <span className="grow">
                  <span className="m clip">{one.title}</span>
                  <span className="xs q">{[one.case_no, one.buyer_masked].filter(Boolean).join('·')}</span>
                </span>
                <span className="xs">{word('stage', one.stage)}</span>
              </button>
            ))}
          </>
        ) : null}
        {row ? <SideCase key={row.case_id} at={{ shop: row.shop, id: row.case_id }} /> : null}
      </div>
    </main>
  )
}
