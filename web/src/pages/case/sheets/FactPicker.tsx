// Choosing facts and giving their values in the catalogue's types. Owns the rows; whoever uses it sends them.
import { useQuery } from '@tanstack/react-query'
import { type JSX, useState } from 'react'
import { catalogueQuery, choices, type FactRow, factWord, valueWord } from '@/api/catalogue'
import { useTranslation } from '@/i18n'
import { Button, Field, MoneyField, SelectField, TextField } from '@/parts/form'
import { amount, typedMinor } from '@/parts/money'
import { fromLocal, when } from '@/parts/time'
import { useWork } from '../work'

export type Found = Record<string, unknown>

/** Sources that the desk reads for itself. */
const DERIVED = new Set(['order', 'ledger', 'case', 'policy', 'contact', 'diagnosis', 'inspection'])

export function FactPicker({
  first,
  found,
  onChange,
}: {
  first?: string
  found: Found
  onChange: (found: Found) => void
}): JSX.Element {
  const { t } = useTranslation()
  const { view } = useWork()
  const { data } = useQuery(catalogueQuery)
  const [name, setName] = useState(first ? factWord(first) : '')
  const [value, setValue] = useState('')
  const asked = new Set((view.advice?.facts ?? []).flatMap((it) => it.facts))
  const all = (data ?? [])
    .filter((row) => asked.has(row.name) || row.name === first || !DERIVED.has(row.source))
    .sort((one, other) => Number(asked.has(other.name)) - Number(asked.has(one.name)))
  const row = data?.find((it) => it.name === name || factWord(it.name) === name)
  const take = (text: string) => {
    setValue(text)
    if (!row) return
    const read = readValue(row, text)
    const { [row.name]: _, ...rest } = found
    onChange(read === undefined ? rest : { ...rest, [row.name]: read })
  }
  const others = Object.entries(found).filter(([fact]) => fact !== row?.name)
  return (
    <div className="stack">
      {others.map(([fact, one]) => (
        <div key={fact} className="row between xs">
          <span>{factWord(fact)}</span>
          <b>
            {shown(
              data?.find((it) => it.name === fact),
              one,
              t('yes'),
              t('no'),
            )}
          </b>
        </div>
      ))}
      <Field label={t('sheet.facts.fact')}>
        {(id) => (
          <>
            <input
              id={id}
              className="in"
              list={`${id}-all`}
              value={name}
              onChange={(event) => {
                setName(event.target.value)
                setValue('')
              }}
              placeholder={t('sheet.facts.find')}
            />
            <datalist id={`${id}-all`}>
              {all.map((it) => (
                <option key={it.name} value={factWord(it.name)} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      {row ? <FactValue row={row} value={value} onChange={take} /> : null}
      {row && found[row.name] !== undefined ? (
        <div>
          <Button
            small
            onClick={() => {
              setName('')
              setValue('')
            }}
          >
            {t('sheet.facts.another')}
          </Button>
        </div>
      ) : null}
    </div>
  )
}

function FactValue({ row, value, onChange }: { row: FactRow; value: string; onChange: (value: string) => void }): JSX.Element {
  const { t } = useTranslation()
  const label = factWord(row.name)
  const yesNo = [
    { value: 'true', label: t('yes') },
    { value: 'false', label: t('no') },
  ]
  if (row.type === 'bool') return <SelectField label={label} value={value} onChange={onChange} empty="—" options={yesNo} />
  if (row.type === 'enum')
    return <SelectField label={label} value={value} onChange={onChange} empty="—" options={choices(row.name)} />
  if (row.type === 'money') return <MoneyField label={label} value={value} onChange={onChange} />
  if (row.type === 'date') return <TextField label={label} type="datetime-local" value={value} onChange={onChange} />
  return (
    <TextField
      label={label}
      value={value}
      onChange={onChange}
      hint={row.unit ?? undefined}
      inputMode={row.type === 'text' ? 'text' : 'numeric'}
    />
  )
}

/** A typed value in the catalogue's type; nothing when it is not one. */
function readValue(row: FactRow, text: string): unknown {
  if (text.trim() === '') return undefined
  switch (row.type) {
    case 'bool':
      return text === 'true'
    case 'money':
      return typedMinor(text)
    case 'number':
    case 'count':
    case 'duration':
      return /^-?\d+$/.test(text.trim()) ? Number(text) : undefined
    case 'date':
      return fromLocal(text)
    default:
      return text.trim()
  }
}

function shown(row: FactRow | undefined, value: unknown, yes: string, no: string): string {
  if (row?.type === 'bool') return value ? yes : no
  if (row?.type === 'money') return amount(Number(value))
  if (row?.type === 'date') return when(String(value))
  return row?.type === 'enum' ? valueWord(row.name, String(value)) : String(value)
}
