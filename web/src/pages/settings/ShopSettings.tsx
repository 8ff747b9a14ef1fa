// A shop's policy switches, limits, return address and the rest as text. Owns the forms; what is sound the desk decides.
import { useQuery } from '@tanstack/react-query'
import { type JSX, useEffect, useState } from 'react'
import { catalogueQuery, choices, factWord } from '@/api/catalogue'
import { get } from '@/api/client'
import { useCommand } from '@/api/useCommand'
import { useMe } from '@/app/me'
import { useTranslation, word } from '@/i18n'
import { AreaField, Button, Field, SelectField } from '@/parts/form'
import { typed, typedMinor } from '@/parts/money'
import { Skeleton, Trouble } from '@/parts/Trouble'
import { type Demanded, DemandSettings } from './Demand'
import { HoldSettings } from './HoldSettings'
import { type Portal, PortalSettings } from './PortalSettings'

interface Limit {
  role: string
  kind: string
  per_case_minor: number
  per_day_minor: number
}

interface Settings {
  policy?: Record<string, unknown>
  authority?: { owner_mode?: boolean; over_cap?: string[]; limits?: Limit[] }
  return_address?: string
  portal?: Portal
  second_factor?: Demanded
  [part: string]: unknown
}

/** Switches with a closed set of values; others are edited as text below. */
const SWITCHES = [
  'promotion_on_partial_return',
  'freight_after_shipping',
  'second_request',
  'damaged_return',
  'payouts_reduce_refundable',
  'return_window_starts',
  'refund_before_return',
]
const ROLES = ['agent', 'senior', 'lead', 'supervisor', 'api']
const KINDS = ['refund', 'payout', 'virtual', 'goods']

export function ShopSettings(): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const [shop, setShop] = useState(me.shops[0]?.code ?? '')
  const path = `/shops/${encodeURIComponent(shop)}/settings`
  const { data, error } = useQuery({
    queryKey: ['settings', shop],
    queryFn: () => get<Settings | null>(path).then((it) => it ?? {}),
    enabled: shop !== '',
    retry: false,
  })
  const { run, busy, error: refused } = useCommand<Settings, unknown>(path, ['settings', shop])
  return (
    <div className="stack set1">
      <SelectField
        label={t('intake.shop')}
        value={shop}
        onChange={setShop}
        options={me.shops.map((it) => ({ value: it.code, label: it.title }))}
      />
      <Trouble error={error ?? refused} />
      {data || error ? null : <Skeleton rows={6} />}
      {data ? (
        <div className="set" key={`${shop}${JSON.stringify(data)}`}>
          <Switches settings={data} busy={busy} onSave={(policy) => void run({ policy })} />
          <Limits settings={data} busy={busy} onSave={(authority) => void run({ authority })} />
          <DemandSettings demand={data.second_factor} busy={busy} onSave={(second_factor) => void run({ second_factor })} />
          <Address settings={data} busy={busy} onSave={(return_address) => void run({ return_address })} />
          <HoldSettings seconds={data.hold_s} busy={busy} onSave={(hold_s) => void run({ hold_s })} />
          <PortalSettings shop={shop} portal={data.portal} busy={busy} onSave={(portal) => void run({ portal })} />
          <AsText settings={data} busy={busy} onSave={(all) => void run(all)} />
        </div>
      ) : null}
    </div>
  )
}

interface Part<T> {
  settings: Settings
  busy: boolean
  onSave: (part: T) => void
}

function Switches({ settings, busy, onSave }: Part<Record<string, unknown>>): JSX.Element {
  const { t } = useTranslation()
  const { data } = useQuery(catalogueQuery)
  const [policy, setPolicy] = useState<Record<string, unknown>>(settings.policy ?? {})
  const rows = (data ?? []).filter((row) => SWITCHES.includes(row.name.replace('policy.', '')))
  return (
    <section className="card pad stack wide">
      <b>{t('settings.switches')}</b>
      <div className="three">
        {rows.map((row) => {
          const name = row.name.replace('policy.', '')
          const value = policy[name]
          const change = (next: string) => {
            const { [name]: _, ...rest } = policy
            setPolicy(next === '' ? rest : { ...rest, [name]: row.type === 'bool' ? next === 'true' : next })
          }
          const options =
            row.type === 'bool'
              ? [
                  { value: 'true', label: t('yes') },
                  { value: 'false', label: t('no') },
                ]
              : choices(row.name)
          return (
            <SelectField
              key={name}
              label={factWord(row.name)}
              value={value === undefined ? '' : String(value)}
              onChange={change}
              empty={t('settings.default')}
              options={options}
            />
          )
        })}
      </div>
      <div>
        <Button look="primary" busy={busy} onClick={() => onSave(policy)}>
          {t('sheet.save')}
        </Button>
      </div>
    </section>
  )
}

function Limits({ settings, busy, onSave }: Part<NonNullable<Settings['authority']>>): JSX.Element {
  const { t } = useTranslation()
  const known = settings.authority?.limits ?? []
  const [cells, setCells] = useState<Record<string, string>>(() =>
    Object.fromEntries(
      known.flatMap((it) => [
        [`${it.role} ${it.kind} case`, typed(it.per_case_minor)],
        [`${it.role} ${it.kind} day`, typed(it.per_day_minor)],
      ]),
    ),
  )
  const limits = ROLES.flatMap((role) =>
    KINDS.flatMap((kind): Limit[] => {
      const perCase = typedMinor(cells[`${role} ${kind} case`] ?? '')
      const perDay = typedMinor(cells[`${role} ${kind} day`] ?? '')
      return perCase === undefined || perDay === undefined ? [] : [{ role, kind, per_case_minor: perCase, per_day_minor: perDay }]
    }),
  )
  const kept = known.filter((it) => !ROLES.includes(it.role))
  return (
    <section className="card pad stack wide">
      <b>{t('settings.limits')}</b>
      <span className="xs q">{t('settings.limits_note')}</span>
      <table className="grid">
        <thead>
          <tr>
            <th>{t('settings.role')}</th>
            {KINDS.map((kind) => (
              <th key={kind}>
                {word('spending', kind)} {t('settings.per_case')} / {t('settings.per_day')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ROLES.map((role) => (
            <tr key={role}>
              <td>{word('role', role)}</td>
              {KINDS.map((kind) => (
                <td key={kind}>
                  <span className="row">
                    {['case', 'day'].map((span) => (
                      <input
                        key={span}
                        className="in qty"
                        inputMode="decimal"
                        aria-label={`${word('role', role)} ${word('spending', kind)} ${t(span === 'case' ? 'settings.per_case' : 'settings.per_day')}`}
                        value={cells[`${role} ${kind} ${span}`] ?? ''}
                        onChange={(event) => setCells({ ...cells, [`${role} ${kind} ${span}`]: event.target.value })}
                      />
                    ))}
                  </span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <div>
        <Button
          look="primary"
          busy={busy}
          disabled={limits.length === 0}
          onClick={() => onSave({ ...settings.authority, limits: [...limits, ...kept] })}
        >
          {t('sheet.save')}
        </Button>
      </div>
    </section>
  )
}

function Address({ settings, busy, onSave }: Part<string>): JSX.Element {
  const { t } = useTranslation()
  const [text, setText] = useState(settings.return_address ?? '')
  return (
    <section className="card pad stack">
      <AreaField label={t('settings.return_address')} value={text} onChange={setText} />
      <div>
        <Button look="primary" busy={busy} disabled={!text.trim()} onClick={() => onSave(text.trim())}>
          {t('sheet.save')}
        </Button>
      </div>
    </section>
  )
}

function AsText({ settings, busy, onSave }: Part<Settings>): JSX.Element {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState('')
  useEffect(() => setText(JSON.stringify(settings, null, 2)), [settings])
  const save = () => {
    try {
      setWrong('')
      onSave(JSON.parse(text) as Settings)
    } catch (problem) {
      setWrong(String(problem))
    }
  }
  return (
    <details className="card pad">
      <summary>{t('settings.policy')}</summary>
      <div className="stack">
        <Field label={t('settings.policy')} hint={t('settings.policy_hint')} error={wrong}>
          {(id) => (
            <textarea
              id={id}
              className="in mono"
              rows={16}
              value={text}
              onChange={(event) => setText(event.target.value)}
              spellCheck={false}
            />
          )}
        </Field>
        <div>
          <Button busy={busy} onClick={save}>
            {t('sheet.save')}
          </Button>
        </div>
      </div>
    </details>
  )
}
