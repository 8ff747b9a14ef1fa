// Work for a team on cases: taken, done with a note. Owns the list of each team.
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type JSX, memo, useState } from 'react'
import { cancelTask, doneTask, takeTask } from '@/api/commands'
import { tasksQuery } from '@/api/queries'
import type { OfCase, Task } from '@/api/types'
import { serves, useMe } from '@/app/me'
import { Top } from '@/app/Top'
import { useTranslation } from '@/i18n'
import { Button, TextField } from '@/parts/form'
import { Countdown, Party, StateMark } from '@/parts/marks'
import { Trouble } from '@/parts/Trouble'
import { when } from '@/parts/time'
import { resultLabel } from '../case/sheets/team'
import { CaseLink, CaseList, useLiveList } from './CaseList'
import { TeamTabs, teamOf } from './TeamTabs'
import { useRowCommand } from './useRowCommand'

export function TasksPage(): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const search = useSearch({ from: '/frame/tasks' })
  const team = search.team ?? teamOf(me.role)
  useLiveList('tasks')
  const query = useInfiniteQuery(tasksQuery(team === 'all' ? undefined : team))
  return (
    <main className="col grow surface">
      <Top title={t('task.page')} note={t('task.page_note')} />
      <TeamTabs team={team} onChange={(next) => void navigate({ to: '/tasks', search: { team: next } })} />
      <CaseList query={query} empty={t('task.empty')}>
        {(row) => <One row={row} />}
      </CaseList>
    </main>
  )
}

const One = memo(function One({ row }: { row: Task & OfCase }): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const { run, busy, error } = useRowCommand('tasks')
  const [doing, setDoing] = useState(false)
  const [note, setNote] = useState('')
  return (
    <>
      <div className="row between">
        <span className="row">
          {row.due_at ? <Countdown at={row.due_at} from={row.at} /> : null}
          <b>{row.text ?? '—'}</b>
        </span>
        <StateMark kind="task" state={row.state} />
      </div>
      <div className="row between">
        <span className="row">
          <Party who={row.team} name={row.owner} />
          <span className="xs q">{t('task.opened', { at: when(row.at) })}</span>
          <CaseLink row={row} />
        </span>
        <span className="row">
          {row.state === 'open' && serves(me.role, row.team) ? (
            <Button small busy={busy} onClick={() => void run(row, takeTask(row.id), {})}>
              {t('task.take')}
            </Button>
          ) : null}
          {serves(me.role, row.team) ? (
            <Button small look="primary" onClick={() => setDoing(!doing)}>
              {t('task.done')}
            </Button>
          ) : null}
          {me.can('cancel_task') ? (
            <Button small look="ghost" busy={busy} onClick={() => void run(row, cancelTask(row.id), {})}>
              {t('task.cancel')}
            </Button>
          ) : null}
        </span>
      </div>
      {doing ? (
        <form
          className="row end doing"
          onSubmit={(event) => {
            event.preventDefault()
            if (note.trim()) void run(row, doneTask(row.id), { note: note.trim() }).then((ok) => ok && setDoing(false))
          }}
        >
          <div className="grow">
            <TextField label={resultLabel(row.kind)} value={note} onChange={setNote} autoFocus />
          </div>
          <Button look="primary" type="submit" busy={busy} disabled={!note.trim()}>
            {t('task.done')}
          </Button>
        </form>
      ) : null}
      <Trouble error={error} />
    </>
  )
})
