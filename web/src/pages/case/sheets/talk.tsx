import { type JSX, useState } from 'react'
import { choices, valueWord } from '@/api/catalogue'
import { changeRequest, classify, contact, diagnosis, evidence, facts, request } from '@/api/commands'
import type { Request } from '@/api/types'
import { useScenarios } from '@/app/me'
import { both, useTranslation, word } from '@/i18n'
import { AreaField, Button, Check, Field, MoneyField, SelectField, TextField } from '@/parts/form'
import { typed, typedMinor } from '@/parts/money'
import { useWork } from '../work'
import { FactPicker, type Found } from './FactPicker'
import { fromLines, LinesPick, type Picked, pickedLines } from './LinesPick'
import { ReasonField, reasonCode } from './ReasonField'
import { Sheet } from './Sheet'

interface Props {
  onClose: () => void
}

export const REQUEST_KINDS = [
  'refund_only',
  'return_refund',
  'exchange',
  'reship',
  'repair',
  'compensation',
  'price_difference',
  'freight',
  'order_change',
  'inquiry',
  'help',
  'complaint',
]

export function RequestSheet({ onClose }: Props): JSX.Element {
  const { t } = useTranslation()
  const { view } = useWork()
  const [kind, setKind] = useState('return_refund')
  const [reason, setReason] = useState('')
  const [money, setMoney] = useState('')
  const [picked, setPicked] = useState<Picked>({})
  return (
    <Sheet
      title={t('action.request')}
      command={request}
      submit={t('sheet.save')}
      body={() =>
        reason.trim()
          ? {
              kind,
              reason: reasonCode(reason),
              lines: pickedLines(picked),
              ...(typedMinor(money) !== undefined ? { amount_minor: typedMinor(money) } : {}),
            }
          : undefined
      }
      onClose={onClose}
    >
      <SelectField
        label={t('request.kind')}
        value={kind}
        onChange={setKind}
        options={REQUEST_KINDS.map((it) => ({ value: it, label: word('request_kind', it) }))}
      />
      <ReasonField label={t('sheet.reason')} value={reason} onChange={setReason} />
      <MoneyField label={t('request.amount')} value={money} onChange={setMoney} hint={t('request.amount_hint')} />
      {view.order ? (
        <LinesPick
          lines={view.order.lines}
          picked={picked}
          onChange={setPicked}
          most={(line) => Math.max(line.returnable, line.quantity - line.requested - line.received)}
        />
      ) : null}
    </Sheet>
  )
}

export function ChangeRequestSheet({ request: it, onClose }: Props & { request: Request }): JSX.Element {
  const { t } = useTranslation()
  const { view } = useWork()
  const [kind, setKind] = useState(it.kind)
  const [money, setMoney] = useState(typed(it.amount_minor))
  const [picked, setPicked] = useState<Picked>(fromLines(it.lines))
  const lines = pickedLines(picked)
  return (
    <Sheet
      title={t('request.change')}
      note={t('request.change_note')}
      command={changeRequest(it.id)}
      submit={t('sheet.save')}
      body={() => ({
        ...(kind !== it.kind ? { kind } : {}),
        ...(typedMinor(money) !== undefined && typedMinor(money) !== it.amount_minor ? { amount_minor: typedMinor(money) } : {}),
        ...(JSON.stringify(lines) !== JSON.stringify(it.lines) ? { lines } : {}),
      })}
      onClose={onClose}
    >
      <SelectField
        label={t('request.kind')}
        value={kind}
        onChange={setKind}
        options={REQUEST_KINDS.map((one) => ({ value: one, label: word('request_kind', one) }))}
      />
      <MoneyField label={t('request.amount')} value={money} onChange={setMoney} />
      {view.order ? <LinesPick lines={view.order.lines} picked={picked} onChange={setPicked} /> : null}
    </Sheet>
  )
}

/** Bytes of one file of evidence; larger ones stay where they are and are named only. */
const FILE_LIMIT = 8 * 1024 * 1024

/** The kinds that the desk knows. */
const EVIDENCE_KINDS = [
  'photo',
  'outer_box',
  'waybill',
  'video',
  'unpacking_video',
  'screenshot',
  'price',
  'document',
  'weight_slip',
  'bill',
  'medical',
  'alternative',
]

export function EvidenceSheet({ onClose }: Props): JSX.Element {
  const { t } = useTranslation()
  const [kind, setKind] = useState('photo')
  const [giver, setGiver] = useState('buyer')
  const [name, setName] = useState('')
  const [file, setFile] = useState<{ base64: string; type: string } | null>(null)
  const [problem, setProblem] = useState('')
  const take = (chosen: File | undefined) => {
    if (!chosen) return
    setProblem('')
    if (chosen.size > FILE_LIMIT) return setProblem(t('sheet.evidence.too_large'))
    setName(chosen.name)
    if (chosen.type.startsWith('video/')) setKind('video')
    const reader = new FileReader()
    reader.onload = () =>
      setFile({ base64: String(reader.result).split(',')[1] ?? '', type: chosen.type || 'application/octet-stream' })
    reader.readAsDataURL(chosen)
  }
  return (
    <Sheet
      title={t('action.evidence')}
      note={t('sheet.evidence.note')}
      command={evidence}
      submit={t('sheet.save')}
      body={() =>
        name.trim()
          ? { kind, giver, name: name.trim(), ...(file ? { media_type: file.type, base64: file.base64 } : {}) }
          : undefined
      }
      onClose={onClose}
    >
      <fieldset
        className="drop"
        onPaste={(event) => take(event.clipboardData.files[0])}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault()
          take(event.dataTransfer.files[0])
        }}
      >
        <Field label={t('sheet.evidence.file')} hint={t('sheet.evidence.paste')} error={problem}>
          {(id) => (
            <input
              id={id}
              type="file"
              accept="image/*,video/*,application/pdf"
              onChange={(event) => take(event.target.files?.[0])}
            />
          )}
        </Field>
      </fieldset>
      <TextField label={t('sheet.evidence.name')} value={name} onChange={setName} />
      <div className="two">
        <SelectField
          label={t('sheet.evidence.kind')}
          value={kind}
          onChange={setKind}
          options={EVIDENCE_KINDS.map((it) => ({
            value: it,
            label: word('evidence', it),
          }))}
        />
        <SelectField
          label={t('sheet.evidence.giver')}
          value={giver}
          onChange={setGiver}
          options={['buyer', 'agent', 'warehouse', 'carrier', 'technician', 'platform', 'supplier'].map((it) => ({
            value: it,
            label: word('giver', it),
          }))}
        />
      </div>
    </Sheet>
  )
}

export function ClassifySheet({ onClose }: Props): JSX.Element {
  const { t } = useTranslation()
  const scenarios = useScenarios()
  const { view } = useWork()
  const it = view.case
  const [scenario, setScenario] = useState(it.scenario)
  const [severity, setSeverity] = useState(String(it.severity))
  const [emotion, setEmotion] = useState(it.emotion || 'calm')
  const [kind, setKind] = useState(it.complaint_class)
  return (
    <Sheet
      title={t('action.classify')}
      note={t('sheet.classify.note')}
      command={classify}
      submit={t('sheet.save')}
      body={() => ({
        ...(scenario !== it.scenario ? { scenario } : {}),
        ...(Number(severity) !== it.severity ? { severity: Number(severity) } : {}),
        ...(emotion !== it.emotion ? { emotion } : {}),
        ...(kind && kind !== it.complaint_class ? { class: kind } : {}),
      })}
      onClose={onClose}
    >
      <SelectField
        label={t('sheet.classify.scenario')}
        value={scenario}
        onChange={setScenario}
        options={withCurrent(scenarios.all, scenario)}
      />
      <SelectField
        label={t('sheet.classify.severity')}
        value={severity}
        onChange={setSeverity}
        options={['1', '2', '3', '4'].map((level) => ({ value: level, label: t(`sheet.classify.severity_${level}` as never) }))}
      />
      <div className="two">
        <SelectField
          label={t('sheet.classify.emotion')}
          value={emotion}
          onChange={setEmotion}
          options={withCurrent(choices('buyer.mood'), emotion)}
        />
        <SelectField
          label={t('sheet.classify.class')}
          value={kind}
          onChange={setKind}
          empty="—"
          options={withCurrent(choices('case.class'), kind)}
        />
      </div>
    </Sheet>
  )
}

/** Choices with the present value among them, whatever it is. */
export function withCurrent(options: { value: string; label: string }[], current: string) {
  return !current || options.some((option) => option.value === current)
    ? options
    : [{ value: current, label: current }, ...options]
}

export function DiagnosisSheet({ onClose }: Props): JSX.Element {
  const { t } = useTranslation()
  const { view } = useWork()
  const proposed = view.advice?.causes.filter((it) => it.ok !== false) ?? []
  const [cause, setCause] = useState(view.case.cause || proposed[0]?.cause || '')
  const [party, setParty] = useState(view.case.party || proposed[0]?.party || '')
  const [verified, setVerified] = useState(true)
  const [note, setNote] = useState('')
  return (
    <Sheet
      title={t('action.diagnose')}
      note={t('sheet.diagnosis.note')}
      command={diagnosis}
      submit={t('sheet.save')}
      body={() => (cause && party ? { cause, party, note: note.trim(), verified } : undefined)}
      onClose={onClose}
    >
      {proposed.length ? (
        <div className="stack">
          <span className="xs q">{t('sheet.diagnosis.proposed')}</span>
          <div className="row wrap">
            {proposed.map((it) => (
              <Button
                why={both(it.note)}
                key={`${it.cause}${it.party}`}
                small
                look={it.cause === cause && it.party === party ? 'primary' : 'plain'}
                onClick={() => {
                  setCause(it.cause)
                  setParty(it.party)
                }}
              >
                {valueWord('diagnosis.cause', it.cause)}·{valueWord('diagnosis.party', it.party)}
              </Button>
            ))}
          </div>
        </div>
      ) : null}
      <div className="two">
        <SelectField
          label={t('sheet.diagnosis.cause')}
          value={cause}
          onChange={setCause}
          empty="—"
          options={withCurrent(choices('diagnosis.cause'), cause)}
        />
        <SelectField
          label={t('sheet.diagnosis.party')}
          value={party}
          onChange={setParty}
          empty="—"
          options={withCurrent(choices('diagnosis.party'), party)}
        />
      </div>
      <Check checked={verified} onChange={setVerified}>
        {t('sheet.diagnosis.verified')}
      </Check>
      <AreaField label={t('sheet.note')} value={note} onChange={setNote} />
    </Sheet>
  )
}

/** Recording what somebody found out; only facts that a person can know. */
export function FactsSheet({ fact, onClose }: Props & { fact?: string }): JSX.Element {
  const { t } = useTranslation()
  const [found, setFound] = useState<Found>({})
  return (
    <Sheet
      title={t('action.facts')}
      note={t('sheet.facts.note')}
      command={facts}
      submit={t('sheet.save')}
      body={() => (Object.keys(found).length ? { facts: found } : undefined)}
      onClose={onClose}
    >
      <FactPicker first={fact} found={found} onChange={setFound} />
    </Sheet>
  )
}

/** The call: the scenario's flow with what to say and what came of it. */
export function CallSheet({ onClose }: Props): JSX.Element {
  const { t } = useTranslation()
  const { view, open } = useWork()
  const [note, setNote] = useState('')
  const [outcome, setOutcome] = useState('')
  const flow = view.advice?.call ?? []
  return (
    <Sheet
      title={t('action.call')}
      note={t('sheet.call.note')}
      command={contact}
      submit={t('sheet.call.submit')}
      body={() => {
        const text = [outcome, note.trim()].filter(Boolean).join('：')
        return text ? { direction: 'out', channel: 'phone', text } : undefined
      }}
      onDone={() => open({ name: 'wait' })}
      onClose={onClose}
    >
      <ol className="flow">
        {flow.map((step) => (
          <li key={step.id}>
            <b>{both(step.title)}</b>
            {step.say ? <div className="xs q2">{both(step.say)}</div> : null}
            {step.outcomes?.length ? (
              <div className="row wrap">
                {step.outcomes.map((it) => (
                  <Button
                    key={it.id}
                    small
                    look={outcome === both(it.title) ? 'primary' : 'plain'}
                    onClick={() => setOutcome(both(it.title))}
                  >
                    {both(it.title)}
                  </Button>
                ))}
              </div>
            ) : null}
          </li>
        ))}
      </ol>
      {view.advice?.bottom_line ? (
        <div className="xs warn">{t('ladder.bottom_line', { text: both(view.advice.bottom_line) })}</div>
      ) : null}
      <AreaField label={t('sheet.call.result')} value={note} onChange={setNote} />
    </Sheet>
  )
}
