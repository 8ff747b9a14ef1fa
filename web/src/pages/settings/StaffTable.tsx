// Who works here. Owns the list and, for administrators, adding a person.
import { useQuery } from '@tanstack/react-query'
import { type JSX, useState } from 'react'
import { staffQuery } from '@/api/queries'
import { useCommand } from '@/api/useCommand'
import { useMe } from '@/app/me'
import { useTranslation, word } from '@/i18n'
import { Button, Check, SelectField, TextField } from '@/parts/form'
import { Skeleton, Trouble } from '@/parts/Trouble'
import { PersonActions } from './PersonActions'

const ROLES = [
  'agent',
  'senior',
  'lead',
  'supervisor',
  'night',
  'parcel_desk',
  'reviewer',
  'warehouse',
  'finance',
  'quality',
  'operations',
  'admin',
  'auditor',
  'owner',
]

export function StaffTable(): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const { data, error, refetch } = useQuery(staffQuery)
  const [adding, setAdding] = useState(false)
  return (
    <div className="stack">
      <Trouble error={error} onRetry={() => void refetch()} />
      {data || error ? null : <Skeleton rows={8} height={36} />}
      {me.can('manage_users') ? (
        <div>
          <Button onClick={() => setAdding(!adding)}>{t('settings.add_person')}</Button>
        </div>
      ) : null}
      {adding ? <AddPerson onDone={() => setAdding(false)} /> : null}
      <table className="grid">
        <thead>
          <tr>
            <th>{t('settings.person')}</th>
            <th>{t('login.name')}</th>
            <th>{t('settings.role')}</th>
            <th>{t('settings.agent_no')}</th>
            <th>{t('door.staff.factor')}</th>
            <th>{t('settings.state')}</th>
            {me.can('manage_users') ? <th /> : null}
          </tr>
        </thead>
        <tbody>
          {data?.map((row) => (
            <tr key={row.id ?? row.name}>
              <td>
                <b>{row.display_name}</b>
              </td>
              <td className="mono">{row.name}</td>
              <td>
                {word('role', row.role)}
                {row.custom_role ? ` · ${row.custom_role}` : ''}
              </td>
              <td className="num">{row.agent_no}</td>
              <td>{row.factor ? t('door.factor.on') : <span className="q">{t('door.factor.off')}</span>}</td>
              <td>{row.disabled ? t('settings.disabled') : t('settings.active')}</td>
              {me.can('manage_users') ? (
                <td>
                  <PersonActions row={row} />
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface NewStaff {
  name: string
  display_name: string
  agent_no: string
  role: string
  password: string
  shops: string[]
}

function AddPerson({ onDone }: { onDone: () => void }): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const [it, setIt] = useState<NewStaff>({
    name: '',
    display_name: '',
    agent_no: '',
    role: 'agent',
    password: '',
    shops: me.shops.map((shop) => shop.code),
  })
  const { run, busy, error } = useCommand<NewStaff, unknown>('/staff', ['staff'])
  const ready = it.name && it.display_name && it.password.length >= 12
  return (
    <form
      className="card pad stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (ready) void run(it).then((answer) => answer && onDone())
      }}
    >
      <div className="three">
        <TextField
          label={t('settings.person')}
          value={it.display_name}
          onChange={(display_name) => setIt({ ...it, display_name })}
        />
        <TextField label={t('login.name')} value={it.name} onChange={(name) => setIt({ ...it, name })} />
        <TextField label={t('settings.agent_no')} value={it.agent_no} onChange={(agent_no) => setIt({ ...it, agent_no })} />
        <SelectField
          label={t('settings.role')}
          value={it.role}
          onChange={(role) => setIt({ ...it, role })}
          options={ROLES.map((role) => ({ value: role, label: word('role', role) }))}
        />
        <TextField
          label={t('login.password')}
          type="password"
          autoComplete="new-password"
          value={it.password}
          onChange={(password) => setIt({ ...it, password })}
          hint={t('settings.password_hint')}
        />
      </div>
      <div className="row wrap">
        {me.shops.map((shop) => (
          <Check
            key={shop.code}
            checked={it.shops.includes(shop.code)}
            onChange={(on) =>
              setIt({ ...it, shops: on ? [...it.shops, shop.code] : it.shops.filter((code) => code !== shop.code) })
            }
          >
            {shop.title}
          </Check>
        ))}
      </div>
      <Trouble error={error} />
      <div className="row">
        <Button look="primary" type="submit" busy={busy} disabled={!ready}>
          {t('sheet.save')}
        </Button>
        <Button onClick={onDone}>{t('cancel')}</Button>
      </div>
    </form>
  )
}
