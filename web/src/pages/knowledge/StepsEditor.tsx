// The steps of a macro being written: one row each, moved and taken out by buttons. Owns the fields of each kind.
import { useQuery } from '@tanstack/react-query'
import type { JSX } from 'react'
import { choices } from '@/api/catalogue'
import { FLAGS } from '@/api/commands'
import type { Step } from '@/api/knowledge'
import { staffQuery } from '@/api/queries'
import { useTranslation, word } from '@/i18n'
import { Button } from '@/parts/form'
import { flagWord, fresh, MOST_STEPS, STEP_KINDS, type StepKind } from './steps'

const PARTIES = ['buyer', 'agent', 'supervisor', 'warehouse', 'finance', 'carrier', 'technician', 'platform']

export function StepsEditor({ steps, onChange }: { steps: Step[]; onChange: (steps: Step[]) => void }): JSX.Element {
  const { t } = useTranslation()
  const put = (at: number, step: Step) => onChange(steps.map((one, place) => (place === at ? step : one)))
  return (
    <fieldset className="steps">
      <legend>{t('together.step.title')}</legend>
      <p className="xs q">{t('together.step.hint')}</p>
      <ol>
        {steps.map((step, at) => (
          <li key={at} className="row">
            <span className="num q xs">{at + 1}</span>
            <b className="nw">{t(`together.step.kinds.${step.do}`)}</b>
            <StepFields step={step} onChange={(next) => put(at, next)} />
            <Button small look="ghost" onClick={() => onChange(steps.filter((_, place) => place !== at))}>
              {t('together.step.remove')}
            </Button>
          </li>
        ))}
      </ol>
      {steps.length < MOST_STEPS ? (
        <select
          className="in sm"
          value=""
          aria-label={t('together.step.add')}
          onChange={(event) => onChange([...steps, fresh(event.target.value as StepKind)])}
        >
          <option value="">{t('together.step.add')}</option>
          {STEP_KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {t(`together.step.kinds.${kind}`)}
            </option>
          ))}
        </select>
      ) : null}
    </fieldset>
  )
}

function StepFields({ step, onChange }: { step: Step; onChange: (step: Step) => void }): JSX.Element {
  const { t } = useTranslation()
  const { data: staff } = useQuery({ ...staffQuery, enabled: step.do === 'assign' })
  const label = t(`together.step.kinds.${step.do}`)
  const words = (value: string, change: (value: string) => Step) => (
    <input
      className="in sm grow"
      value={value}
      maxLength={500}
      aria-label={t('together.step.words', { step: label })}
      placeholder={t('together.step.words_hint')}
      onChange={(event) => onChange(change(event.target.value))}
    />
  )
  const choose = (value: string, options: { value: string; label: string }[], change: (value: string) => Step, name = label) => (
    <select className="in sm" value={value} aria-label={name} onChange={(event) => onChange(change(event.target.value))}>
      {options.map((it) => (
        <option key={it.value} value={it.value}>
          {it.label}
        </option>
      ))}
    </select>
  )
  switch (step.do) {
    case 'note':
    case 'remark':
      return words(step.text, (text) => ({ ...step, text }))
    case 'flag':
      return choose(
        step.flag,
        FLAGS.map((value) => ({ value, label: flagWord(value) })),
        (flag) => ({ ...step, flag }),
      )
    case 'class':
      return choose(step.class, choices('case.class'), (value) => ({ ...step, class: value }))
    case 'assign':
      return choose(
        step.to,
        [
          { value: 'me', label: t('together.step.me') },
          ...(staff ?? []).filter((it) => !it.disabled).map((it) => ({ value: it.name, label: it.display_name })),
        ],
        (to) => ({ ...step, to }),
      )
    case 'wait':
      return (
        <>
          {choose(
            step.on,
            PARTIES.map((value) => ({ value, label: word('party', value) })),
            (on) => ({ ...step, on }),
          )}
          <input
            className="in sm num hours"
            type="number"
            min={1}
            max={1440}
            value={step.until_h || ''}
            aria-label={t('together.step.hours')}
            onChange={(event) => onChange({ ...step, until_h: Number(event.target.value) })}
          />
          <span className="xs q nw">{t('together.step.hours')}</span>
          {words(step.reason, (reason) => ({ ...step, reason }))}
        </>
      )
  }
}
