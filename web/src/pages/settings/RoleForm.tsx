// What a role of the shop's own is besides its permissions: name, base, fields in clear, costs, limits. Owns the form and keeping it.
import { useQueryClient } from '@tanstack/react-query'
import { type JSX, useState } from 'react'
import { post, remove } from '@/api/client'
import { useTranslation, word } from '@/i18n'
import { Button, Check, SelectField, TextField } from '@/parts/form'
import { typed, typedMinor } from '@/parts/money'
import { Trouble } from '@/parts/Trouble'
import { type Draft, FIELDS, KINDS } from './roles'

export function RoleForm({
  draft,
  bases,
  canReveal,
  onChange,
  onRebase,
  onDone,
}: {
  draft: Draft
  bases: string[]
  canReveal: boolean
  onChange: (draft: Draft) => void
  onRebase: (base: string) => void
  onDone: () => void
}): JSX.Element {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const [cells, setCells] = useState<Record<string, string>>(() =>
    Object.fromEntries(
      draft.limits.flatMap((it) => [
        [`${it.kind} case`, typed(it.per_case_minor)],
        [`${it.kind} day`, typed(it.per_day_minor)],
      ]),
    ),
  )
  const limits = KINDS.flatMap((kind) => {
    const [perCase, perDay] = [typedMinor(cells[`${kind} case`] ?? ''), typedMinor(cells[`${kind} day`] ?? '')]
    return perCase === undefined || perDay === undefined ? [] : [{ kind, per_case_minor: perCase, per_day_minor: perDay }]
  })
  const does = async (work: () => Promise<unknown>) => {
    setBusy(true)
    setError(null)
    try {
      await work()
      await Promise.all([queries.invalidateQueries({ queryKey: ['roles'] }), queries.invalidateQueries({ queryKey: ['staff'] })])
      onDone()
    } catch (problem) {
      setError(problem as Error)
    } finally {
      setBusy(false)
    }
  }
  const save = () => {
    const { id, version, name, base, actions, sees_costs } = draft
    const body = { name, base, actions, sees_costs, reveals: canReveal ? draft.reveals : [], limits }
    void does(() => (id ? post(`/roles/${id}`, { ...body, version }) : post('/roles', body)))
  }
  const sides = ['case', 'day'] as const
  return (
    <div className="card pad stack">
      <TextField
        label={t('door.roles.name')}
        value={draft.name}
        maxLength={20}
        onChange={(name) => onChange({ ...draft, name })}
      />
      {draft.id ? null : (
        <SelectField
          label={t('door.roles.base')}
          value={draft.base}
          onChange={onRebase}
          options={bases.map((role) => ({ value: role, label: word('role', role) }))}
        />
      )}
      {canReveal ? (
        <fieldset className="stack plainset">
          <legend>{t('door.roles.reveals')}</legend>
          <div className="row wrap checks">
            {FIELDS.map((field) => (
              <Check
                key={field}
                checked={draft.reveals.includes(field)}
                onChange={(on) =>
                  onChange({ ...draft, reveals: on ? [...draft.reveals, field] : draft.reveals.filter((it) => it !== field) })
                }
              >
                {t(`door.roles.fields.${field}`)}
              </Check>
            ))}
          </div>
        </fieldset>
      ) : null}
      <Check checked={draft.sees_costs} onChange={(sees_costs) => onChange({ ...draft, sees_costs })}>
        {t('door.roles.costs')}
      </Check>
      <fieldset className="stack plainset">
        <legend>{t('door.roles.limits')}</legend>
        <span className="xs q">{t('door.roles.limits_note')}</span>
        <table className="grid most">
          <thead>
            <tr>
              <th />
              <th>{t('settings.per_case')}</th>
              <th>{t('settings.per_day')}</th>
            </tr>
          </thead>
          <tbody>
            {KINDS.map((kind) => (
              <tr key={kind}>
                <th scope="row">{word('spending', kind)}</th>
                {sides.map((side) => (
                  <td key={side}>
                    <input
                      className="in qty"
                      inputMode="decimal"
                      aria-label={`${word('spending', kind)} ${t(side === 'case' ? 'settings.per_case' : 'settings.per_day')}`}
                      value={cells[`${kind} ${side}`] ?? ''}
                      onChange={(event) => setCells({ ...cells, [`${kind} ${side}`]: event.target.value })}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </fieldset>
      <Trouble error={error} />
      <div className="row wrap">
        <Button look="primary" busy={busy} disabled={!draft.name.trim() || !draft.actions.length} onClick={save}>
          {t('door.roles.save')}
        </Button>
        <Button onClick={onDone}>{t('cancel')}</Button>
        {draft.id ? (
          <Button look="danger" busy={busy} onClick={() => void does(() => remove(`/roles/${draft.id}`))}>
            {t('door.roles.remove')}
          </Button>
        ) : null}
      </div>
    </div>
  )
}
