// The shop's own scripts, articles and reasons: found, read, written. Owns the list and which text is open.
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type JSX, useState } from 'react'
import { type Entry, KINDS, knowledgeQuery } from '@/api/knowledge'
import { useKeys } from '@/app/keys'
import { useMe } from '@/app/me'
import { ShopPicker } from '@/app/ShopPicker'
import { useTranslation } from '@/i18n'
import { Button, Segments } from '@/parts/form'
import { Icon } from '@/parts/Icon'
import { Empty, Skeleton, Trouble } from '@/parts/Trouble'
import { EntryForm } from './EntryForm'
import { EntryView } from './EntryView'
import { titleOf } from './steps'

export function KnowledgePage(): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const search = useSearch({ from: '/frame/knowledge' })
  const shop = search.shop ?? me.shops[0]?.code ?? ''
  const { data, error, refetch } = useQuery(knowledgeQuery(shop))
  const [find, setFind] = useState('')
  const [kind, setKind] = useState('all')
  const [form, setForm] = useState<'new' | 'edit' | null>(null)
  const sought = find.replace(/^\//, '').trim().toLowerCase()
  const rows = (data ?? [])
    .filter((it) => kind === 'all' || it.kind === kind)
    .filter((it) => `${it.code} ${Object.values(it.content).join(' ')}`.toLowerCase().includes(sought))
  rows.sort((one, other) => (sought ? Number(other.code === sought) - Number(one.code === sought) : 0) || other.used - one.used)
  const entry = (data ?? []).find((it) => it.id === search.id) ?? (form ? undefined : rows[0])
  const open = (id?: string) => {
    setForm(null)
    void navigate({ to: '/knowledge', search: { shop, id } })
  }
  const step = (by: number) => {
    const at = rows.findIndex((it) => it.id === entry?.id)
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))]
    if (next) open(next.id)
  }
  useKeys({
    e: () => entry?.editable && setForm('edit'),
    j: () => step(1),
    k: () => step(-1),
    Escape: () => setForm(null),
  })
  return (
    <main className="col grow surface">
      <header className="top">
        <h1>{t('knowledge.title')}</h1>
        <search>
          <div className="field">
            <Icon name="search" />
            <input
              id="search"
              value={find}
              onChange={(event) => setFind(event.target.value)}
              placeholder={t('knowledge.find')}
              aria-label={t('knowledge.find')}
              autoComplete="off"
              onKeyDown={(event) => {
                if (event.key === 'Escape') event.currentTarget.blur()
                if (event.key === 'Enter' && rows[0]) {
                  open(rows[0].id)
                  event.currentTarget.blur()
                }
              }}
            />
            <kbd>/</kbd>
          </div>
        </search>
        <Segments
          label={t('knowledge.kind')}
          value={kind}
          options={['all', ...KINDS].map((value) => ({
            value,
            label: value === 'all' ? t('knowledge.all') : t(`knowledge.kinds.${value as Entry['kind']}`),
          }))}
          onChange={setKind}
        />
        <span className="grow" />
        <ShopPicker shop={shop} onChange={(code) => void navigate({ to: '/knowledge', search: { shop: code } })} />
        {me.can('write_knowledge') ? (
          <Button look="primary" small icon="plus" onClick={() => setForm('new')}>
            {t('knowledge.write')}
          </Button>
        ) : null}
      </header>
      <Trouble error={error} onRetry={() => void refetch()} />
      <div className="kn">
        <nav className="scroll" aria-label={t('knowledge.list')}>
          {data === undefined ? (
            <Skeleton rows={8} height={56} />
          ) : rows.length ? (
            rows.map((it) => (
              <button
                key={it.id}
                type="button"
                className="kn-row"
                aria-current={it.id === entry?.id && form !== 'new' ? 'true' : undefined}
                onClick={() => open(it.id)}
              >
                <span className="row">
                  <b className="clip grow">{titleOf(it)}</b>
                  {it.stale ? <span className="xs warn">{t('knowledge.stale')}</span> : null}
                  {it.code ? <kbd>/{it.code}</kbd> : null}
                </span>
                <span className="row xs q">
                  <span>{t(`knowledge.kinds.${it.kind}`)}</span>
                  <span>{t(`knowledge.scopes.${it.scope}`)}</span>
                  <span className="clip grow">{it.content.text_zh}</span>
                  <span className="num">{it.used ? t('knowledge.used', { count: it.used }) : ''}</span>
                </span>
              </button>
            ))
          ) : (
            <Empty title={t(data.length ? 'knowledge.none_found' : 'knowledge.none')}>
              {data.length ? null : t('knowledge.none_hint')}
            </Empty>
          )}
        </nav>
        <section className="scroll pad">
          {form === 'new' ? (
            <EntryForm key="new" shop={shop} onDone={open} onClose={() => setForm(null)} />
          ) : entry && form === 'edit' ? (
            <EntryForm key={entry.id} shop={shop} entry={entry} onDone={open} onClose={() => setForm(null)} />
          ) : entry ? (
            <EntryView key={entry.id} shop={shop} entry={entry} onEdit={() => setForm('edit')} onGone={() => open()} />
          ) : (
            <p className="q">{t('knowledge.pick')}</p>
          )}
        </section>
      </div>
    </main>
  )
}
