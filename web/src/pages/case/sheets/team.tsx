// Small forms about work of people: approval, promise, task, an effect by hand. Owns their fields.
import { type JSX, useState } from 'react'
import { askApproval, doneTask, keepPromise, promise, renegotiate, settleEffect, task } from '@/api/commands'
import { both, t as i18n, useTranslation, word } from '@/i18n'
import { AreaField, Check, MoneyField, SelectField, TextField } from '@/parts/form'
import { typed, typedMinor, yuan } from '@/parts/money'
import { useWork } from '../work'
import { FactPicker, type Found } from './FactPicker'
import { Sheet } from './Sheet'

interface Props {
  onClose: () => void
}

const TEAMS = ['agent', 'supervisor', 'warehouse', 'finance', 'parcel_desk', 'reviewer', 'quality', 'operations', 'technician']
const teams = () => TEAMS.map((it) => ({ value: it, label: word('team', it) }))

/** Whole hours as typed; nothing where it is no such number. */
export const hours = (text: string): number | undefined =>
  /^\d{1,4}$/.test(text.trim()) && Number(text) > 0 ? Number(text) : undefined

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

export function TaskSheet({
  team: given,
  text: words,
  kind,
  onClose,
}: Props & { team?: string; text?: string; kind?: string }): JSX.Element {
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
        text.trim()
          ? {
              team,
              text: text.trim(),
              tell_buyer: tell,
              ...(kind ? { kind } : {}),
              ...(hours(due) ? { due_in_h: hours(due) } : {}),
            }
          : undefined
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

/** What is asked of whoever has done it: for an invoice its number; that it was sent is recorded with the task. */
export const resultLabel = (kind?: string | null): string => i18n(kind === 'invoice' ? 'sheet.task.invoice' : 'sheet.task.result')

export function DoneTaskSheet({ taskId, onClose }: Props & { taskId: string }): JSX.Element {
  const { t } = useTranslation()
  const { view } = useWork()
  const [note, setNote] = useState('')
  const [found, setFound] = useState<Found>({})
  const row = view.tasks.find((it) => it.id === taskId)
  const team = row?.team
  const asked = view.advice?.facts.find((it) => it.of === team)?.facts[0]
  return (
    <Sheet
      title={t('task.done')}
      command={doneTask(taskId)}
      submit={t('task.done')}
      body={() => (note.trim() ? { note: note.trim(), ...(Object.keys(found).length ? { facts: found } : {}) } : undefined)}
      onClose={onClose}
    >
      <AreaField label={resultLabel(row?.kind)} value={note} onChange={setNote} />
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
