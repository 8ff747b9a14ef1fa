// Naming a colleague in a note: the list that opens at `@`. Owns finding and putting the name in; who is told is the desk's to read.
import { useQuery } from '@tanstack/react-query'
import { type JSX, type KeyboardEvent, useId, useState } from 'react'
import { type StaffRow, staffQuery } from '@/api/queries'
import { useTranslation, word } from '@/i18n'

const SHOWN = 6

/** What is being typed after `@`, with where it begins. */
export interface Asked {
  from: number
  find: string
}

/** The name at the caret, if one is being typed. */
export function asked(text: string, caret: number): Asked | undefined {
  const hit = /[@＠]([^\s@＠]{0,20})$/.exec(text.slice(0, caret))
  return hit ? { from: hit.index, find: (hit[1] ?? '').toLowerCase() } : undefined
}

/** The name as the desk reads it: the one people use, unless several bear it. */
export const called = (one: StaffRow, all: readonly StaffRow[]): string =>
  all.filter((other) => other.display_name === one.display_name).length > 1 ? one.name : one.display_name

export interface Completion {
  rows: StaffRow[]
  at: number
  id: string
  choose: (row: StaffRow) => void
  setAt: (at: number) => void
  /** True when the key was for the list. */
  onKey: (event: KeyboardEvent) => boolean
}

/** The list for what is being typed; `put` gets the text with the name in it and where the caret goes. */
export function useCompletion(
  asking: Asked | undefined,
  me: string | undefined,
  /** Those on the case: named most likely, and so first. */
  near: ReadonlySet<string>,
  put: (name: string, asking: Asked) => void,
  close: () => void,
): Completion | undefined {
  const id = useId()
  const { data } = useQuery({ ...staffQuery, enabled: asking !== undefined })
  const [at, setAt] = useState(0)
  if (!asking || !data) return undefined
  const there = data.filter((row) => !row.disabled)
  const rows = there
    .filter((row) => row.id !== me && `${row.display_name} ${row.name} ${row.agent_no}`.toLowerCase().includes(asking.find))
    .sort((one, other) => Number(near.has(other.id)) - Number(near.has(one.id)))
    .slice(0, SHOWN)
  if (!rows.length) return undefined
  const chosen = Math.min(at, rows.length - 1)
  const choose = (row: StaffRow) => {
    put(called(row, there), asking)
    setAt(0)
  }
  const onKey = (event: KeyboardEvent): boolean => {
    // An input method's own Enter picks characters, not people.
    if (event.nativeEvent.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey) return false
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const row = rows[chosen]
    if (step) setAt((chosen + step + rows.length) % rows.length)
    else if ((event.key === 'Enter' || event.key === 'Tab') && row) choose(row)
    else if (event.key === 'Escape') close()
    else return false
    event.preventDefault()
    event.stopPropagation()
    return true
  }
  return { rows, at: chosen, id, choose, setAt, onKey }
}

export function MentionList({ of }: { of: Completion }): JSX.Element {
  const { t } = useTranslation()
  return (
    <div className="mlist" role="listbox" id={of.id} aria-label={t('together.mention')}>
      {of.rows.map((row, place) => (
        <div
          key={row.id}
          id={`${of.id}-${place}`}
          role="option"
          tabIndex={-1}
          aria-selected={place === of.at}
          onPointerMove={() => of.setAt(place)}
          onPointerDown={(event) => {
            event.preventDefault()
            of.choose(row)
          }}
        >
          <b>{row.display_name}</b>
          <span className="xs q">
            {word('role', row.role)} {row.agent_no}
          </span>
        </div>
      ))}
    </div>
  )
}

/** A note with the colleagues it names picked out. */
export function WithNames({ text }: { text: string }): JSX.Element {
  const parts = text.split(/([@＠][^\s@＠]{1,20})/)
  // Every second part is a name.
  return (
    <>
      {parts.map((part, at) =>
        at % 2 ? (
          <span key={`${at}${part}`} className="at">
            {part}
          </span>
        ) : (
          part
        ),
      )}
    </>
  )
}
