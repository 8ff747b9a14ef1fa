// What is done to the chosen cases, and with what. Owns the choice; every choice is complete as soon as it can be.
import { useQuery } from '@tanstack/react-query'
import { type JSX, useEffect, useRef, useState } from 'react'
import { deskNow } from '@/api/client'
import { FLAGS } from '@/api/commands'
import { playbooksQuery, staffQuery } from '@/api/queries'
import { useKeys } from '@/app/keys'
import { useMe } from '@/app/me'
import { both, useTranslation, word } from '@/i18n'
import { Segments, SelectField } from '@/parts/form'
import { hoursToMorning } from '../../case/sheets/course'
import type { What } from './jobs'

const ACTIONS = [
  { name: 'refund', right: 'refund' },
  { name: 'close', right: 'close' },
  { name: 'assign', right: 'assign' },
  { name: 'flag', right: 'flag' },
  { name: 'wait', right: 'wait' },
] as const
type Name = (typeof ACTIONS)[number]['name']

export function useActions(): Name[] {
  const me = useMe()
  return ACTIONS.filter((it) => me.can(it.right)).map((it) => it.name)
}

/** The choice an action begins with; nothing where something has to be chosen first. */
export function beginning(name: Name, me: string, reason: string): What | undefined {
  if (name === 'refund') return { do: 'refund' }
  if (name === 'assign') return { do: 'assign', staff: me }
  if (name === 'flag') return { do: 'flag', flag: 'red' }
  if (name === 'wait') return { do: 'wait', on: 'agent', until_h: hoursToMorning(deskNow()), reason }
  return undefined
}

export function Choose({
  name,
  what,
  scenarios,
  onName,
  onWhat,
}: {
  name: Name
  what: What | undefined
  scenarios: readonly string[]
  onName: (name: Name) => void
  onWhat: (what: What) => void
}): JSX.Element {
  const { t } = useTranslation()
  const names = useActions()
  useKeys(Object.fromEntries(names.map((it, at) => [String(at + 1), () => onName(it)])))
  return (
    <div className="bkc">
      <Segments
        label={t('bulk.action_label')}
        value={name}
        options={names.map((it, at) => ({
          value: it,
          label: (
            <>
              {t(`bulk.action.${it}`)} <kbd>{at + 1}</kbd>
            </>
          ),
        }))}
        onChange={onName}
      />
      {what?.do === 'flag' ? (
        <SelectField
          label={t('bulk.flag')}
          value={what.flag}
          onChange={(flag) => onWhat({ do: 'flag', flag })}
          options={FLAGS.map((it) => ({ value: it, label: word('flag', it) }))}
        />
      ) : null}
      {what?.do === 'assign' ? <Staff staff={what.staff} onStaff={(staff) => onWhat({ do: 'assign', staff })} /> : null}
      {what?.do === 'wait' ? (
        <div className="two">
          <SelectField
            label={t('bulk.wait_on')}
            value={what.on}
            onChange={(on) => onWhat({ ...what, on })}
            options={['agent', 'buyer', 'carrier', 'platform', 'warehouse'].map((it) => ({
              value: it,
              label: word('party', it),
            }))}
          />
          <SelectField
            label={t('bulk.wait_until')}
            value={String(what.until_h)}
            onChange={(hours) => onWhat({ ...what, until_h: Number(hours) })}
            options={[...new Set([2, 4, hoursToMorning(deskNow()), 48, 72])]
              .sort((a, b) => a - b)
              .map((it) => ({
                value: String(it),
                label: it === hoursToMorning(deskNow()) ? t('bulk.morning') : t('bulk.hours', { count: it }),
              }))}
          />
        </div>
      ) : null}
      {name === 'close' ? <Ending scenarios={scenarios} onWhat={onWhat} /> : null}
    </div>
  )
}

function Staff({ staff, onStaff }: { staff: string; onStaff: (name: string) => void }): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const { data } = useQuery(staffQuery)
  const people = (data ?? []).filter((it) => !it.disabled)
  const all = people.some((it) => it.name === me.name) ? people : [{ ...me, agent_no: '' }, ...people]
  return (
    <SelectField
      label={t('bulk.assign_to')}
      value={staff}
      onChange={onStaff}
      options={all.map((it) => ({
        value: it.name,
        label: it.name === me.name ? t('bulk.me', { name: it.display_name }) : `${it.display_name} ${word('role', it.role)}`,
      }))}
    />
  )
}

/** The result has to be said by a person; it is chosen among those of the scenarios at hand. */
function Ending({ scenarios, onWhat }: { scenarios: readonly string[]; onWhat: (what: What) => void }): JSX.Element {
  const { t } = useTranslation()
  const { data } = useQuery(playbooksQuery)
  const [confirmation, setConfirmation] = useState('buyer')
  const [result, setResult] = useState('')
  const choose = (next: string, by: string) => {
    setResult(next)
    setConfirmation(by)
    if (next) onWhat({ do: 'close', result: next, confirmation: by })
  }
  const found = new Map<string, string>()
  for (const playbook of data ?? [])
    if (scenarios.includes(playbook.scenario)) for (const it of playbook.results ?? []) found.set(it.id, both(it.title))
  // Nothing else can be done first.
  const form = useRef<HTMLDivElement>(null)
  useEffect(() => form.current?.querySelector('select')?.focus(), [])
  return (
    <div className="two" ref={form}>
      <SelectField
        label={t('sheet.close.result')}
        value={result}
        onChange={(next) => choose(next, confirmation)}
        empty={t('sheet.close.choose')}
        options={[...found].map(([value, label]) => ({ value, label }))}
      />
      <SelectField
        label={t('sheet.close.confirmation')}
        value={confirmation}
        onChange={(by) => choose(result, by)}
        options={['buyer', 'platform', 'timeout'].map((it) => ({ value: it, label: word('confirmation', it) }))}
      />
    </div>
  )
}
