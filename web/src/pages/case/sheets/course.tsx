// Small forms about the course of a case: waiting, whose it is, its end and a new beginning. Owns their fields.
import { useQuery } from '@tanstack/react-query'
import { type JSX, useState } from 'react'
import { choices, valueWord } from '@/api/catalogue'
import { deskNow } from '@/api/client'
import { assign, close, reopen, wait } from '@/api/commands'
import { staffQuery } from '@/api/queries'
import { isOver, type Request } from '@/api/types'
import { both, useTranslation, word } from '@/i18n'
import { Button, Segments, SelectField, TextField } from '@/parts/form'
import { BecauseLines, Line } from '@/parts/Lines'
import { unanswered } from '../answered'
import { useWork } from '../work'
import { Sheet } from './Sheet'
import { withCurrent } from './talk'
import { hours } from './team'

interface Props {
  onClose: () => void
}

/** Whole hours from `now` to ten o'clock tomorrow morning, where the shop is. */
export function hoursToMorning(now: number): number {
  const day = 24 * 3_600_000
  const wall = now + 8 * 3_600_000
  return Math.round((day - (wall % day) + 10 * 3_600_000) / 3_600_000)
}

export function WaitSheet({ onClose }: Props): JSX.Element {
  const { t } = useTranslation()
  const [on, setOn] = useState('buyer')
  const [until, setUntil] = useState(String(hoursToMorning(deskNow())))
  const [reason, setReason] = useState('')
  const parties = ['buyer', 'agent', 'carrier', 'platform', 'technician', 'warehouse', 'finance', 'supervisor']
  return (
    <Sheet
      title={t('action.wait')}
      note={t('sheet.wait.note')}
      command={wait}
      submit={t('sheet.save')}
      body={() => ({ on, reason: reason.trim() || t('sheet.wait.default'), ...(hours(until) ? { until_h: hours(until) } : {}) })}
      onClose={onClose}
    >
      <div className="two">
        <SelectField
          label={t('sheet.wait.on')}
          value={on}
          onChange={setOn}
          options={parties.map((it) => ({ value: it, label: word('party', it) }))}
        />
        <TextField label={t('sheet.wait.until')} value={until} onChange={setUntil} inputMode="numeric" />
      </div>
      <TextField label={t('sheet.reason')} value={reason} onChange={setReason} autoFocus />
    </Sheet>
  )
}

export function AssignSheet({ onClose }: Props): JSX.Element {
  const { t } = useTranslation()
  const { data } = useQuery(staffQuery)
  const { me } = useWork()
  const [staff, setStaff] = useState(me.name)
  const people = (data ?? [])
    .filter((it) => !it.disabled)
    .map((it) => ({ value: it.name, label: `${it.display_name} ${word('role', it.role)}` }))
  return (
    <Sheet
      title={t('action.assign')}
      command={assign}
      submit={t('action.assign')}
      body={() => (staff ? { staff } : undefined)}
      onClose={onClose}
    >
      <SelectField
        label={t('sheet.assign.to')}
        value={staff}
        onChange={setStaff}
        options={withCurrent(people, me.name).map((it) =>
          it.value === me.name ? { ...it, label: `${me.display_name} (${t('sheet.assign.me')})` } : it,
        )}
      />
    </Sheet>
  )
}

/** Closing shows what stands in the way before the desk refuses it. */
export function CloseSheet({ onClose }: Props): JSX.Element {
  const { t } = useTranslation()
  const { view, open } = useWork()
  const closing = view.advice?.closing
  const [result, setResult] = useState(
    closing?.proposed?.id ?? (closing?.results.length === 1 ? (closing.results[0]?.id ?? '') : ''),
  )
  const [words, setWords] = useState('')
  const by = closing?.by.length ? closing.by : ['buyer', 'platform', 'timeout']
  const [confirmation, setConfirmation] = useState(by[0] ?? 'buyer')
  const [satisfaction, setSatisfaction] = useState('')
  // Without a diagnosis, the cause that the facts speak for.
  const likely = view.case.cause ? undefined : view.advice?.causes.find((it) => it.ok === true)
  const [cause, setCause] = useState(view.case.cause || (likely?.cause ?? ''))
  const live = <T extends { state: string }>(rows: readonly T[], states: string[]) =>
    rows.filter((it) => states.includes(it.state)).length
  const asked = view.requests.filter((it) => !isOver(it))
  const openRequests = confirmation === 'platform' ? [] : unanswered(view)
  const hinders: [number, string][] = [
    [live(view.effects, ['unknown', 'needs_person']), 'unknown'],
    [live(view.effects, ['held', 'queued', 'in_flight', 'awaiting_person']), 'running'],
    [view.case.open_promises, 'promises'],
    [live(view.approvals, ['pending']), 'approvals'],
    [live(view.reservations, ['held', 'live', 'reserved', 'open']), 'reservations'],
    [openRequests.length, 'requests_open'],
  ]
  const ends: [number, string][] = [
    [asked.length - openRequests.length, 'requests'],
    [live(view.tasks, ['open', 'taken']), 'tasks'],
  ]
  const standing = hinders.filter(([count]) => count > 0)
  const noted = ends.filter(([count]) => count > 0)
  return (
    <Sheet
      title={t('action.close')}
      note={t('sheet.close.note')}
      command={close}
      submit={t('sheet.close.submit')}
      body={() => {
        const what = result || words.trim()
        return what
          ? {
              result: what,
              confirmation,
              ...(cause ? { cause } : {}),
              ...(satisfaction ? { satisfaction: Number(satisfaction) } : {}),
            }
          : undefined
      }}
      onClose={onClose}
    >
      {standing.length || noted.length ? (
        <div className="card pad">
          <b>{t(standing.length ? 'sheet.close.obstacles' : 'sheet.close.before')}</b>
          {standing.map(([count, name]) => (
            <Line key={name} kind="no">
              {t(`sheet.close.${name}` as never, { count })}
            </Line>
          ))}
          {openRequests[0] ? (
            <Button small look="primary" onClick={() => open({ name: 'answer_request', request: openRequests[0] as Request })}>
              {t('answer.do')}
            </Button>
          ) : null}
          {noted.map(([count, name]) => (
            <Line key={name} kind="note">
              {t(`sheet.close.${name}` as never, { count })}
            </Line>
          ))}
        </div>
      ) : (
        <Line kind="yes">{t('sheet.close.clear')}</Line>
      )}
      {closing?.needs?.length ? (
        <div className="row between">
          <div>
            <BecauseLines lines={closing.needs} />
          </div>
          <Button small onClick={() => open({ name: 'facts' })}>
            {t('action.facts')}
          </Button>
        </div>
      ) : null}
      {closing?.results.length ? (
        <SelectField
          label={t('sheet.close.result')}
          value={result}
          onChange={setResult}
          empty={closing.results.length > 1 ? t('sheet.close.choose') : undefined}
          options={closing.results.map((it) => ({ value: it.id, label: both(it.title) }))}
        />
      ) : null}
      {closing?.proposed && closing.proposed.id === result ? (
        <Line kind="yes">{t('answer.proposed', { why: both(closing.proposed.why) })}</Line>
      ) : null}
      {closing?.results.length ? null : <TextField label={t('sheet.close.words')} value={words} onChange={setWords} />}
      <SelectField
        label={t('sheet.close.confirmation')}
        value={confirmation}
        onChange={setConfirmation}
        options={by.map((it) => ({ value: it, label: word('confirmation', it) }))}
      />
      <SelectField
        label={t('sheet.diagnosis.cause')}
        value={cause}
        onChange={setCause}
        empty="—"
        options={withCurrent(choices('diagnosis.cause'), cause).map((it) => ({
          value: it.value,
          label: valueWord('diagnosis.cause', it.value),
        }))}
      />
      {likely && likely.cause === cause ? (
        <Line kind="yes">{t('answer.proposed', { why: both(likely.note) || t('answer.by_facts') })}</Line>
      ) : null}
      <div className="xs q2" aria-hidden="true">
        {t('sheet.close.satisfaction')}
      </div>
      <Segments
        label={t('sheet.close.satisfaction')}
        value={satisfaction}
        onChange={setSatisfaction}
        options={['', '1', '2', '3', '4', '5'].map((it) => ({
          value: it,
          label: it === '' ? t('sheet.close.not_said') : t('sheet.close.stars', { count: Number(it) }),
        }))}
      />
    </Sheet>
  )
}

export function ReopenSheet({ onClose }: Props): JSX.Element {
  const { t } = useTranslation()
  const [reason, setReason] = useState('objection')
  return (
    <Sheet title={t('action.reopen')} command={reopen} submit={t('action.reopen')} body={() => ({ reason })} onClose={onClose}>
      <SelectField
        label={t('sheet.reason')}
        value={reason}
        onChange={setReason}
        options={['objection', 'new_fact', 'mistake', 'not_done'].map((it) => ({ value: it, label: word('reopen', it) }))}
      />
    </Sheet>
  )
}
