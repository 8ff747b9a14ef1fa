// One text as it is read: words with their variables, whose it is, when it was looked at, what it said before. Owns review and retiring.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type JSX, useState } from 'react'
import { type Entry, entryQuery, knowledgePath, readyQuery } from '@/api/knowledge'
import { formatQuery } from '@/api/queries'
import { useCommand } from '@/api/useCommand'
import { useVariableWord } from '@/api/variables'
import { useKeys } from '@/app/keys'
import { useMe, useScenarios } from '@/app/me'
import { both, useTranslation, word } from '@/i18n'
import { language } from '@/i18n/language'
import { kept, lastCase } from '@/pages/case/drafts'
import { SaidText } from '@/pages/playbooks/Sentence'
import { Button } from '@/parts/form'
import { Line } from '@/parts/Lines'
import { Trouble } from '@/parts/Trouble'
import { when } from '@/parts/time'
import { stepWord, titleOf } from './steps'

export function EntryView({
  shop,
  entry,
  onEdit,
  onGone,
}: {
  shop: string
  entry: Entry
  onEdit: () => void
  onGone: () => void
}): JSX.Element {
  const { t } = useTranslation()
  const scenarios = useScenarios()
  const { data: whole } = useQuery(entryQuery(shop, entry.id))
  const { run, busy, error } = useCommand<Record<string, never>, unknown>(knowledgePath(shop, entry.id), ['knowledge', shop])
  const [sure, setSure] = useState(false)
  const { content } = entry
  const reply = useReply(shop, entry)
  useKeys({ 'Ctrl+Enter': reply.insert })
  const other = language() === 'en' ? content.text_zh : content.text_en
  return (
    <article className="kn-one">
      <header>
        <h2>{titleOf(entry)}</h2>
        <div className="row wrap xs q">
          <span className="tag">{t(`knowledge.kinds.${entry.kind}`)}</span>
          <span className="tag">{entry.scope === 'team' ? word('team', entry.team) : t(`knowledge.scopes.${entry.scope}`)}</span>
          {entry.code ? <kbd>/{entry.code}</kbd> : null}
          <span className="num">{entry.used ? t('knowledge.used', { count: entry.used }) : t('knowledge.unused')}</span>
          <span className="num">{t('knowledge.version', { version: entry.version })}</span>
          <span className="num">{t('knowledge.changed', { who: entry.changed_by ?? '', at: when(entry.changed_at) })}</span>
        </div>
      </header>
      {entry.stale ? (
        <div className="gate">
          <Line kind="note">{t('knowledge.stale_banner')}</Line>
        </div>
      ) : null}
      {content.text_zh ? <Words text={(language() === 'en' && content.text_en) || content.text_zh} /> : null}
      {other && other !== content.text_zh ? <Words text={other} quiet /> : null}
      {content.steps?.length ? (
        <ol className="stepl">
          {content.steps.map((step, at) => (
            <li key={at}>{stepWord(step)}</li>
          ))}
        </ol>
      ) : null}
      <dl className="kn-facts xs">
        <dt>{t('knowledge.scenarios')}</dt>
        <dd>{entry.scenarios.length ? entry.scenarios.map(scenarios.title).join(' · ') : t('knowledge.scenarios_all')}</dd>
        <dt>{t('knowledge.review')}</dt>
        <dd className="num">{t('knowledge.review_at', { at: when(entry.review_at) })}</dd>
      </dl>
      <Trouble error={error} />
      {reply.missing ? (
        <div className="xs bad" role="alert">
          {t('knowledge.refused', { facts: reply.missing })}
        </div>
      ) : null}
      <div className="row">
        {reply.into ? (
          <Button small look="primary" keys="Ctrl Enter" onClick={reply.insert}>
            {t('knowledge.insert_reply', { title: reply.into })}
          </Button>
        ) : null}
        {entry.editable ? (
          <>
            <Button small keys="E" onClick={onEdit}>
              {t('knowledge.edit')}
            </Button>
            <Button small busy={busy} onClick={() => void run({}, knowledgePath(shop, `${entry.id}/review`))}>
              {t('knowledge.reviewed')}
            </Button>
            <span className="grow" />
            {sure ? (
              <Button
                small
                look="danger"
                busy={busy}
                onClick={() => void run({}, knowledgePath(shop, `${entry.id}/retire`)).then((done) => done && onGone())}
              >
                {t('knowledge.retire_sure')}
              </Button>
            ) : (
              <Button small look="ghost" onClick={() => setSure(true)}>
                {t('knowledge.retire')}
              </Button>
            )}
          </>
        ) : (
          <Button small onClick={() => void navigator.clipboard?.writeText(content.text_zh)}>
            {t('knowledge.copy')}
          </Button>
        )}
      </div>
      {whole?.versions && whole.versions.length > 1 ? (
        <details>
          <summary className="xs q">{t('knowledge.versions')}</summary>
          <ol className="his">
            {whole.versions.slice(1).map((it) => (
              <li key={it.version}>
                <div className="row xs q">
                  <b className="num">{t('knowledge.version', { version: it.version })}</b>
                  <span className="grow" />
                  <span className="num">{t('knowledge.changed', { who: it.changed_by ?? '', at: when(it.changed_at) })}</span>
                </div>
                <Words text={it.content.text_zh} quiet />
              </li>
            ))}
          </ol>
        </details>
      ) : null}
    </article>
  )
}

/** Puts the text, filled in, into the reply of the case that was open last; with a hole it is refused. */
function useReply(shop: string, entry: Entry): { into?: string; missing: string; insert: () => void } {
  const me = useMe()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [missing, setMissing] = useState('')
  const named = useVariableWord()
  const last = lastCase()
  const into =
    last?.at.shop === shop && me.can('contact') && entry.kind !== 'reject_reason' && entry.kind !== 'macro' ? last : undefined
  const insert = async () => {
    if (!into) return
    const ready = await queries.fetchQuery(readyQuery(into.at, true)).catch(() => [])
    const it = ready.find((one) => one.id === entry.id)
    if (!it) return
    if (it.missing.length) return setMissing(it.missing.map(named).join(' '))
    kept.set(into.at.id, { text: both(it.text), mode: 'out', knowledge: it.id })
    await navigate({ to: '/cases/$shop/$id', params: { shop: into.at.shop, id: into.at.id } })
  }
  return { ...(into ? { into: into.title } : {}), missing, insert: () => void insert() }
}

/** A text with its variables told apart. */
function Words({ text, quiet }: { text: string; quiet?: boolean }): JSX.Element {
  const { data: words } = useQuery(formatQuery)
  return (
    <p className={quiet ? 'kn-words q2' : 'kn-words'}>
      <SaidText text={text} words={words} />
    </p>
  )
}
