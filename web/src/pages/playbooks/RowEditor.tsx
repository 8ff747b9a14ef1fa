// Editing one row: the form that fits what its key holds. Owns the way from what a person chose to the text of the file.
import { type JSX, useState } from 'react'
import { allFacts, factWord } from '@/api/catalogue'
import type { FormatWords } from '@/api/queries'
import { useTranslation } from '@/i18n'
import { Button } from '@/parts/form'
import { ConditionEditor } from './ConditionEditor'
import { added, type Change, type Item, quoted, type Row, removed, type Shape } from './outline'
import { OneCondition } from './Sentence'
import { itemWord, keyWord, setWord } from './words'

export function RowEditor({
  table,
  row,
  text,
  words,
  onChange,
  onClose,
  onRemove,
}: {
  table: string
  row: Row
  text: string
  words?: FormatWords
  onChange: (change: Change) => void
  onClose: () => void
  onRemove?: () => void
}): JSX.Element {
  const { t } = useTranslation()
  const put = (value: string) => onChange({ from: row.at.from, to: row.at.to, text: value })
  const foot = (
    <div className="row">
      {onRemove ? (
        <Button small look="ghost" onClick={onRemove}>
          {t('editor.drop_row')}
        </Button>
      ) : null}
      <span className="grow" />
      <Button small keys="Esc" onClick={onClose}>
        {t('editor.done')}
      </Button>
    </div>
  )
  const shut = (event: React.KeyboardEvent) => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    onClose()
  }
  if (row.shape === 'all' || row.shape === 'either' || row.shape === 'one') {
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the form from any of its fields
      <div className="rowed" onKeyDown={shut}>
        <Items
          items={row.items ?? []}
          row={row}
          either={row.shape === 'either'}
          onChange={onChange}
          single={row.shape === 'one'}
        />
        {foot}
      </div>
    )
  }
  if (row.shape === 'words') {
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the form from any of its fields
      <div className="rowed" onKeyDown={shut}>
        <Words row={row} words={words} label={keyWord(table, row.key)} onPut={put} />
        {foot}
      </div>
    )
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the form from any of its fields
    <div className="rowed" onKeyDown={shut}>
      <OneValue
        shape={row.shape}
        set={row.set}
        value={row.value ?? ''}
        both={row.both ? { zh: row.both.zh.value, en: row.both.en.value } : undefined}
        words={words}
        label={keyWord(table, row.key)}
        onDone={(value, said) => {
          onClose()
          if (said && row.both) {
            // both languages in one change, with what stands between them
            const { zh, en } = row.both
            const [one, two] = zh.at.from < en.at.from ? ([zh.at, en.at] as const) : ([en.at, zh.at] as const)
            const [first, second] = zh.at.from < en.at.from ? [said.zh, said.en] : [said.en, said.zh]
            const between = text.slice(one.to, two.from)
            onChange({ from: one.from, to: two.to, text: `${quoted(first)}${between}${quoted(second)}` })
          } else if (value !== undefined) put(value)
        }}
      />
      {foot}
    </div>
  )
}

/** A key that is not there yet: its form, and the value as it will stand in the file. */
export function NewRow({
  table,
  name,
  words,
  onDone,
}: {
  table: string
  name: string
  words?: FormatWords
  onDone: (value?: string) => void
}): JSX.Element {
  const { t } = useTranslation()
  const key = words?.tables[table]?.find((it) => it.key === name)
  const shape: Shape = key?.shape ?? 'plain'
  const list = shape === 'all' || shape === 'either'
  return (
    <div className="snt open">
      <span className="kw">{keyWord(table, name)}</span>
      <div className="sbody">
        <div className="rowed">
          {list ? (
            <ConditionEditor onDone={(line) => line && onDone(`[${quoted(line)}]`)} onClose={() => onDone()} />
          ) : (
            <OneValue
              shape={shape === 'words' ? 'word' : shape}
              set={key?.set ?? undefined}
              value=""
              both={shape === 'said' ? { zh: '', en: '' } : undefined}
              words={words}
              label={keyWord(table, name)}
              onDone={(value, said) => {
                if (said) onDone(`{ zh = ${quoted(said.zh)}, en = ${quoted(said.en)} }`)
                else onDone(value && shape === 'words' ? `[${value}]` : value)
              }}
            />
          )}
          <div className="row">
            <span className="grow" />
            <Button small onClick={() => onDone()}>
              {t('editor.cancel')}
            </Button>
          </div>
        </div>
      </div>
      <span />
    </div>
  )
}

/** Conditions one by one, groups in them, one more, one less. */
function Items({
  items,
  row,
  either,
  single,
  onChange,
}: {
  items: Item[]
  row: Row
  either: boolean
  single?: boolean
  onChange: (change: Change) => void
}): JSX.Element {
  const { t } = useTranslation()
  const [open, setOpen] = useState<number | 'new' | null>(single ? 0 : null)
  return (
    <ul className="cnds">
      {items.map((item, at) => {
        const less = removed(items, at)
        return (
          <li key={item.at.from}>
            <span className="jn">{at ? t(either ? 'editor.or' : 'editor.and') : ''}</span>
            {item.group ? (
              <div className="grp">
                <Items items={item.items ?? []} row={row} either={item.group === 'any'} onChange={onChange} />
              </div>
            ) : open === at ? (
              <ConditionEditor
                item={item}
                onDone={(line) => {
                  setOpen(null)
                  if (line) onChange({ from: item.at.from, to: item.at.to, text: quoted(line) })
                }}
                onClose={() => setOpen(null)}
              />
            ) : (
              <button type="button" className="sen" onClick={() => setOpen(at)}>
                <OneCondition item={item} />
              </button>
            )}
            {less && !single ? (
              <Button small look="ghost" onClick={() => onChange(less)}>
                {t('editor.drop')}
              </Button>
            ) : null}
          </li>
        )
      })}
      {single ? null : (
        <li>
          <span className="jn" />
          {open === 'new' ? (
            <ConditionEditor
              onDone={(line) => {
                setOpen(null)
                if (line) onChange(added(items, row.at, quoted(line)))
              }}
              onClose={() => setOpen(null)}
            />
          ) : (
            <Button small look="ghost" icon="plus" onClick={() => setOpen('new')}>
              {t(either ? 'editor.add_or' : 'editor.add_and')}
            </Button>
          )}
        </li>
      )}
    </ul>
  )
}

/** Words of a closed set, in order. */
function Words({
  row,
  words,
  label,
  onPut,
}: {
  row: Row
  words?: FormatWords
  label: string
  onPut: (value: string) => void
}): JSX.Element {
  const { t } = useTranslation()
  const now = (row.items ?? []).map((item) => item.value ?? '')
  const put = (next: string[]) => onPut(`[${next.map(quoted).join(', ')}]`)
  const left = (words?.sets[row.set ?? ''] ?? []).filter((it) => !now.includes(it.code))
  return (
    <div className="row wrap">
      {(row.items ?? []).map((item, at) => (
        <span key={item.value} className="tk v">
          {itemWord(item)}
          {now.length > 1 ? (
            <button type="button" title={t('editor.drop')} onClick={() => put(now.filter((_, n) => n !== at))}>
              ×
            </button>
          ) : null}
        </span>
      ))}
      <select className="in sm" value="" aria-label={label} onChange={(event) => put([...now, event.target.value])}>
        <option value="">{t('editor.add')}</option>
        {left.map((it) => (
          <option key={it.code} value={it.code}>
            {setWord(words, row.set, it.code)}
          </option>
        ))}
      </select>
    </div>
  )
}

const UNITS = ['min', 'h', 'd', 's'] as const

/** One value; `onDone` gets it as it stands in the file, or both languages of a text. */
function OneValue({
  shape,
  set,
  value,
  both,
  words,
  label,
  onDone,
}: {
  shape: Shape
  set?: string
  value: string
  both?: { zh: string; en: string }
  words?: FormatWords
  label: string
  onDone: (value?: string, said?: { zh: string; en: string }) => void
}): JSX.Element {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(value)
  const [said, setSaid] = useState(both ?? { zh: '', en: '' })
  const enter = (event: React.KeyboardEvent, done: () => void) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
    event.preventDefault()
    done()
  }
  const choose = (options: { value: string; label: string }[], done: (value: string) => string) => (
    <select
      className="in sm"
      value={value}
      aria-label={label}
      // biome-ignore lint/a11y/noAutofocus: the form was opened to change this value
      autoFocus
      onChange={(event) => event.target.value && onDone(done(event.target.value))}
    >
      {value === '' ? <option value="">{t('editor.choose')}</option> : null}
      {options.map((it) => (
        <option key={it.value} value={it.value}>
          {it.label}
        </option>
      ))}
    </select>
  )
  if (shape === 'word')
    return choose(
      (words?.sets[set ?? ''] ?? []).map((it) => ({ value: it.code, label: setWord(words, set, it.code) })),
      quoted,
    )
  if (shape === 'flag')
    return choose(
      ['true', 'false'].map((it) => ({ value: it, label: t(`editor.flag_${it as 'true' | 'false'}`) })),
      (it) => it,
    )
  if (shape === 'anchor') {
    const dates = allFacts().filter((fact) => fact.type === 'date')
    return choose(
      dates.map((fact) => ({ value: fact.name, label: factWord(fact.name) })),
      quoted,
    )
  }
  if (shape === 'length') {
    const [n = '', unit = 'h'] = typed.split(' ')
    const fits = /^\d{1,5}$/.test(n)
    return (
      <div className="row">
        <input
          className="in sm short"
          value={n}
          inputMode="numeric"
          aria-label={label}
          aria-invalid={!fits}
          // biome-ignore lint/a11y/noAutofocus: the form was opened to change this value
          autoFocus
          onChange={(event) => setTyped(`${event.target.value.trim()} ${unit}`)}
          onKeyDown={(event) => enter(event, () => fits && onDone(quoted(`${n} ${unit}`)))}
        />
        <select
          className="in sm"
          value={unit}
          aria-label={t('editor.unit_of')}
          onChange={(event) => setTyped(`${n} ${event.target.value}`)}
        >
          {UNITS.map((it) => (
            <option key={it} value={it}>
              {t(`editor.unit.${it}`)}
            </option>
          ))}
        </select>
        <Button small look="primary" keys="Enter" disabled={!fits} onClick={() => onDone(quoted(`${n} ${unit}`))}>
          {t('editor.put')}
        </Button>
      </div>
    )
  }
  if (shape === 'said') {
    const fits = said.zh.trim() !== '' && said.en.trim() !== ''
    return (
      <div className="two-lang">
        {(['zh', 'en'] as const).map((lang) => (
          <label key={lang}>
            <span className="xs q">{t(`editor.lang_${lang}`)}</span>
            <textarea
              className="in"
              rows={Math.min(5, Math.max(1, Math.ceil(said[lang].length / 40)))}
              value={said[lang]}
              aria-label={`${label} ${t(`editor.lang_${lang}`)}`}
              // biome-ignore lint/a11y/noAutofocus: the form was opened to change this value
              autoFocus={lang === 'zh'}
              onChange={(event) => setSaid({ ...said, [lang]: event.target.value })}
              onKeyDown={(event) => enter(event, () => fits && onDone(undefined, said))}
            />
          </label>
        ))}
        <Button small look="primary" keys="Enter" disabled={!fits} onClick={() => onDone(undefined, said)}>
          {t('editor.put')}
        </Button>
      </div>
    )
  }
  const number = shape === 'number'
  const fits = typed.trim() !== '' && (!number || /^\d+$/.test(typed.trim()))
  const done = () => fits && onDone(number ? typed.trim() : quoted(typed.trim()))
  return (
    <div className="row">
      <input
        className={number ? 'in sm short' : 'in sm grow'}
        value={typed}
        aria-label={label}
        aria-invalid={!fits}
        placeholder={shape === 'amount' ? t('editor.amount_place') : undefined}
        // biome-ignore lint/a11y/noAutofocus: the form was opened to change this value
        autoFocus
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => enter(event, done)}
      />
      {shape === 'amount' ? <AmountFacts onPick={(fact) => setTyped(`${typed.trimEnd()} ${fact}`.trim())} /> : null}
      <Button small look="primary" keys="Enter" disabled={!fits} onClick={done}>
        {t('editor.put')}
      </Button>
    </div>
  )
}

/** Money facts and shares by their names for people; picking one adds it to the line. */
function AmountFacts({ onPick }: { onPick: (name: string) => void }): JSX.Element {
  const { t } = useTranslation()
  const facts = allFacts().filter((fact) => fact.type === 'money' || fact.unit === '%')
  return (
    <select className="in sm" value="" aria-label={t('editor.add_fact')} onChange={(event) => onPick(event.target.value)}>
      <option value="">{t('editor.add_fact')}</option>
      {facts.map((fact) => (
        <option key={fact.name} value={fact.name}>
          {factWord(fact.name)}
        </option>
      ))}
    </select>
  )
}
