// Small forms about people and the case as a whole: approval, promise, task, effect by hand, wait, assign, close, links. Owns their fields.
import { useQuery } from '@tanstack/react-query'
import { type JSX, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { choices, valueWord } from '@/api/catalogue'
import {
  askApproval,
  assign,
  close,
  doneTask,
  keepPromise,
  link,
  merge,
  promise,
  renegotiate,
  reopen,
  settleEffect,
  sideMessage,
  sideThread,
  split,
  task,
  wait,
} from '@/api/commands'
import { staffQuery } from '@/api/queries'
import { both, word } from '@/i18n'
import { AreaField, Check, MoneyField, Segments, SelectField, TextField } from '@/parts/form'
import { BecauseLines, Line } from '@/parts/Lines'
import { typed, typedMinor, yuan } from '@/parts/money'
import { ended } from '../Requests'
import { useWork } from '../work'
import { FactPicker, type Found } from './FactPicker'
import { Sheet } from './Sheet'
import { withCurrent } from './talk'

interface Props {
  onClose: () => void
}

const TEAMS = ['agent', 'supervisor', 'warehouse', 'finance', 'parcel_desk', 'reviewer', 'quality', 'operations', 'technician']
const teams = () => TEAMS.map((it) => ({ value: it, label: word('team', it) }))
const hours = (text: string): number | undefined => (/^\d{1,4}$/.test(text.trim()) && Number(text) > 0 ? Number(text) : undefined)

export function ApprovalSheet({
  subject: given,
  subjectId,
  amountMinor,
  means,
  onClose,
}: Props & { subject: string; subjectId?: string; amountMinor?: number; means?: string }): JSX.Element {
  const { t } = useTranslation()
  const [subject, setSubject] = useState(given)
  const [money, setMoney] = useState(typed(amountMinor))
  const [note, setNote] = useState('')
  const minor = typedMinor(money)
  return (
    <Sheet
      title={t('action.approval')}
      note={t('sheet.approval.note')}
      command={askApproval}
      submit={t('sheet.approval.submit')}
      body={() =>
        minor !== undefined && note.trim()
          ? {
              subject,
              amount_minor: minor,
              note: note.trim(),
              ...(subjectId ? { subject_id: subjectId } : {}),
              ...(means && subject === 'payout' ? { means } : {}),
            }
          : undefined
      }
      onClose={onClose}
    >
      {subjectId ? null : (
        <SelectField
          label={t('sheet.approval.subject')}
          value={subject}
          onChange={setSubject}
          options={['refund', 'payout'].map((it) => ({ value: it, label: word('subject', it) }))}
        />
      )}
      <MoneyField label={t('sheet.amount')} value={money} onChange={setMoney} />
      <AreaField label={t('sheet.approval.why')} value={note} onChange={setNote} placeholder={t('sheet.approval.why_hint')} />
    </Sheet>
  )
}

export function PromiseSheet({ onClose }: Props): JSX.Element {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [team, setTeam] = useState('agent')
  const [due, setDue] = useState('24')
  const [money, setMoney] = useState('')
  return (
    <Sheet
      title={t('action.promise')}
      note={t('sheet.promise.note')}
      command={promise}
      submit={t('sheet.save')}
      body={() =>
        text.trim() && hours(due)
          ? {
              text: text.trim(),
              team,
              due_in_h: hours(due),
              ...(typedMinor(money) !== undefined ? { amount_minor: typedMinor(money) } : {}),
            }
          : undefined
      }
      onClose={onClose}
    >
      <TextField label={t('sheet.promise.text')} value={text} onChange={setText} autoFocus />
      <div className="two">
        <SelectField label={t('sheet.team')} value={team} onChange={setTeam} options={teams()} />
        <TextField label={t('sheet.due_in_h')} value={due} onChange={setDue} inputMode="numeric" />
      </div>
      <MoneyField label={t('request.amount')} value={money} onChange={setMoney} />
    </Sheet>
  )
}

export function KeepPromiseSheet({ promiseId, onClose }: Props & { promiseId: string }): JSX.Element {
  const { t } = useTranslation()
  const [proof, setProof] = useState('')
  return (
    <Sheet
      title={t('promise.keep')}
      command={keepPromise(promiseId)}
      submit={t('promise.keep')}
      body={() => (proof.trim() ? { proof: proof.trim() } : undefined)}
      onClose={onClose}
    >
      <TextField
        label={t('sheet.promise.proof')}
        value={proof}
        onChange={setProof}
        autoFocus
        hint={t('sheet.promise.proof_hint')}
      />
    </Sheet>
  )
}

export function RenegotiateSheet({ promiseId, onClose }: Props & { promiseId: string }): JSX.Element {
  const { t } = useTranslation()
  const [due, setDue] = useState('24')
  const [reason, setReason] = useState('')
  return (
    <Sheet
      title={t('promise.renegotiate')}
      note={t('sheet.promise.renegotiate_note')}
      command={renegotiate(promiseId)}
      submit={t('sheet.save')}
      body={() => (reason.trim() && hours(due) ? { due_in_h: hours(due), reason: reason.trim() } : undefined)}
      onClose={onClose}
    >
      <TextField label={t('sheet.due_in_h')} value={due} onChange={setDue} inputMode="numeric" autoFocus />
      <TextField label={t('sheet.reason')} value={reason} onChange={setReason} />
    </Sheet>
  )
}

export function TaskSheet({ team: given, text: words, onClose }: Props & { team?: string; text?: string }): JSX.Element {
  const { t } = useTranslation()
  const { view } = useWork()
  const step = given ? undefined : view.advice?.steps.find((it) => !it.done && it.team)
  // Nobody but the parcel desk speaks with carriers; the platform and the buyer have no task list.
  const own = given === 'carrier' ? 'parcel_desk' : given
  const [team, setTeam] = useState(TEAMS.includes(own ?? '') ? (own ?? '') : (step?.team ?? 'warehouse'))
  const [text, setText] = useState(words ?? (step ? both(step.title) : ''))
  const [due, setDue] = useState('24')
  const [tell, setTell] = useState(true)
  return (
    <Sheet
      title={t('action.task')}
      note={t('sheet.task.note')}
      command={task}
      submit={t('sheet.task.submit')}
      body={() =>
        text.trim() ? { team, text: text.trim(), tell_buyer: tell, ...(hours(due) ? { due_in_h: hours(due) } : {}) } : undefined
      }
      onClose={onClose}
    >
      <div className="two">
        <SelectField label={t('sheet.team')} value={team} onChange={setTeam} options={teams()} />
        <TextField label={t('sheet.due_in_h')} value={due} onChange={setDue} inputMode="numeric" />
      </div>
      <AreaField label={t('sheet.task.text')} value={text} onChange={setText} />
      <Check checked={tell} onChange={setTell}>
        {t('sheet.task.tell')}
      </Check>
    </Sheet>
  )
}

export function DoneTaskSheet({ taskId, onClose }: Props & { taskId: string }): JSX.Element {
  const { t } = useTranslation()
  const { view } = useWork()
  const [note, setNote] = useState('')
  const [found, setFound] = useState<Found>({})
  const team = view.tasks.find((it) => it.id === taskId)?.team
  const asked = view.advice?.facts.find((it) => it.of === team)?.facts[0]
  return (
    <Sheet
      title={t('task.done')}
      command={doneTask(taskId)}
      submit={t('task.done')}
      body={() => (note.trim() ? { note: note.trim(), ...(Object.keys(found).length ? { facts: found } : {}) } : undefined)}
      onClose={onClose}
    >
      <AreaField label={t('sheet.task.result')} value={note} onChange={setNote} />
      <FactPicker first={asked} found={found} onChange={setFound} />
    </Sheet>
  )
}

export function SettleSheet({
  effectId,
  outcome,
  onClose,
}: Props & { effectId: string; outcome: 'succeeded' | 'rejected' }): JSX.Element {
  const { t } = useTranslation()
  const { view } = useWork()
  const [serial, setSerial] = useState('')
  const [note, setNote] = useState('')
  const effect = view.effects.find((it) => it.id === effectId)
  const paid = outcome === 'succeeded'
  return (
    <Sheet
      title={t(paid ? 'effect.was_done' : 'effect.was_not_done')}
      note={t('sheet.settle.note')}
      command={settleEffect(effectId)}
      submit={t('sheet.settle.submit')}
      body={() => ((paid ? serial.trim() : note.trim()) ? { outcome, serial: serial.trim(), note: note.trim() } : undefined)}
      onClose={onClose}
    >
      <div className="row">
        <b>{effect ? word('effect', effect.kind) : ''}</b>
        <b className="num lg">{yuan(effect?.amount_minor)}</b>
      </div>
      <TextField
        label={t('sheet.settle.serial')}
        value={serial}
        onChange={setSerial}
        autoFocus
        hint={paid ? t('sheet.settle.serial_hint') : undefined}
      />
      <AreaField label={t('sheet.note')} value={note} onChange={setNote} rows={2} />
    </Sheet>
  )
}

export function WaitSheet({ onClose }: Props): JSX.Element {
  const { t } = useTranslation()
  const [on, setOn] = useState('buyer')
  const [until, setUntil] = useState('24')
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
  const { view } = useWork()
  const closing = view.advice?.closing
  const [result, setResult] = useState(closing?.results[0]?.id ?? '')
  const [words, setWords] = useState('')
  const by = closing?.by.length ? closing.by : ['buyer', 'platform', 'timeout']
  const [confirmation, setConfirmation] = useState(by[0] ?? 'buyer')
  const [satisfaction, setSatisfaction] = useState('')
  const [cause, setCause] = useState(view.case.cause)
  const live = <T extends { state: string }>(rows: readonly T[], states: string[]) =>
    rows.filter((it) => states.includes(it.state)).length
  const obstacles: [number, string][] = [
    [live(view.effects, ['unknown', 'needs_person']), 'unknown'],
    [live(view.effects, ['held', 'queued', 'in_flight', 'awaiting_person']), 'running'],
    [view.case.open_promises, 'promises'],
    [live(view.approvals, ['pending']), 'approvals'],
    [live(view.reservations, ['held', 'live', 'reserved', 'open']), 'reservations'],
    [view.requests.filter((it) => !ended(it)).length, 'requests'],
    [live(view.tasks, ['open', 'taken']), 'tasks'],
  ]
  const standing = obstacles.filter(([count]) => count > 0)
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
      {standing.length ? (
        <div className="card pad">
          <b>{t('sheet.close.obstacles')}</b>
          {standing.map(([count, name]) => (
            <Line key={name} kind="no">
              {t(`sheet.close.${name}` as never, { count })}
            </Line>
          ))}
        </div>
      ) : (
        <Line kind="yes">{t('sheet.close.clear')}</Line>
      )}
      {closing?.needs?.length ? <BecauseLines lines={closing.needs} /> : null}
      {closing?.results.length ? (
        <SelectField
          label={t('sheet.close.result')}
          value={result}
          onChange={setResult}
          options={closing.results.map((it) => ({ value: it.id, label: both(it.title) }))}
        />
      ) : null}
      {result ? null : <TextField label={t('sheet.close.words')} value={words} onChange={setWords} />}
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

export function MergeSheet({ onClose }: Props): JSX.Element {
  const { t } = useTranslation()
  const { view } = useWork()
  const [into, setInto] = useState(view.links?.[0]?.case_id ?? '')
  return (
    <Sheet
      title={t('action.merge')}
      note={t('sheet.merge.note')}
      command={merge}
      submit={t('action.merge')}
      body={() => (into.trim() ? { into: into.trim() } : undefined)}
      onClose={onClose}
    >
      <TextField label={t('sheet.merge.into')} value={into} onChange={setInto} hint={t('sheet.case_hint')} autoFocus />
    </Sheet>
  )
}

export function LinkSheet({ onClose }: Props): JSX.Element {
  const { t } = useTranslation()
  const [other, setOther] = useState('')
  const [kind, setKind] = useState('related')
  return (
    <Sheet
      title={t('action.link')}
      command={link}
      submit={t('sheet.save')}
      body={() => (other.trim() ? { other: other.trim(), kind } : undefined)}
      onClose={onClose}
    >
      <TextField label={t('sheet.link.other')} value={other} onChange={setOther} hint={t('sheet.case_hint')} autoFocus />
      <SelectField
        label={t('sheet.link.kind')}
        value={kind}
        onChange={setKind}
        options={['related', 'incident', 'reorder', 'duplicate'].map((it) => ({ value: it, label: word('link', it) }))}
      />
    </Sheet>
  )
}

export function SplitSheet({ onClose }: Props): JSX.Element {
  const { t } = useTranslation()
  const { view } = useWork()
  const [chosen, setChosen] = useState<string[]>([])
  return (
    <Sheet
      title={t('action.split')}
      note={t('sheet.split.note')}
      command={split}
      submit={t('action.split')}
      body={() => (chosen.length ? { request_ids: chosen } : undefined)}
      onClose={onClose}
    >
      {view.requests.map((it) => (
        <Check
          key={it.id}
          checked={chosen.includes(it.id)}
          onChange={(on) => setChosen(on ? [...chosen, it.id] : chosen.filter((id) => id !== it.id))}
        >
          {word('request_kind', it.kind)} {valueWord('request.problem', it.reason)}
        </Check>
      ))}
    </Sheet>
  )
}

export function SideThreadSheet({ onClose }: Props): JSX.Element {
  const { t } = useTranslation()
  const [party, setParty] = useState('carrier')
  const [subject, setSubject] = useState('')
  return (
    <Sheet
      title={t('action.side_thread')}
      note={t('sheet.thread.note')}
      command={sideThread}
      submit={t('sheet.save')}
      body={() => (subject.trim() ? { party, subject: subject.trim() } : undefined)}
      onClose={onClose}
    >
      <SelectField
        label={t('sheet.thread.party')}
        value={party}
        onChange={setParty}
        options={['carrier', 'supplier', 'technician'].map((it) => ({ value: it, label: word('party', it) }))}
      />
      <TextField label={t('sheet.thread.subject')} value={subject} onChange={setSubject} autoFocus />
    </Sheet>
  )
}

export function SideMessageSheet({ threadId, onClose }: Props & { threadId: string }): JSX.Element {
  const { t } = useTranslation()
  const [direction, setDirection] = useState<'out' | 'in'>('out')
  const [text, setText] = useState('')
  return (
    <Sheet
      title={t('thread.write')}
      note={t('sheet.thread.note')}
      command={sideMessage(threadId)}
      submit={t('sheet.save')}
      body={() => (text.trim() ? { direction, text: text.trim() } : undefined)}
      onClose={onClose}
    >
      <Segments
        label={t('thread.direction')}
        value={direction}
        onChange={setDirection}
        options={(['out', 'in'] as const).map((it) => ({ value: it, label: t(`thread.${it}`) }))}
      />
      <AreaField label={t('thread.text')} value={text} onChange={setText} />
    </Sheet>
  )
}
