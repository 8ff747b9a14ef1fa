// What an administrator does to a colleague in the list: another role, a lost phone. Owns the two small forms.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type JSX, useState } from 'react'
import type { StaffRow } from '@/api/queries'
import { useAsk } from '@/api/useCommand'
import { useMe } from '@/app/me'
import { useTranslation, word } from '@/i18n'
import { Button } from '@/parts/form'
import { Trouble } from '@/parts/Trouble'
import { rolesQuery } from './roles'

export function PersonActions({ row }: { row: StaffRow }): JSX.Element | null {
  const { t } = useTranslation()
  const me = useMe()
  const queries = useQueryClient()
  const { data } = useQuery(rolesQuery)
  const { ask, busy, error } = useAsk()
  const [doing, setDoing] = useState<'' | 'role' | 'reset'>('')
  const done = (answer: unknown) => {
    if (!answer) return
    setDoing('')
    void queries.invalidateQueries({ queryKey: ['staff'] })
  }
  // Nobody changes their own role or an owner's.
  if (row.id === me.id || row.disabled || row.role === 'api') return null
  const give = (value: string) => {
    const custom = data?.custom.find((it) => it.id === value)
    void ask(`/staff/${encodeURIComponent(row.name)}/role`, custom ? { custom_role: custom.id } : { role: value }).then(done)
  }
  const reset = () => void ask(`/staff/${encodeURIComponent(row.name)}/factor/reset`, {}).then(done)
  const present = data?.custom.find((it) => it.name === row.custom_role)?.id ?? row.role
  return (
    <div className="stack">
      <div className="row">
        {row.role === 'owner' ? null : doing === 'role' ? (
          <select
            className="in sm"
            aria-label={`${t('door.roles.give')} ${row.display_name}`}
            value={present}
            onChange={(event) => give(event.target.value)}
          >
            <optgroup label={t('door.roles.builtin')}>
              {(data?.builtin ?? [])
                .filter((it) => it.role !== 'api' && it.role !== 'owner')
                .map((it) => (
                  <option key={it.role} value={it.role}>
                    {word('role', it.role)}
                  </option>
                ))}
            </optgroup>
            <optgroup label={t('door.roles.custom')}>
              {(data?.custom ?? []).map((it) => (
                <option key={it.id} value={it.id}>
                  {it.name}
                </option>
              ))}
            </optgroup>
          </select>
        ) : (
          <Button small onClick={() => setDoing('role')}>
            {t('door.roles.give')}
          </Button>
        )}
        {row.factor ? (
          <Button
            small
            look={doing === 'reset' ? 'danger' : 'plain'}
            busy={busy}
            onClick={() => (doing === 'reset' ? reset() : setDoing('reset'))}
          >
            {t(doing === 'reset' ? 'door.staff.reset_sure' : 'door.staff.reset')}
          </Button>
        ) : null}
      </div>
      {doing === 'reset' ? <span className="xs warn">{t('door.staff.reset_note')}</span> : null}
      <Trouble error={error} />
    </div>
  )
}
