// What an edit, a draft or a version changes against another version: as sentences, and line by line. Owns the choice of the two.
import { useQuery } from '@tanstack/react-query'
import { type JSX, useState } from 'react'
import { type PlaybookText, playbookQuery } from '@/api/queries'
import { both, useTranslation } from '@/i18n'
import { Segments } from '@/parts/form'
import { Skeleton, Trouble } from '@/parts/Trouble'
import { type Changed, changes, lines, reordered } from './diff'
import type { Block, Row } from './outline'
import { type Edit, OWN } from './useEdit'
import { keyWord, rowWord, tableWord } from './words'

export function ChangesPane({ edit }: { edit: Edit }): JSX.Element {
  const { t } = useTranslation()
  const { data } = edit
  const published = data.versions.filter((it) => it.state === 'published')
  const [before, setBefore] = useState(data.in_force ?? published.at(-1)?.version ?? data.version)
  const [after, setAfter] = useState(0)
  const [way, setWay] = useState<'sentences' | 'lines'>('sentences')
  const old = useQuery(playbookQuery(data.scenario, before))
  const other = useQuery({ ...playbookQuery(data.scenario, after), enabled: after !== 0 })
  const mine: PlaybookText = { ...data, source: edit.source, shared: { ...data.shared, ...edit.shared } }
  const now = after === 0 ? mine : other.data
  // The blocks of the edit are those of the file shown; another file's stay as they were loaded.
  const blocks = after === 0 ? (edit.file === OWN ? edit.blocks : (data.blocks ?? [])) : (other.data?.blocks ?? [])
  return (
    <div className="chg">
      <div className="row wrap xs">
        <Version label={t('editor.before')} versions={data.versions} value={before} onChange={setBefore} />
        <span aria-hidden="true">→</span>
        <Version label={t('editor.after')} versions={data.versions} value={after} onChange={setAfter} own={t('editor.my_edit')} />
        <span className="grow" />
        <Segments
          label={t('editor.way')}
          value={way}
          options={(['sentences', 'lines'] as const).map((value) => ({ value, label: t(`editor.way_${value}`) }))}
          onChange={setWay}
        />
      </div>
      <Trouble error={old.error ?? other.error} />
      {!old.data || !now ? (
        <Skeleton rows={4} />
      ) : way === 'sentences' ? (
        <Sentences before={old.data.blocks ?? []} after={blocks} shared={sharedOf(old.data, now)} />
      ) : (
        <TextLines before={old.data} after={now} />
      )}
    </div>
  )
}

function Version({
  label,
  versions,
  value,
  onChange,
  own,
}: {
  label: string
  versions: PlaybookText['versions']
  value: number
  onChange: (version: number) => void
  own?: string
}): JSX.Element {
  const { t } = useTranslation()
  return (
    <select className="in sm" aria-label={label} value={value} onChange={(event) => onChange(Number(event.target.value))}>
      {own ? <option value={0}>{own}</option> : null}
      {versions.map((it) => (
        <option key={it.version} value={it.version}>
          {t(it.state === 'draft' ? 'editor.draft_n' : 'playbook.version', { version: it.version })}
        </option>
      ))}
    </select>
  )
}

/** Shared files that differ. */
const sharedOf = (before: PlaybookText, after: PlaybookText): string[] =>
  Object.keys(after.shared).filter((path) => after.shared[path] !== before.shared[path])

function Sentences({ before, after, shared }: { before: Block[]; after: Block[]; shared: string[] }): JSX.Element {
  const { t } = useTranslation()
  const found = changes(before, after)
  const order = reordered(before, after)
  if (!found.length && !order && !shared.length) return <p className="q">{t('editor.no_change')}</p>
  return (
    <>
      {order ? (
        <div className="dif">
          <div className="dif-h">{t('editor.order')}</div>
          <div className="out">{order.before.map(both).join(' → ')}</div>
          <div className="in_">{order.after.map(both).join(' → ')}</div>
        </div>
      ) : null}
      {found.slice(0, 200).map((it) => (
        <One key={`${it.table}/${it.id}/${it.key}`} change={it} />
      ))}
      {shared.map((path) => (
        <p key={path} className="xs q">
          {t('editor.shared_changed', { path })}
        </p>
      ))}
    </>
  )
}

function One({ change }: { change: Changed }): JSX.Element {
  const title = both(change.title) || tableWord(change.table)
  return (
    <div className="dif">
      <div className="dif-h">
        <b>{title}</b> <span className="q">{keyWord(change.table, change.key)}</span>
      </div>
      {change.before ? <div className="out">{said(change.before, change.after)}</div> : null}
      {change.after ? <div className="in_">{said(change.after, change.before)}</div> : null}
    </div>
  )
}

/** The sentence; where only the other language changed, that one. */
function said(row: Row, other: Row | undefined): string {
  const words = rowWord(row)
  if (row.both && other?.both && rowWord(other) === words) return `${row.both.zh.value} / ${row.both.en.value}`
  return words
}

function TextLines({ before, after }: { before: PlaybookText; after: PlaybookText }): JSX.Element {
  const { t } = useTranslation()
  const files = [
    { path: `${after.scenario}.toml`, a: before.source, b: after.source },
    ...sharedOf(before, after).map((path) => ({ path, a: before.shared[path] ?? '', b: after.shared[path] ?? '' })),
  ].filter((file) => file.a !== file.b)
  if (!files.length) return <p className="q">{t('editor.no_change')}</p>
  return (
    <>
      {files.map((file) => (
        <section key={file.path}>
          <div className="xs q">{file.path}</div>
          <pre className="difl">
            {lines(file.a, file.b).map((line, at) => (
              <div key={at} className={line.kind}>
                <span aria-hidden="true">{{ same: ' ', out: '−', in: '+' }[line.kind]} </span>
                {line.text}
              </div>
            ))}
          </pre>
        </section>
      ))}
    </>
  )
}
