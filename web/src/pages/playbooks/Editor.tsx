// The editor of one playbook: sentences and text side by side, changes, history, publishing, and the document made of it.
// Owns the layout and the keys; the text and its commands live in useEdit.
import { useQuery } from '@tanstack/react-query'
import { type JSX, useDeferredValue, useState } from 'react'
import { documentQuery, formatQuery, type PlaybookText } from '@/api/queries'
import { useKeys } from '@/app/keys'
import { useMe, useScenarios } from '@/app/me'
import { SearchBox } from '@/app/Top'
import { both, useTranslation } from '@/i18n'
import { language } from '@/i18n/language'
import { Button, Segments } from '@/parts/form'
import { Markdown } from '@/parts/Markdown'
import { Skeleton, Trouble } from '@/parts/Trouble'
import { Blocks } from './Blocks'
import { ChangesPane } from './ChangesPane'
import { HistoryPane } from './HistoryPane'
import { included } from './outline'
import { PublishBar } from './PublishBar'
import { TextPane } from './TextPane'
import { TrialPane, useTrial } from './TrialPane'
import { OWN, useEdit, usePlaybookText } from './useEdit'

const PANES = ['text', 'changes', 'trial', 'history'] as const

export function Editor({ scenario }: { scenario: string }): JSX.Element {
  const { data, error, retry } = usePlaybookText(scenario)
  if (error) return <Trouble error={error} onRetry={retry} />
  return data ? <Loaded data={data} /> : <Skeleton rows={14} />
}

function Loaded({ data }: { data: PlaybookText }): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const scenarios = useScenarios()
  const mayEdit = me.can('manage_playbooks')
  const edit = useEdit(data.scenario, data, mayEdit)
  const { data: words } = useQuery(formatQuery)
  const [mode, setMode] = useState<'edit' | 'document'>('edit')
  const [pane, setPane] = useState<(typeof PANES)[number]>('text')
  const [line, setLine] = useState<{ at: number } | null>(null)
  const [note, setNote] = useState('')
  const trial = useTrial(edit, data.scenario)
  const [said, setSaid] = useState('')
  // The sentences are painted first; the long text beside them follows.
  const stands = useDeferredValue(true, false)

  const tell = (text: string) => {
    setSaid(text)
    setTimeout(() => setSaid(''), 4000)
  }
  const save = async () => {
    if (mayEdit && edit.dirty && (await edit.save())) tell(t('editor.saved'))
  }
  const publish = async (from = '') => {
    if (!edit.draft || edit.dirty) return
    if (await edit.publish(note, from)) {
      setNote('')
      tell(t('editor.published'))
    }
  }
  const rung = (id: string) => both(edit.blocks.find((block) => block.table === 'offer' && block.id === id)?.title) || id
  const runTrial = () => {
    setMode('edit')
    setPane('trial')
    void trial.start()
  }
  useKeys({
    'Ctrl+s': { label: t('editor.save'), run: () => void save() },
    'Ctrl+Shift+p': { label: t('editor.publish'), run: () => void publish() },
    'Ctrl+p': () => window.print(),
    ...(mayEdit ? { 'Ctrl+Enter': { label: t('trial.title'), run: runTrial } } : {}),
  })
  const files = mayEdit ? [...new Set([OWN, ...included(data.blocks ?? [])])] : [OWN]
  const goTo = (at: number) => {
    setPane('text')
    setLine({ at })
  }
  return (
    <>
      <header className="top">
        <h1>{scenarios.title(data.scenario)}</h1>
        {data.in_force ? <span className="tag">{t('editor.in_force_n', { version: data.in_force })}</span> : null}
        {edit.draft ? <span className="ms draft">{t('editor.draft_n', { version: edit.draft.version })}</span> : null}
        {edit.dirty ? <span className="vd check">{t('editor.unsaved')}</span> : null}
        <span className="ok-line xs" role="status">
          {said}
        </span>
        <span className="grow" />
        <SearchBox />
        <Segments
          label={t('editor.mode')}
          value={mode}
          options={(['edit', 'document'] as const).map((value) => ({ value, label: t(`editor.mode_${value}`) }))}
          onChange={setMode}
        />
        {mode === 'document' ? (
          <Button small keys="Ctrl P" onClick={() => window.print()}>
            {t('playbook.print')}
          </Button>
        ) : null}
        {mayEdit && mode === 'edit' ? (
          <>
            {edit.dirty ? (
              <Button small look="ghost" onClick={edit.drop}>
                {t('editor.drop_edit')}
              </Button>
            ) : null}
            <Button small keys="Ctrl S" busy={edit.busy} disabled={!edit.dirty} onClick={() => void save()}>
              {t('editor.save')}
            </Button>
          </>
        ) : null}
      </header>
      {mode === 'document' ? (
        <div className="scroll">
          <Document scenario={data.scenario} version={edit.draft?.version} inForce={data.in_force ?? undefined} />
        </div>
      ) : (
        <div className="ped">
          <div className="scroll" key={edit.file}>
            <div className="ped-file row wrap xs">
              <select
                className="in sm"
                value={edit.file}
                aria-label={t('editor.file')}
                onChange={(event) => edit.setFile(event.target.value)}
              >
                {files.map((path) => (
                  <option key={path} value={path}>
                    {path === OWN ? t('editor.own_file') : path}
                  </option>
                ))}
              </select>
              <span className="q">{edit.file === OWN ? t('editor.hint') : t('editor.shared_hint')}</span>
            </div>
            {!edit.fresh && edit.faults.some((it) => it.found === 'broken TOML') ? (
              <p className="gate xs">{t('editor.broken')}</p>
            ) : null}
            <Blocks edit={edit} words={words} mayEdit={mayEdit} goTo={goTo} />
          </div>
          <aside className="col">
            <div className="bar">
              <Segments
                label={t('editor.pane')}
                value={pane}
                options={PANES.filter((value) => mayEdit || value !== 'trial').map((value) => ({
                  value,
                  label: value === 'trial' ? t('trial.button') : t(`editor.pane_${value}`),
                }))}
                onChange={setPane}
              />
            </div>
            {pane === 'text' && stands ? <TextPane edit={edit} line={line} mayEdit={mayEdit} /> : null}
            {pane === 'changes' ? (
              <div className="scroll">
                <ChangesPane edit={edit} />
              </div>
            ) : null}
            {pane === 'trial' ? (
              <div className="scroll">
                <TrialPane trial={trial} rung={rung} />
              </div>
            ) : null}
            {pane === 'history' ? (
              <div className="scroll">
                <HistoryPane data={data} />
              </div>
            ) : null}
            {mayEdit && stands ? (
              <PublishBar edit={edit} note={note} setNote={setNote} onPublish={(from) => void publish(from)} />
            ) : null}
          </aside>
        </div>
      )}
    </>
  )
}

/** The process document of what is in force; of the draft on wish. */
function Document({ scenario, version, inForce }: { scenario: string; version?: number; inForce?: number }): JSX.Element {
  const { t } = useTranslation()
  const [draft, setDraft] = useState(false)
  const { data, error, refetch } = useQuery(documentQuery(scenario, language(), draft ? version : undefined))
  return (
    <>
      {version && inForce ? (
        <div className="pad no-print">
          <Segments
            label={t('editor.document_of')}
            value={draft ? 'draft' : 'force'}
            options={[
              { value: 'force', label: t('editor.in_force_n', { version: inForce }) },
              { value: 'draft', label: t('editor.draft_n', { version }) },
            ]}
            onChange={(next) => setDraft(next === 'draft')}
          />
        </div>
      ) : null}
      {error ? <Trouble error={error} onRetry={() => void refetch()} /> : null}
      {data === undefined ? <Skeleton rows={12} /> : <Markdown text={data} />}
    </>
  )
}
