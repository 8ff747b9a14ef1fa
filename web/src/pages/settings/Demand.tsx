// What a shop demands of sign-in and approvals. Owns the form; whom it binds the desk decides at every request.
import { type JSX, useState } from 'react'
import { useTranslation, word } from '@/i18n'
import { Button, Check, MoneyField, TextField } from '@/parts/form'
import { typed, typedMinor } from '@/parts/money'

export interface Demanded {
  roles?: string[]
  step_up_above_minor?: number | null
  step_up_within_min?: number | null
}

const ROLES = [
  'owner',
  'admin',
  'supervisor',
  'lead',
  'finance',
  'operations',
  'senior',
  'agent',
  'night',
  'parcel_desk',
  'reviewer',
  'warehouse',
  'quality',
  'auditor',
]

export function DemandSettings(props: {
  demand: Demanded | undefined
  busy: boolean
  onSave: (demand: Demanded) => void
}): JSX.Element {
  const { t } = useTranslation()
  const [roles, setRoles] = useState(props.demand?.roles ?? [])
  const [above, setAbove] = useState(props.demand?.step_up_above_minor == null ? '' : typed(props.demand.step_up_above_minor))
  const [within, setWithin] = useState(String(props.demand?.step_up_within_min ?? 10))
  const minutes = Number(within)
  const ready = (above === '' || typedMinor(above) !== undefined) && minutes >= 1 && minutes <= 480
  const save = () =>
    props.onSave({
      roles,
      ...(above === '' ? {} : { step_up_above_minor: typedMinor(above) ?? 0 }),
      step_up_within_min: Math.round(minutes),
    })
  return (
    <section className="card pad stack wide">
      <b>{t('door.demand.title')}</b>
      <span>{t('door.demand.roles')}</span>
      <div className="row wrap checks">
        {ROLES.map((role) => (
          <Check
            key={role}
            checked={roles.includes(role)}
            onChange={(on) => setRoles(on ? [...roles, role] : roles.filter((it) => it !== role))}
          >
            {word('role', role)}
          </Check>
        ))}
      </div>
      <span className="xs q">{t('door.demand.roles_note')}</span>
      <div className="three">
        <MoneyField label={t('door.demand.above')} value={above} onChange={setAbove} />
        <TextField label={t('door.demand.within')} type="number" min={1} max={480} value={within} onChange={setWithin} />
      </div>
      <div>
        <Button look="primary" busy={props.busy} disabled={!ready} onClick={save}>
          {t('sheet.save')}
        </Button>
      </div>
    </section>
  )
}
