// One row as a sentence: facts, comparisons and values told apart by look, never by colour alone. Owns no editing.
import type { JSX, ReactNode } from 'react'
import { factWord } from '@/api/catalogue'
import type { FormatWords } from '@/api/queries'
import { variableWord } from '@/api/variables'
import { both, useTranslation } from '@/i18n'
import type { Item, Row } from './outline'
import { itemWord, opWord, partWord } from './words'

interface Said {
  row: Row
  label: string
  words?: FormatWords
  onOpen?: () => void
}

export function Sentence({ row, label, words, onOpen }: Said): JSX.Element {
  const { t } = useTranslation()
  const body = <Body row={row} words={words} />
  if (!onOpen) return <div className="sen">{body}</div>
  return (
    <button type="button" className="sen" onClick={onOpen} title={t('editor.edit')}>
      {body}
      <span className="sr">{t('editor.edit_row', { what: label })}</span>
    </button>
  )
}

/** The words of a plain list; nothing when it is anything else. */
function plainWords(text: string | undefined): string[] | undefined {
  try {
    const list = JSON.parse(text ?? '') as unknown
    return Array.isArray(list) && list.every((it) => typeof it === 'string') ? (list as string[]) : undefined
  } catch {
    return undefined
  }
}

function Body({ row, words }: Pick<Said, 'row' | 'words'>): JSX.Element {
  const { t } = useTranslation()
  if (row.items?.length) {
    return row.shape === 'words' ? (
      <span>
        {row.items.map((item, at) => (
          <span key={item.at.from}>
            {at ? ' → ' : ''}
            <Value>{itemWord(item)}</Value>
          </span>
        ))}
      </span>
    ) : (
      <Conditions items={row.items} either={row.shape === 'either'} />
    )
  }
  if (row.both) return <SaidText text={both({ zh: row.both.zh.value, en: row.both.en.value })} words={words} />
  if (row.shape === 'raw') {
    const list = plainWords(row.value)
    return list ? <span>{list.join(t('editor.comma'))}</span> : <code className="raw">{row.value}</code>
  }
  const text = both(row.said)
  if (!text) return <code className="bad">{row.value}</code>
  return row.shape === 'plain' ? <span className="num">{text}</span> : <Value>{text}</Value>
}

const Value = ({ children }: { children: ReactNode }) => <span className="tk v">{children}</span>

/** What is said, with its variables by the names people give them. */
export function SaidText({ text, words }: { text: string; words?: FormatWords }): JSX.Element {
  const named = variableWord(words)
  return (
    <>
      {text.split(/(\{[^{}]+\})/).map((part, at) =>
        part.startsWith('{') && part.endsWith('}') ? (
          <span key={at} className="tk v" title={part}>
            {named(part.slice(1, -1))}
          </span>
        ) : (
          part
        ),
      )}
    </>
  )
}

export function Conditions({ items, either }: { items: Item[]; either: boolean }): JSX.Element {
  const { t } = useTranslation()
  return (
    <>
      {items.map((item, at) => (
        <span key={item.at.from} className="cnd">
          {at ? <span className="jn">{t(either ? 'editor.or' : 'editor.and')}</span> : null}
          <OneCondition item={item} />
        </span>
      ))}
    </>
  )
}

export function OneCondition({ item }: { item: Item }): JSX.Element {
  const { t } = useTranslation()
  if (item.group) {
    return (
      <>
        {t('editor.open')}
        <Conditions items={item.items ?? []} either={item.group === 'any'} />
        {t('editor.shut')}
      </>
    )
  }
  const parts = item.parts
  if (!parts) return <code className="bad">{item.value}</code>
  return (
    <>
      <span className="tk">{factWord(parts.fact)}</span>{' '}
      {parts.op === 'yes' || parts.op === 'no' ? <Value>{opWord(parts.op)}</Value> : opWord(parts.op)}{' '}
      {parts.values.map((value, at) => (
        <span key={value}>
          {at ? t('editor.comma') : ''}
          <Value>{partWord(parts, value)}</Value>
        </span>
      ))}
    </>
  )
}
