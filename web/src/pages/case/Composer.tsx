// Writing to the buyer, noting what the buyer said, notes for colleagues. Owns the draft's fate: gate check, copy, mark as sent.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type JSX, useEffect, useState } from 'react'
import { marksOf, markWord } from '@/api/catalogue'
import { post } from '@/api/client'
import { contact } from '@/api/commands'
import { readyQuery } from '@/api/knowledge'
import { sendLater } from '@/api/together'
import { casePath, useCaseCommand } from '@/api/useCommand'
import { type Both, both, useTranslation, word } from '@/i18n'
import { Button, Check, Segments, TextField } from '@/parts/form'
import { Line } from '@/parts/Lines'
import { Trouble } from '@/parts/Trouble'
import { when } from '@/parts/time'
import { kept } from './drafts'
import { LaterForm, LaterList } from './Later'
import { type Macro, MacroStrip, useMacroKeys } from './Macro'
import { type Asked, asked, MentionList, useCompletion } from './Mention'
import { type Picked, ScriptList } from './ScriptList'
import { WritingToo } from './Together'
import { useWork } from './work'

export interface Draft {
  text: string
  mode: 'out' | 'in' | 'note'
  script?: string
  /** The shop's own text it comes from. */
  knowledge?: string
  marks?: string[]
}

export interface GateAnswer {
  verdict: 'allow' | 'warn' | 'refuse'
  reasons: { code: string; message: Both; allowed_from?: string | null }[]
}

const CHANNELS = ['chat', 'phone', 'sms', 'mail', 'platform', 'portal'] as const
/** What is said on the buyer's own page is read there at once; nothing is pasted. */
const PORTAL = 'portal'

export function Composer({ draft, setDraft }: { draft: Draft; setDraft: (draft: Draft) => void }): JSX.Element {
  const { t } = useTranslation()
  const { at, view, me, people } = useWork()
  // Its own sending: what is refused in a form is told there.
  const { run, busy, error, clear } = useCaseCommand(at, view.case.version)
  const spoke = view.timeline.filter((it) => it.kind === 'contact' && it.direction === 'in').at(-1)
  const [channel, setChannel] = useState(spoke?.channel === PORTAL ? PORTAL : 'chat')
  const [picking, setPicking] = useState(false)
  const [override, setOverride] = useState<string | null>(null)
  const [sent, setSent] = useState(false)
  const [timing, setTiming] = useState(false)
  const queries = useQueryClient()
  const [macro, setMacro] = useState<Macro>()
  const [naming, setNaming] = useState<Asked>()
  const named = useCompletion(
    draft.mode === 'note' ? naming : undefined,
    me.id,
    new Set([
      view.case.owner_id ?? '',
      ...people.map((one) => one.staff_id),
      ...(view.watchers ?? []).map((one) => one.staff_id),
    ]),
    (name, asking) => {
      const end = asking.from + 1 + asking.find.length
      setDraft({ ...draft, text: `${draft.text.slice(0, asking.from)}@${name} ${draft.text.slice(end)}` })
      setNaming(undefined)
      document.querySelector<HTMLTextAreaElement>('#composer')?.focus()
    },
    () => setNaming(undefined),
  )

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the case is opened
  useEffect(() => {
    const before = kept.get(at.id)
    if (before && !draft.text) setDraft(before)
  }, [])
  useEffect(() => {
    if (draft.text) kept.set(at.id, draft)
    else kept.delete(at.id)
  }, [at.id, draft])

  const check = useGate(draft, channel)
  const text = draft.text.trim()
  const refused = draft.mode === 'out' && check?.verdict === 'refuse'

  const send = async (copy: boolean) => {
    if (!text) return
    if (copy) await navigator.clipboard?.writeText(text).catch(() => {})
    const answer = await run(contact, {
      direction: draft.mode,
      channel,
      text,
      ...(draft.marks?.length ? { marks: draft.marks } : {}),
      ...(draft.script ? { script: draft.script } : {}),
      ...(draft.knowledge ? { knowledge: draft.knowledge } : {}),
      ...(override ? { override: { reason: override } } : {}),
    })
    if (!answer) return
    setDraft({ text: '', mode: draft.mode === 'in' ? 'out' : draft.mode })
    setOverride(null)
    setSent(true)
    setTimeout(() => setSent(false), 2500)
  }
  const sendAt = async (time: string, unless_answered: boolean) => {
    const answer = await run(sendLater, {
      channel,
      text,
      ...(draft.marks?.length ? { marks: draft.marks } : {}),
      ...(draft.script ? { script: draft.script } : {}),
      ...(draft.knowledge ? { knowledge: draft.knowledge } : {}),
      send_at: time,
      unless_answered,
    })
    if (!answer) return
    setTiming(false)
    setDraft({ text: '', mode: 'out' })
  }
  const pick = ({ text: words, script, marks, knowledge, steps, title }: Picked) => {
    if (steps && knowledge) {
      setMacro({ id: knowledge, title: title ?? words, text: both(words), steps })
      setPicking(false)
      return
    }
    setDraft({ text: both(words), mode: 'out', script, marks, knowledge })
    setPicking(false)
    document.querySelector<HTMLTextAreaElement>('#composer')?.focus()
  }

  useMacroKeys(at, async (id) => {
    const ready = await queries.fetchQuery(readyQuery(at, true)).catch(() => [])
    const it = ready.find((one) => one.id === id)
    if (!it) return
    // With a hole the list says what is missing.
    if (it.missing.length) setPicking(true)
    else pick({ text: it.text, knowledge: it.id, steps: it.steps ?? [], title: it.title })
  })

  if (!me.can('contact') && !me.can('note')) return <div className="cmp xs q">{t('case.read_only')}</div>
  return (
    <div className="cmp">
      <LaterList />
      {macro ? (
        <MacroStrip
          macro={macro}
          channel={channel}
          onDone={() => {
            setMacro(undefined)
            setSent(true)
            setTimeout(() => setSent(false), 2500)
          }}
          onText={() => {
            setDraft({ text: macro.text, mode: 'out' })
            setMacro(undefined)
          }}
          onClose={() => setMacro(undefined)}
        />
      ) : null}
      {picking ? <ScriptList onPick={pick} onClose={() => setPicking(false)} /> : null}
      <div className="row between xs">
        <Segments
          label={t('composer.mode')}
          value={draft.mode}
          options={(['out', 'in', 'note'] as const).map((value) => ({ value, label: t(`composer.${value}`) }))}
          onChange={(mode) => setDraft({ ...draft, mode, marks: [], script: undefined, knowledge: undefined })}
        />
        {sent ? (
          <span className="vd ok">{t(`composer.done_${draft.mode === 'note' ? 'note' : 'out'}`)}</span>
        ) : (
          <GateVerdict answer={draft.mode === 'out' && text ? check : undefined} />
        )}
        {draft.mode === 'note' ? null : (
          <select
            className="in sm"
            value={channel}
            onChange={(event) => setChannel(event.target.value)}
            aria-label={t('composer.channel')}
          >
            {CHANNELS.map((name) => (
              <option key={name} value={name}>
                {word('channel', name)}
              </option>
            ))}
          </select>
        )}
      </div>
      {draft.mode === 'out' && text ? <WritingToo /> : null}
      <div className="cmpt">
        {named ? <MentionList of={named} /> : null}
        <textarea
          id="composer"
          className="txt"
          rows={3}
          value={draft.text}
          placeholder={t(`composer.place_${draft.mode}`)}
          aria-label={t(`composer.${draft.mode}`)}
          aria-controls={named?.id}
          aria-activedescendant={named ? `${named.id}-${named.at}` : undefined}
          onChange={(event) => {
            setNaming(asked(event.target.value, event.target.selectionStart))
            if (draft.text === '' && event.target.value === '/') setPicking(true)
            else if (event.target.value === '') setDraft({ text: '', mode: draft.mode })
            else setDraft({ ...draft, text: event.target.value })
          }}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing || named?.onKey(event)) return
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.shiftKey) {
              event.preventDefault()
              void send(draft.mode === 'out' && channel !== PORTAL)
            }
            if (event.key === 'Escape') event.currentTarget.blur()
          }}
        />
      </div>
      {draft.mode === 'out' && text && check && check.verdict !== 'allow' ? (
        <div className="gate">
          {check.reasons.map((reason) => (
            <Line key={reason.code} kind={check.verdict === 'refuse' ? 'no' : 'note'}>
              {both(reason.message)}
              {reason.allowed_from ? ` ${t('composer.allowed_from', { at: when(reason.allowed_from) })}` : ''}
            </Line>
          ))}
          {refused && me.can('override_gate') ? (
            <TextField label={t('composer.override')} value={override ?? ''} onChange={setOverride} />
          ) : null}
        </div>
      ) : null}
      <Trouble error={error} onRetry={error ? () => clear() : undefined} />
      {timing && draft.mode === 'out' && text ? (
        <LaterForm
          busy={busy}
          itself={channel === PORTAL}
          onSend={(time, careful) => void sendAt(time, careful)}
          onClose={() => setTiming(false)}
        />
      ) : null}
      <div className="row">
        {draft.mode === 'out' ? (
          <Button small onClick={() => setPicking(!picking)} keys="/">
            {t('composer.scripts')}
          </Button>
        ) : null}
        <Marks draft={draft} setDraft={setDraft} />
        <span className="grow" />
        {draft.mode === 'out' ? (
          <>
            <Button small icon="clock" onClick={() => setTiming(!timing)} disabled={!text}>
              {t('together.later.button')}
            </Button>
            <Button small onClick={() => void navigator.clipboard?.writeText(text)} disabled={!text}>
              {t('composer.copy')}
            </Button>
            <Button
              look="primary"
              small
              keys="Ctrl Enter"
              busy={busy}
              disabled={!text || (refused && !override)}
              onClick={() => void send(channel !== PORTAL)}
            >
              {channel === PORTAL
                ? t('portal_reply.send')
                : channel === 'chat' || channel === 'platform'
                  ? t('composer.copy_and_mark')
                  : t('composer.mark')}
            </Button>
          </>
        ) : (
          <Button look="primary" small keys="Ctrl Enter" busy={busy} disabled={!text} onClick={() => void send(false)}>
            {t(`composer.save_${draft.mode}`)}
          </Button>
        )}
      </div>
    </div>
  )
}

/** What the message does or tells: ticked here, so that steps know what has been done. */
function Marks({ draft, setDraft }: { draft: Draft; setDraft: (draft: Draft) => void }): JSX.Element {
  const { t } = useTranslation()
  const set = draft.marks ?? []
  return (
    <details className="marks">
      <summary className="xs q clip">
        {set.length
          ? t('composer.marks', { marks: set.map((mark) => markWord(mark) || word('mark', mark)).join(' ') })
          : t(`composer.mark_${draft.mode}`)}
      </summary>
      <div className="pop">
        {marksOf(draft.mode).map((mark) => (
          <Check
            key={mark.value}
            checked={set.includes(mark.value)}
            onChange={(on) => setDraft({ ...draft, marks: on ? [...set, mark.value] : set.filter((one) => one !== mark.value) })}
          >
            {mark.label}
          </Check>
        ))}
      </div>
    </details>
  )
}

/** What the contact gate says about the text as it stands, asked when the typing rests. */
function useGate(draft: Draft, channel: string): GateAnswer | undefined {
  const { at } = useWork()
  const [asked, setAsked] = useState(draft.text)
  useEffect(() => {
    const rest = setTimeout(() => setAsked(draft.text.trim()), 400)
    return () => clearTimeout(rest)
  }, [draft.text])
  const { data } = useQuery({
    queryKey: ['gate', at.id, channel, asked, draft.script ?? '', draft.knowledge ?? '', draft.marks ?? []],
    queryFn: () =>
      post<GateAnswer>(casePath(at, 'contacts/check'), {
        channel,
        text: asked,
        marks: draft.marks ?? [],
        ...(draft.script ? { script: draft.script } : {}),
        ...(draft.knowledge ? { knowledge: draft.knowledge } : {}),
      }),
    enabled: draft.mode === 'out' && asked !== '',
    staleTime: 30_000,
    gcTime: 60_000,
    retry: false,
  })
  return asked === draft.text.trim() ? data : undefined
}

function GateVerdict({ answer }: { answer?: GateAnswer }): JSX.Element {
  const { t } = useTranslation()
  if (!answer) return <span className="xs q clip">{t('composer.platform_note')}</span>
  const look = { allow: 'ok', warn: 'check', refuse: 'risk' }[answer.verdict]
  return <span className={`vd ${look}`}>{t(`composer.verdict_${answer.verdict}`)}</span>
}
