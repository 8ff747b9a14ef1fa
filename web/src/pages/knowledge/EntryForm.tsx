// Writing a text: kind, whose, letters, words with variables, scenarios. Owns the fields; what is wrong the desk says with its place.
import { useQuery } from '@tanstack/react-query'
import { type JSX, useRef, useState } from 'react'
import { allFacts, factWord } from '@/api/catalogue'
import { type Content, type Entry, KINDS, type Kind, knowledgePath, SCOPES, type Scope } from '@/api/knowledge'
import { formatQuery } from '@/api/queries'
import { useCommand } from '@/api/useCommand'
import { useKeys } from '@/app/keys'
import { serves, useMe, useScenarios } from '@/app/me'
import { useTranslation, word } from '@/i18n'
import { language } from '@/i18n/language'
import { Button, Field, Segments, TextField } from '@/parts/form'
import { Trouble } from '@/parts/Trouble'

import { StepsEditor } from './StepsEditor'
import { isWhole } from './steps'

const TEAMS = ['agent', 'supervisor', 'warehouse', 'finance', 'parcel_desk', 'reviewer', 'quality', 'operations']
const NOTHING: Content = { title_zh: '', title_en: '', text_zh: '', text_en: '' }
/** Facts that make sense in a sentence; yes-or-no ones do not. */
const SPOKEN = new Set(['money', 'text', 'date', 'duration', 'count', 'number', 'enum'])

export function EntryForm({
  shop,
  entry,
  onDone,
  onClose,
}: {
  shop: string
  entry?: Entry
  onDone: (id: string) => void
  onClose: () => void
}): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const scenarios = useScenarios()
  const shares = me.can('share_knowledge')
  const [kind, setKind] = useState<Kind>(entry?.kind ?? 'script')
  const [scope, setScope] = useState<Scope>(entry?.scope ?? (shares ? 'shop' : 'person'))
  const [team, setTeam] = useState(entry?.team ?? TEAMS.find((it) => serves(me.role, it)) ?? 'agent')
  const [code, setCode] = useState(entry?.code ?? '')
  const [suits, setSuits] = useState<string[]>(entry?.scenarios ?? [])
  const [content, setContent] = useState<Content>(entry?.content ?? NOTHING)
  const { run, busy, error } = useCommand<unknown, { id: string }>(knowledgePath(shop), ['knowledge', shop])
  const words = useRef<HTMLTextAreaElement>(null)
  const { data: format } = useQuery(formatQuery)
  const steps = content.steps ?? []
  const said = content.text_zh.trim() !== ''
  // A macro says something, does something, or both.
  const whole = kind === 'macro' ? (said || steps.length > 0) && steps.every(isWhole) : said
  const full = content.title_zh.trim() !== '' && whole

  const save = async () => {
    if (!full || busy) return
    const { steps: _, ...words } = content
    const shared = {
      code: code.replace(/^\//, '').trim(),
      scenarios: suits,
      content: kind === 'macro' ? content : words,
    }
    const answer = entry
      ? await run({ version: entry.version, ...shared }, knowledgePath(shop, `${entry.id}/change`))
      : await run({ kind, scope, team: scope === 'team' ? team : '', ...shared })
    if (answer) onDone(answer.id)
  }
  useKeys({ 'Ctrl+s': () => void save(), 'Ctrl+Enter': () => void save() })

  const insert = (name: string) => {
    const box = words.current
    const at = box?.selectionEnd ?? content.text_zh.length
    setContent({ ...content, text_zh: `${content.text_zh.slice(0, at)}{${name}}${content.text_zh.slice(at)}` })
    box?.focus()
  }
  const variables = [
    ...(format?.variables ?? []).map((it) => ({ name: it.name, label: it[language()] })),
    ...allFacts()
      .filter((it) => SPOKEN.has(it.type))
      .map((it) => ({ name: it.name, label: factWord(it.name) })),
  ]
  return (
    <form
      className="kn-form"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      {entry ? null : (
        <div className="row wrap">
          <Segments
            label={t('knowledge.kind')}
            value={kind}
            options={KINDS.map((value) => ({ value, label: t(`knowledge.kinds.${value}`) }))}
            onChange={setKind}
          />
          <Segments
            label={t('knowledge.scope')}
            value={scope}
            options={SCOPES.filter((it) => it === 'person' || shares).map((value) => ({
              value,
              label: t(`knowledge.scopes.${value}`),
            }))}
            onChange={setScope}
          />
          {scope === 'team' ? (
            <select
              className="in sm"
              value={team}
              aria-label={t('knowledge.team')}
              onChange={(event) => setTeam(event.target.value)}
            >
              {TEAMS.map((it) => (
                <option key={it} value={it}>
                  {word('team', it)}
                </option>
              ))}
            </select>
          ) : null}
          <span className="xs q">{t(scope === 'person' ? 'knowledge.personal_note' : 'knowledge.shared_note')}</span>
        </div>
      )}
      <div className="kn-2">
        <TextField
          label={t('knowledge.title_zh')}
          value={content.title_zh}
          onChange={(value) => setContent({ ...content, title_zh: value })}
          maxLength={60}
        />
        <TextField label={t('knowledge.code')} value={code} onChange={setCode} hint={t('knowledge.code_hint')} maxLength={21} />
      </div>
      <Field
        label={kind === 'macro' ? t('together.step.reply') : t('knowledge.text_zh')}
        hint={
          <span className="row between wrap">
            <span>{t('knowledge.variables_hint')}</span>
            <select
              className="in sm"
              value=""
              aria-label={t('knowledge.insert')}
              onChange={(event) => insert(event.target.value)}
            >
              <option value="">{t('knowledge.insert')}</option>
              {variables.map((it) => (
                <option key={it.name} value={it.name}>
                  {it.label}
                </option>
              ))}
            </select>
          </span>
        }
      >
        {(id) => (
          <textarea
            id={id}
            ref={words}
            className="in"
            rows={kind === 'article' ? 12 : 5}
            value={content.text_zh}
            onChange={(event) => setContent({ ...content, text_zh: event.target.value })}
          />
        )}
      </Field>
      {kind === 'macro' ? <StepsEditor steps={steps} onChange={(next) => setContent({ ...content, steps: next })} /> : null}
      <div className="kn-2">
        <TextField
          label={t('knowledge.title_en')}
          value={content.title_en}
          onChange={(value) => setContent({ ...content, title_en: value })}
          maxLength={120}
        />
      </div>
      {kind === 'macro' ? null : (
        <Field label={t('knowledge.text_en')}>
          {(id) => (
            <textarea
              id={id}
              className="in"
              rows={3}
              value={content.text_en}
              onChange={(event) => setContent({ ...content, text_en: event.target.value })}
            />
          )}
        </Field>
      )}
      <Field label={t('knowledge.scenarios')} hint={t('knowledge.scenarios_hint')}>
        {(id) => (
          <div className="row wrap">
            {suits.map((it) => (
              <span key={it} className="tk v">
                {scenarios.title(it)}
                <button type="button" className="x" onClick={() => setSuits(suits.filter((one) => one !== it))}>
                  ×
                </button>
              </span>
            ))}
            <select id={id} className="in sm" value="" onChange={(event) => setSuits([...suits, event.target.value])}>
              <option value="">{suits.length ? '+' : t('knowledge.scenarios_all')}</option>
              {scenarios.all
                .filter((it) => !suits.includes(it.value))
                .map((it) => (
                  <option key={it.value} value={it.value}>
                    {it.label}
                  </option>
                ))}
            </select>
          </div>
        )}
      </Field>
      <Trouble error={error} />
      <div className="row">
        <span className="grow" />
        <Button small look="ghost" keys="Esc" onClick={onClose}>
          {t('knowledge.cancel')}
        </Button>
        <Button small look="primary" keys="Ctrl S" busy={busy} disabled={!full} type="submit">
          {t('knowledge.save')}
        </Button>
      </div>
    </form>
  )
}
