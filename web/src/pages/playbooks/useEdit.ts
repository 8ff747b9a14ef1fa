// One playbook being edited: its text, what the desk says to it, keeping and publishing. Owns the unsaved text, in memory only.
import { replaceEqualDeep, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { post, Refused } from '@/api/client'
import { Intent } from '@/api/intent'
import { type PlaybookText, playbookQuery } from '@/api/queries'
import { apply, type Block, type Change, type Fault, shifted } from './outline'

/** Texts of scenarios left and come back to. */
const kept = new Map<string, Kept>()

interface Kept {
  source: string
  shared: Record<string, string>
  /** The version the edit started from. */
  from: number
  /** When the draft it replaces was kept. */
  over?: string
  /** Edited and not kept yet. */
  dirty: boolean
}

interface Checked {
  faults: Fault[]
  blocks?: Block[] | null
}

/** Typing rests this long before the desk is asked. */
const REST_MS = 350
export const OWN = ''

export interface Edit {
  data: PlaybookText
  /** The file shown: the playbook's own, or a shared one. */
  file: string
  setFile: (file: string) => void
  text: string
  shared: Record<string, string>
  source: string
  dirty: boolean
  faults: Fault[]
  /** The blocks of the file shown. */
  blocks: Block[]
  /** Whether the blocks are those of the text as it stands. */
  fresh: boolean
  /** Whether the desk has answered for the text as it stands. */
  settled: boolean
  type: (text: string) => void
  change: (change: Change) => void
  replace: (text: string) => void
  /** Keeps the draft; `anyway`: in place of the one that somebody else kept meanwhile. */
  save: (anyway?: boolean) => Promise<boolean>
  discard: () => Promise<void>
  publish: (note: string, from: string) => Promise<boolean>
  drop: () => void
  busy: boolean
  error: Error | null
  draft?: PlaybookText['versions'][number]
}

/** Loads the draft where there is one, else what is in force. */
export function usePlaybookText(scenario: string): { data?: PlaybookText; error: Error | null; retry: () => void } {
  const force = useQuery(playbookQuery(scenario))
  const draft = force.data?.versions.find((it) => it.state === 'draft')?.version
  const kept = useQuery({ ...playbookQuery(scenario, draft), enabled: draft !== undefined })
  const now = draft === undefined ? force.data : kept.data
  // A draft kept just now is on its way; what was shown stays meanwhile.
  const last = useRef<PlaybookText | undefined>(undefined)
  if (now) last.current = now
  const shown = last.current
  const versions = force.data?.versions
  // Who keeps a draft meanwhile is known before that draft's text has come.
  const data = useMemo(() => (shown && versions ? { ...shown, versions } : shown), [shown, versions])
  return { data, error: force.error ?? kept.error, retry: () => void force.refetch() }
}

export function useEdit(scenario: string, data: PlaybookText, mayEdit: boolean): Edit {
  const queries = useQueryClient()
  const draft = data.versions.find((it) => it.state === 'draft')
  const [work, setWork] = useState<Kept>(() => kept.get(scenario) ?? fresh(data))
  const [file, setFile] = useState(OWN)
  const [checked, setChecked] = useState<{ text: string; answered: string; blocks: Block[]; faults: Fault[] }>({
    text: data.source,
    answered: '',
    blocks: data.blocks ?? [],
    faults: [],
  })
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const intent = useRef(new Intent())
  const asked = useRef(0)

  // What others keep or publish is taken over while nothing of one's own would be lost.
  useEffect(() => {
    setWork((now) => (now.dirty ? now : fresh(data)))
    // who only reads is not answered for a text; the blocks come with it
    if (!mayEdit) setChecked({ text: data.source, answered: '', blocks: data.blocks ?? [], faults: [] })
  }, [data, mayEdit])
  useEffect(() => {
    if (work.dirty) kept.set(scenario, work)
    else kept.delete(scenario)
  }, [scenario, work])

  const text = file === OWN ? work.source : (work.shared[file] ?? data.shared[file] ?? '')
  const check = useCallback(
    async (of: Kept, path: string, shown: string) => {
      asked.current += 1
      const mine = asked.current
      const input = { source: of.source, shared: of.shared, ...(path === OWN ? {} : { file: path }) }
      const answer = await post<Checked>(`/playbooks/${scenario}/check`, input).catch(() => undefined)
      if (!answer || mine !== asked.current) return
      setChecked((before) => ({
        // without blocks the text is broken: those before it broke stay, and are not those of this text
        text: answer.blocks ? shown : before.text,
        answered: shown,
        // what is as it was stays the same thing, and is not drawn anew
        blocks: answer.blocks ? replaceEqualDeep(before.blocks, answer.blocks) : before.blocks,
        faults: replaceEqualDeep(before.faults, answer.faults),
      }))
    },
    [scenario],
  )
  // At once when a file is opened and after a change by sentence; when the typing rests otherwise.
  const soon = useRef(true)
  useEffect(() => {
    if (!mayEdit) return
    const wait = soon.current ? 0 : REST_MS
    soon.current = false
    const rest = setTimeout(() => void check(work, file, text), wait)
    return () => clearTimeout(rest)
  }, [check, file, mayEdit, text, work])

  const put = (next: string) => {
    setWork((now) =>
      file === OWN ? { ...now, source: next, dirty: true } : { ...now, shared: { ...now.shared, [file]: next }, dirty: true },
    )
  }
  const command = async <R>(path: string, body: unknown): Promise<R | undefined> => {
    setBusy(true)
    setError(null)
    try {
      const answer = await post<R>(`/playbooks/${scenario}/${path}`, body, { key: intent.current.keyFor([path, body]) })
      intent.current.done()
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['playbook', scenario] }),
        queries.invalidateQueries({ queryKey: ['playbooks'] }),
        queries.invalidateQueries({ queryKey: ['document', scenario] }),
      ])
      return answer
    } catch (problem) {
      setError(problem as Error)
      if (problem instanceof Refused && problem.code === 'draft_moved')
        await queries.invalidateQueries({ queryKey: ['playbook', scenario] })
      return undefined
    } finally {
      setBusy(false)
    }
  }

  const save = async (anyway = false): Promise<boolean> => {
    const source = numbered(work.source, data)
    const over = anyway ? draft?.created_at : work.over
    const answer = await command<{ version: number; created_at: string }>('drafts', {
      source,
      shared: work.shared,
      ...(over ? { over } : {}),
    })
    if (!answer) return false
    soon.current = true
    kept.delete(scenario)
    setWork({ ...work, source, from: answer.version, over: answer.created_at, dirty: false })
    return true
  }

  return {
    data,
    file,
    setFile: (next) => {
      soon.current = true
      setFile(next)
    },
    text,
    shared: work.shared,
    source: work.source,
    dirty: work.dirty,
    faults: checked.faults,
    blocks: checked.blocks,
    fresh: checked.text === text,
    settled: checked.answered === text,
    type: put,
    change: (change) => {
      soon.current = true
      const next = apply(text, change)
      setChecked((before) => ({ ...before, text: next, blocks: shifted(before.blocks, change) }))
      put(next)
    },
    replace: (next) => {
      soon.current = true
      put(next)
    },
    save,
    discard: async () => {
      if (!draft) return
      const done = await command('discard', { version: draft.version })
      if (done) setWork((now) => ({ ...now, dirty: false }))
    },
    publish: async (note, from) => {
      if (!draft) return false
      const body = { version: draft.version, note, ...(from ? { valid_from: `${from}T00:00:00+08:00` } : {}) }
      return (await command('publish', body)) !== undefined
    },
    drop: () => {
      soon.current = true
      setError(null)
      setWork(fresh(data))
    },
    busy,
    error,
    ...(draft ? { draft } : {}),
  }
}

function fresh(data: PlaybookText): Kept {
  const row = data.versions.find((it) => it.version === data.version)
  const over = row?.state === 'draft' ? { over: row.created_at } : {}
  return { source: data.source, shared: {}, from: data.version, dirty: false, ...over }
}

/** The text under the number its draft has to have: that of the draft it replaces, else one more than the last. */
function numbered(source: string, data: PlaybookText): string {
  const last = data.versions.at(-1)
  const wanted = last?.state === 'draft' ? last.version : (last?.version ?? 0) + 1
  const [head = '', ...rest] = source.split(/(?=^\[)/m)
  return [head.replace(/^version\s*=\s*\d+/m, `version = ${wanted}`), ...rest].join('')
}
