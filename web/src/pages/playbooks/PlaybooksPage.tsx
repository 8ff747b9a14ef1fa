// The playbooks: all scenarios beside the one being read or edited. Owns the list; the editor stands in Editor.
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { type JSX, useState } from 'react'
import { playbooksQuery } from '@/api/queries'
import { both, useTranslation } from '@/i18n'
import { Go } from '@/parts/Go'
import { useGrowing } from '@/parts/growing'
import { Skeleton, Trouble } from '@/parts/Trouble'
import { Editor } from './Editor'

/** Rows of the list painted with the page; the others with the next paints. */
const AT_ONCE = 12

export function PlaybooksPage(): JSX.Element {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(playbooksQuery)
  const search = useSearch({ from: '/frame/playbooks' })
  const scenario = search.scenario ?? data?.[0]?.scenario ?? ''
  const [find, setFind] = useState('')
  const fit = (data ?? []).filter((row) => `${row.number}${both(row.title)}${row.scenario}`.includes(find))
  const { drawn } = useGrowing(fit.length, AT_ONCE, AT_ONCE)
  return (
    <>
      <nav className="pls col" aria-label={t('playbook.list')}>
        <div className="sh row between">
          <b>{t('playbook.title')}</b>
          <span className="xs q">{t('playbook.count', { count: data?.length ?? 0 })}</span>
        </div>
        <input
          className="in"
          value={find}
          onChange={(event) => setFind(event.target.value)}
          placeholder={t('playbook.find')}
          aria-label={t('playbook.find')}
        />
        <div className="scroll">
          <Trouble error={error} onRetry={() => void refetch()} />
          {data || error ? null : <Skeleton rows={12} height={36} />}
          {fit.slice(0, drawn).map((row) => (
            <Go
              key={row.scenario}
              className="pl"
              href={`/playbooks?scenario=${encodeURIComponent(row.scenario)}`}
              aria-current={row.scenario === scenario ? 'true' : undefined}
            >
              <span className="xs q num">{row.number}</span>
              <span className="grow clip">{both(row.title)}</span>
              <span className={row.draft ? 'xs warn' : 'xs q'}>
                {row.draft ? t('editor.draft_short', { version: row.draft }) : t('playbook.version', { version: row.version })}
              </span>
            </Go>
          ))}
        </div>
      </nav>
      <main className="col grow surface ped-main">{scenario ? <Editor key={scenario} scenario={scenario} /> : null}</main>
    </>
  )
}
