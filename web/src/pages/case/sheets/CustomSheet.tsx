// The shop's own fields on a case. Owns the form; types and choices come with the case.
import { type JSX, useState } from 'react'
import { custom } from '@/api/commands'
import { both, useTranslation } from '@/i18n'
import { SelectField, TextField } from '@/parts/form'
import { useWork } from '../work'
import { Sheet } from './Sheet'

export function CustomSheet({ onClose }: { onClose: () => void }): JSX.Element {
  const { t } = useTranslation()
  const { view } = useWork()
  const fields = view.custom ?? []
  const [values, setValues] = useState<Record<string, string>>(() =>
    Object.fromEntries(
      fields.map((field) => [field.code, field.value === undefined || field.value === null ? '' : String(field.value)]),
    ),
  )
  return (
    <Sheet
      title={t('action.custom')}
      note={fields.length ? undefined : t('sheet.custom.none')}
      command={custom}
      submit={t('sheet.save')}
      body={() => {
        const said = fields.flatMap((field): [string, unknown][] => {
          const text = values[field.code]?.trim() ?? ''
          if (text === '') return []
          return [[field.code, field.kind === 'number' ? Number(text) : field.kind === 'bool' ? text === 'true' : text]]
        })
        return said.length ? Object.fromEntries(said) : undefined
      }}
      onClose={onClose}
    >
      {fields.map((field) => {
        const change = (value: string) => setValues({ ...values, [field.code]: value })
        const value = values[field.code] ?? ''
        if (field.choices?.length) {
          return (
            <SelectField
              key={field.code}
              label={both(field.label)}
              value={value}
              onChange={change}
              empty="—"
              options={field.choices.map((it) => ({ value: it, label: it }))}
            />
          )
        }
        if (field.kind === 'bool') {
          return (
            <SelectField
              key={field.code}
              label={both(field.label)}
              value={value}
              onChange={change}
              empty="—"
              options={[
                { value: 'true', label: t('yes') },
                { value: 'false', label: t('no') },
              ]}
            />
          )
        }
        return <TextField key={field.code} label={both(field.label)} value={value} onChange={change} />
      })}
    </Sheet>
  )
}
