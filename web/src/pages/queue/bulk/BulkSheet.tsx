// The batch sheet over the queue: choose, look, confirm, follow. Owns which job is looked at; the desk does the work, with or without it.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type JSX, useCallback, useEffect, useRef, useState } from 'react'
import type { QueueItem } from '@/api/types'
import { useKeys } from '@/app/keys'
import { useMe } from '@/app/me'
import { useTranslation } from '@/i18n'
import { Button } from '@/parts/form'
import { Skeleton, Trouble } from '@/parts/Trouble'
import { beginning, Choose, useActions } from './Choose'
import { isIdle, type Job, jobQuery, openJob, steer, type What } from './jobs'
import { Past } from './Past'
import { Preflight } from './Preflight'
import { Running } from './Running'

type Chosen = readonly Pick<QueueItem, 'id' | 'shop_id' | 'scenario'>[]

export function BulkSheet({
  cases,
  job: given,
  onClose,
}: {
  /** What was chosen; empty when past jobs are looked at. */
  cases: Chosen
  job?: string
  onClose: (started: boolean) => void
}): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const names = useActions()
  const queries = useQueryClient()
  const [chosen, setChosen] = useState(cases)
  const [name, setName] = useState(names[0] ?? 'flag')
  const [what, setWhat] = useState<What>()
  const [id, setId] = useState(given)
  const [error, setError] = useState<Error | null>(null)
  const { data: job } = useQuery({ ...jobQuery(id ?? ''), enabled: id !== undefined })
  const dialog = useRef<HTMLDialogElement>(null)
  // The sheet itself has the focus: its keys are pressed next, none of its buttons.
  useEffect(() => {
    dialog.current?.showModal()
    dialog.current?.focus()
  }, [])
  // What was looked at and not started is given up when something else is chosen or the sheet is left.
  const open = useRef<string | undefined>(undefined)
  const giveUp = useCallback(() => {
    if (open.current) void steer(open.current, 'stop').catch(() => undefined)
    open.current = undefined
  }, [])
  const turn = useRef(0)
  const look = useCallback(
    async (next: What, of: Chosen) => {
      turn.current += 1
      const mine = turn.current
      giveUp()
      setWhat(next)
      setId(undefined)
      setError(null)
      try {
        const made = await openJob(next, of, crypto.randomUUID())
        // Something else was chosen meanwhile.
        if (mine !== turn.current) return void steer(made.id, 'stop').catch(() => undefined)
        open.current = made.id
        queries.setQueryData(jobQuery(made.id).queryKey, made)
        setId(made.id)
      } catch (problem) {
        if (mine === turn.current) setError(problem as Error)
      }
    },
    [giveUp, queries],
  )
  const choose = (next: typeof name) => {
    setName(next)
    const first = beginning(next, me.name, t('sheet.wait.default'))
    if (first) return void look(first, chosen)
    turn.current += 1
    giveUp()
    setWhat(undefined)
    setId(undefined)
  }
  const begun = useRef(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it opens
  useEffect(() => {
    if (begun.current || given || cases.length === 0) return
    begun.current = true
    choose(name)
  }, [])
  const started = useRef(false)
  const leave = () => {
    giveUp()
    void queries.invalidateQueries({ queryKey: ['bulk'], exact: true })
    onClose(started.current)
  }
  const say = async (word: string, more?: Parameters<typeof steer>[2]) => {
    if (!id) return
    setError(null)
    try {
      const next = await steer(id, word, more)
      if (word === 'start') {
        open.current = undefined
        started.current = true
      }
      queries.setQueryData(jobQuery(id).queryKey, next)
      void queries.invalidateQueries({ queryKey: ['bulk'], exact: true })
    } catch (problem) {
      setError(problem as Error)
      void queries.invalidateQueries({ queryKey: ['bulk', id] })
    }
  }
  const again = (rows: Chosen, of: Job) => {
    setChosen(rows)
    setName(of.what.do)
    void look(of.what, rows)
  }
  // Nothing below is pressed by accident.
  useKeys({ Escape: leave })
  const past = !id && chosen.length === 0
  const before = !job || job.state === 'checking' || job.state === 'checked' || (isIdle(job) && job.id === open.current)

  return (
    <dialog
      ref={dialog}
      className="bk"
      tabIndex={-1}
      aria-label={t('bulk.title')}
      onCancel={(event) => {
        event.preventDefault()
        leave()
      }}
    >
      <header className="row between bkh">
        <b>{past ? t('bulk.past') : t('bulk.heading', { count: job?.total ?? chosen.length })}</b>
        <span className="row">
          {!past && !before ? (
            <Button
              small
              look="ghost"
              onClick={() => {
                setId(undefined)
                setChosen([])
              }}
            >
              {t('bulk.past')}
            </Button>
          ) : null}
          <Button small look="ghost" keys="Esc" onClick={leave}>
            {t('close')}
          </Button>
        </span>
      </header>
      {past ? <Past onOpen={setId} /> : null}
      {!past && before ? (
        <Choose
          name={name}
          what={what}
          scenarios={[...new Set(chosen.map((it) => it.scenario))]}
          onName={choose}
          onWhat={(next) => void look(next, chosen)}
        />
      ) : null}
      {error ? (
        <div className="pad">
          <Trouble error={error} />
        </div>
      ) : null}
      {job && before ? <Preflight key={job.id} job={job} say={say} /> : null}
      {job && !before ? <Running key={job.id} job={job} say={say} again={again} /> : null}
      {!past && !job ? (
        <div className="bkr">{what ? <Skeleton rows={6} height={36} /> : <p className="q pad">{t('bulk.choose_first')}</p>}</div>
      ) : null}
    </dialog>
  )
}

/** The words that move a job. */
export type Say = (word: string, more?: { confirm_minor?: number; ask_approvals?: boolean }) => Promise<void>
/** Looks at some of its cases anew, for the same action. */
export type Again = (rows: Chosen, of: Job) => void
