// Products that come back more often than the shop's usual. Owns the list, its keys and the word said to a signal; the desk judges.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type JSX, useEffect, useState } from 'react'
import { useKeys } from '@/app/keys'
import { useMe } from '@/app/me'
import { daysOf, PeriodBar } from '@/app/PeriodBar'
import { Top } from '@/app/Top'
import { useTranslation } from '@/i18n'
import { Empty, Skeleton, Trouble } from '@/parts/Trouble'
import { SignalRow, share } from './SignalRow'
import { signalsQuery } from './signals'
import { WordForm } from './WordForm'

export function QualityPage(): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const search = useSearch({ from: '/frame/quality' })
  const shop = search.shop ?? me.shops[0]?.code ?? ''
  const days = daysOf(search.days)
  const { data, error, refetch } = useQuery(signalsQuery(shop, days))
  const [at, setAt] = useState(0)
  const [word, setWord] = useState<'acknowledge' | 'investigate'>()
  const rows = data?.items ?? []
  const row = rows[Math.min(at, rows.length - 1)]
  const may = { acknowledge: me.can('diagnose'), investigate: me.can('open_case') }
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its first row
  useEffect(() => setAt(0), [shop, days])
  const go = (next: Partial<typeof search>) => void navigate({ to: '/quality', search: { ...search, ...next } })
  const move = (step: number) => setAt(Math.max(0, Math.min(rows.length - 1, at + step)))
  useKeys(
    word
      ? {}
      : {
          j: { label: t('keys.move'), shown: 'J K', run: () => move(1) },
          k: () => move(-1),
          ArrowDown: () => move(1),
          ArrowUp: () => move(-1),
          ...(row && may.acknowledge ? { a: { label: t('quality.acknowledge'), run: () => setWord('acknowledge') } } : {}),
          ...(row && may.investigate ? { i: { label: t('quality.investigate'), run: () => setWord('investigate') } } : {}),
        },
  )
  const said = async (caseId: string | null) => {
    setWord(undefined)
    await queries.invalidateQueries({ queryKey: ['quality'] })
    if (caseId) void navigate({ to: '/cases/$shop/$id', params: { shop, id: caseId } })
  }
  const method = data
    ? t('quality.method', { least: data.least, usual: share(data.usual), articles: data.articles, from: data.from, to: data.to })
    : ''
  return (
    <main className="col grow surface">
      <Top title={t('quality.title')} note={data ? t('quality.count', { count: rows.length }) : ''} />
      <PeriodBar days={days} shop={shop} onChange={go}>
        <span className="grow" />
        <span className="xs q clip" title={method}>
          {method}
        </span>
      </PeriodBar>
      <div className="scroll">
        <Trouble error={error} onRetry={() => void refetch()} />
        {data || error ? null : <Skeleton rows={6} height={96} />}
        {data && rows.length === 0 ? (
          <div className="pad">
            <Empty title={t('quality.none', { days })}>{method}</Empty>
          </div>
        ) : null}
        {rows.length ? (
          <ul className="signals" aria-label={t('quality.title')}>
            {rows.map((one, place) => (
              <SignalRow
                key={one.article.sku}
                shop={shop}
                row={one}
                usual={data?.usual ?? null}
                current={one === row}
                may={may}
                onPick={() => setAt(place)}
                onWord={(next) => {
                  setAt(place)
                  setWord(next)
                }}
              >
                {one === row && word ? (
                  <WordForm key={word} shop={shop} row={one} word={word} onDone={said} onClose={() => setWord(undefined)} />
                ) : null}
              </SignalRow>
            ))}
          </ul>
        ) : null}
      </div>
    </main>
  )
}
