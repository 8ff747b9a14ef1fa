// The playbooks in force, read as sentences and as the process document generated from them. Owns reading; editing comes elsewhere.
import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { type JSX, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { documentQuery, playbooksQuery } from '@/api/queries'
import { useScenarios } from '@/app/me'
import { Top } from '@/app/Top'
import { both } from '@/i18n'
import { language } from '@/i18n/language'
import { Button } from '@/parts/form'
import { Markdown } from '@/parts/Markdown'
import { Scroll } from '@/parts/Scroll'
import { Skeleton, Trouble } from '@/parts/Trouble'

export function PlaybooksPage(): JSX.Element {
  const { t } = useTranslation()
  const scenarios = useScenarios()
  const { data, error, refetch } = useQuery(playbooksQuery)
  const search = useSearch({ from: '/frame/playbooks' })
  const scenario = search.scenario ?? data?.[0]?.scenario ?? ''
  const [find, setFind] = useState('')
  const rows = (data ?? []).filter((row) => `${row.number}${both(row.title)}${row.scenario}`.includes(find))
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
          {rows.map((row) => (
            <Link
              key={row.scenario}
              className="pl"
              to="/playbooks"
              search={{ scenario: row.scenario }}
              aria-current={row.scenario === scenario ? 'true' : undefined}
            >
              <span className="xs q num">{row.number}</span>
              <span className="grow clip">{both(row.title)}</span>
              <span className="xs q">{t('playbook.version', { version: row.version })}</span>
            </Link>
          ))}
        </div>
      </nav>
      <main className="col grow surface">
        <Top title={scenarios.title(scenario)} note={t('playbook.document')}>
          <Button onClick={() => window.print()}>{t('playbook.print')}</Button>
        </Top>
        <Scroll label={t('playbook.document')}>{scenario ? <Document key={scenario} scenario={scenario} /> : null}</Scroll>
      </main>
    </>
  )
}

function Document({ scenario }: { scenario: string }): JSX.Element {
  const { data, error, refetch } = useQuery(documentQuery(scenario, language()))
  if (error) return <Trouble error={error} onRetry={() => void refetch()} />
  return data === undefined ? <Skeleton rows={12} /> : <Markdown text={data} />
}
