// One condition: which fact, how compared, with what. Owns the fields that fit the fact's type; writes one line of the file.
import { type JSX, useId, useState } from 'react'
import { allFacts, choices, type FactRow, factRow, factWord } from '@/api/catalogue'
import { useTranslation } from '@/i18n'
import { Button } from '@/parts/form'
import { type Item, lineOf, type Parts } from './outline'
import { opWord } from './words'

const OPS: Record<FactRow['type'], string[]> = {
  bool: ['yes', 'no', 'known', 'unknown'],
  enum: ['in', 'not in', 'known', 'unknown'],
  text: ['is', 'is not', 'known', 'unknown'],
  date: ['known', 'unknown', 'before', 'since'],
  number: ['>=', '<=', '>', '<', '=', '!=', 'known', 'unknown'],
  money: ['>=', '<=', '>', '<', '=', '!=', 'known', 'unknown'],
  duration: ['>=', '<=', '>', '<', 'known', 'unknown'],
  count: ['>=', '<=', '>', '<', '=', '!=', 'known', 'unknown'],
}
/** How the format writes the unit of money. */
const YUAN = '\u5143'
const BARE = new Set(['yes', 'no', 'known', 'unknown'])

export function ConditionEditor({
  item,
  onDone,
  onClose,
}: {
  item?: Item
  onDone: (line?: string) => void
  onClose: () => void
}): JSX.Element {
  const { t } = useTranslation()
  const start = simple(item?.parts)
  const [parts, setParts] = useState<Parts>(start ?? { fact: '', op: '', values: [], with_fact: false })
  // A line that the fields cannot hold is edited as it stands.
  const [line, setLine] = useState<string | null>(item && !start ? (item.value ?? '') : null)
  const [sought, setSought] = useState(start ? factWord(start.fact) : '')
  const list = useId()
  const fact = factRow(parts.fact)
  const fits = line !== null ? line.trim() !== '' : complete(parts, fact)
  const done = () => fits && onDone(line !== null ? line.trim() : lineOf(parts, fact?.type === 'text'))

  const choose = (label: string) => {
    setSought(label)
    const found = allFacts().find((it) => factWord(it.name) === label || it.name === label)
    if (found && found.name !== parts.fact)
      setParts({ fact: found.name, op: OPS[found.type][0] ?? '', values: [], with_fact: false })
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Enter and Escape end the form from any of its fields
    <div
      className="row wrap cned"
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return
        if (event.key === 'Escape') {
          event.stopPropagation()
          onClose()
        }
        if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) {
          event.preventDefault()
          done()
        }
      }}
    >
      {line !== null ? (
        <input
          className="in sm grow"
          value={line}
          aria-label={t('editor.as_line')}
          // biome-ignore lint/a11y/noAutofocus: the form was opened to change this condition
          autoFocus
          onChange={(event) => setLine(event.target.value)}
        />
      ) : (
        <>
          <input
            className="in sm fact"
            list={list}
            value={sought}
            placeholder={t('editor.fact_place')}
            aria-label={t('editor.fact')}
            aria-invalid={!fact}
            // biome-ignore lint/a11y/noAutofocus: the form was opened to change this condition
            autoFocus={!start}
            onFocus={(event) => event.target.select()}
            onChange={(event) => choose(event.target.value)}
          />
          <datalist id={list}>
            {allFacts().map((it) => (
              <option key={it.name} value={factWord(it.name)}>
                {it.name}
              </option>
            ))}
          </datalist>
          {fact ? (
            <select
              className="in sm"
              value={parts.op}
              aria-label={t('editor.compared')}
              onChange={(event) => {
                const op = event.target.value
                setParts({ ...parts, op, values: BARE.has(op) ? [] : parts.values })
              }}
            >
              {OPS[fact.type].map((op) => (
                <option key={op} value={op}>
                  {opWord(op)}
                </option>
              ))}
            </select>
          ) : null}
          {fact && !BARE.has(parts.op) ? (
            <Values fact={fact} parts={parts} onChange={(values) => setParts({ ...parts, values })} />
          ) : null}
        </>
      )}
      <Button small look="primary" keys="Enter" disabled={!fits} onClick={done}>
        {t('editor.put')}
      </Button>
      <Button
        small
        look="ghost"
        onClick={() => setLine(line === null ? (complete(parts, fact) ? lineOf(parts, fact?.type === 'text') : '') : null)}
      >
        {t(line === null ? 'editor.as_line' : 'editor.as_fields')}
      </Button>
    </div>
  )
}

function Values({ fact, parts, onChange }: { fact: FactRow; parts: Parts; onChange: (values: string[]) => void }): JSX.Element {
  const { t } = useTranslation()
  if (fact.type === 'enum') {
    return (
      <span className="row wrap vals">
        {parts.values.map((code) => (
          <span key={code} className="tk v">
            {choices(fact.name).find((it) => it.value === code)?.label ?? code}
            <button type="button" title={t('editor.drop')} onClick={() => onChange(parts.values.filter((it) => it !== code))}>
              ×
            </button>
          </span>
        ))}
        <select
          className="in sm"
          value=""
          aria-label={t('editor.value')}
          onChange={(event) => event.target.value && onChange([...parts.values, event.target.value])}
        >
          <option value="">{t('editor.add')}</option>
          {choices(fact.name)
            .filter((it) => !parts.values.includes(it.value))
            .map((it) => (
              <option key={it.value} value={it.value}>
                {it.label}
              </option>
            ))}
        </select>
      </span>
    )
  }
  const value = parts.values[0] ?? ''
  if (fact.type === 'date')
    return (
      <input
        className="in sm"
        type="date"
        value={value}
        aria-label={t('editor.value')}
        onChange={(event) => onChange([event.target.value])}
      />
    )
  const [n = '', unit = ''] = value.split(' ')
  const units = fact.type === 'duration' ? ['min', 'h', 'd'] : fact.type === 'money' ? [YUAN] : unitsOf(fact)
  if (fact.type === 'text' || units.length === 0)
    return (
      <input
        className="in sm short"
        value={value}
        aria-label={t('editor.value')}
        onChange={(event) => onChange([event.target.value])}
      />
    )
  const with_ = unit && units.includes(unit) ? unit : (units[0] ?? '')
  return (
    <>
      <input
        className="in sm short"
        value={n}
        inputMode="decimal"
        aria-label={t('editor.value')}
        onChange={(event) => onChange([`${event.target.value.trim()} ${with_}`])}
      />
      {units.length > 1 ? (
        <select
          className="in sm"
          value={with_}
          aria-label={t('editor.unit_of')}
          onChange={(event) => onChange([`${n} ${event.target.value}`])}
        >
          {units.map((it) => (
            <option key={it} value={it}>
              {t(`editor.unit.${it as 'h'}`)}
            </option>
          ))}
        </select>
      ) : (
        <span className="q">{with_}</span>
      )}
    </>
  )
}

const unitsOf = (fact: FactRow): string[] => (fact.unit === 'g' ? ['kg', 'g'] : fact.unit ? [fact.unit] : [])

/** The parts when the fields can hold them: a list for enums, no other fact on the right side. */
function simple(parts: Parts | undefined): Parts | undefined {
  if (!parts || parts.with_fact) return undefined
  const fact = factRow(parts.fact)
  if (!fact) return undefined
  const op =
    fact.type === 'enum' && parts.op === 'is' ? 'in' : fact.type === 'enum' && parts.op === 'is not' ? 'not in' : parts.op
  return OPS[fact.type].includes(op) ? { ...parts, op } : undefined
}

function complete(parts: Parts, fact: FactRow | undefined): boolean {
  if (!fact || !parts.op) return false
  if (BARE.has(parts.op)) return true
  const [value = ''] = parts.values
  if (fact.type === 'enum') return parts.values.length > 0
  if (fact.type === 'text' || fact.type === 'date') return value.trim() !== ''
  return /^\d+(\.\d{1,2})?( .+|%)?$/.test(value.trim())
}
