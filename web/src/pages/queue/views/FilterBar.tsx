// What of the view is shown and in which order, and keeping that as a view. Owns the fields; the address holds the answer.
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, type JSX, useEffect, useState } from 'react'
import { useAsk } from '@/api/useCommand'
import { useMe, useScenarios } from '@/app/me'
import { useTranslation } from '@/i18n'
import { Button, Check, Segments } from '@/parts/form'
import { typed, typedMinor } from '@/parts/money'
import { Trouble } from '@/parts/Trouble'
import { type Narrow, plain, type QueueSearch, type SavedView, type Sort, searchOf, viewsQuery } from './saved'

export function FilterBar({ search, view, saved }: { search: QueueSearch; view: string; saved?: SavedView }): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const scenarios = useScenarios()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [most, setMost] = useState(typed(search.narrow?.most_minor))
  const [least, setLeast] = useState(typed(search.narrow?.least_minor))
  const [naming, setNaming] = useState(false)
  const [name, setName] = useState('')
  const [shared, setShared] = useState(false)
  const { ask, error } = useAsk()
  const narrow = search.narrow ?? {}
  // Another view, or the same one whole again: the fields say what is asked.
  useEffect(() => setMost(typed(narrow.most_minor)), [narrow.most_minor])
  useEffect(() => setLeast(typed(narrow.least_minor)), [narrow.least_minor])
  const sort = search.sort ?? 'time'

  const go = (next: Partial<QueueSearch>) =>
    void navigate({ to: '/', search: { view, shop: search.shop, narrow: search.narrow, sort: search.sort, ...next } })
  const set = (part: Narrow) => go({ narrow: plain({ ...narrow, ...part }) })
  const keep = async (event: FormEvent) => {
    event.preventDefault()
    const shows = { view, ...(search.shop ? { shop: search.shop } : {}), narrow, sort }
    const made = await ask<SavedView>('/views', { name: name.trim(), shared, shows })
    if (!made) return
    await queries.invalidateQueries({ queryKey: viewsQuery.queryKey })
    setNaming(false)
    void navigate({ to: '/', search: searchOf(made) })
  }
  const drop = async () => {
    if (!saved || !(await ask(`/views/${saved.id}/drop`, {}))) return
    await queries.invalidateQueries({ queryKey: viewsQuery.queryKey })
    void navigate({ to: '/', search: { view } })
  }
  const amountField = (label: string, value: string, put: (text: string) => void, key: 'most_minor' | 'least_minor') => (
    <label className="fbf">
      <span>{label}</span>
      <input
        className="in num"
        inputMode="decimal"
        value={value}
        aria-invalid={value !== '' && typedMinor(value) === undefined}
        onChange={(event) => put(event.target.value)}
        onBlur={() => (value === '' || typedMinor(value) !== undefined) && set({ [key]: typedMinor(value) })}
        onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
      />
    </label>
  )
  return (
    <div className="fb">
      <div className="fbr">
        <label className="fbf">
          <span>{t('views.scenario')}</span>
          <select
            className="in"
            value={narrow.scenarios?.[0] ?? ''}
            onChange={(event) => set({ scenarios: event.target.value ? [event.target.value] : [] })}
          >
            <option value="">{t('views.any')}</option>
            {scenarios.all.map((one) => (
              <option key={one.value} value={one.value}>
                {one.label}
              </option>
            ))}
          </select>
        </label>
        {amountField(t('views.least'), least, setLeast, 'least_minor')}
        {amountField(t('views.most'), most, setMost, 'most_minor')}
        <label className="fbf">
          <span>{t('views.severity')}</span>
          <select
            className="in"
            value={narrow.severity ?? ''}
            onChange={(event) => set({ severity: event.target.value ? Number(event.target.value) : undefined })}
          >
            <option value="">{t('views.any')}</option>
            {[1, 2, 3].map((level) => (
              <option key={level} value={level}>
                {t('views.or_worse', { level })}
              </option>
            ))}
          </select>
        </label>
        <Check checked={narrow.unowned ?? false} onChange={(unowned) => set({ unowned })}>
          {t('views.unowned')}
        </Check>
        {view === 'closed' ? null : (
          <Segments<Sort>
            label={t('views.sort')}
            value={sort}
            options={[
              { value: 'time', label: t('views.by_time') },
              { value: 'amount', label: t('views.by_amount') },
            ]}
            onChange={(next) => go({ sort: next === 'time' ? undefined : next })}
          />
        )}
        <span className="grow" />
        {saved?.removable ? (
          <Button small look="ghost" onClick={() => void drop()}>
            {t('views.drop', { name: saved.name })}
          </Button>
        ) : null}
        {naming ? null : (
          <Button small onClick={() => setNaming(true)}>
            {t('views.keep')}
          </Button>
        )}
      </div>
      {naming ? (
        <form className="fbr" onSubmit={(event) => void keep(event)}>
          <label className="fbf">
            <span>{t('views.name')}</span>
            {/* biome-ignore lint/a11y/noAutofocus: it was asked for, and this is what it is about */}
            <input className="in" value={name} maxLength={20} onChange={(event) => setName(event.target.value)} autoFocus />
          </label>
          {me.can('share_view') ? (
            <Check checked={shared} onChange={setShared}>
              {t('views.shared')}
            </Check>
          ) : null}
          <Button small look="primary" type="submit" disabled={name.trim() === ''} why={t('views.name_first')}>
            {t('views.save')}
          </Button>
          <Button small look="ghost" onClick={() => setNaming(false)}>
            {t('cancel')}
          </Button>
        </form>
      ) : null}
      <Trouble error={error} />
    </div>
  )
}
