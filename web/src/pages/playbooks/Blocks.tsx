// A playbook as sentences: sections, blocks, rows. Owns their order and look; editing a row stands in RowEditor.
import { type JSX, memo, useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { FormatWords } from '@/api/queries'
import { both, useTranslation } from '@/i18n'
import { Button } from '@/parts/form'
import { useGrowing } from '@/parts/growing'
import { Icon } from '@/parts/Icon'
import { expectedWord, foundWord } from './faults'
import { type Block, copied, type Fault, neighbour, type Row, swapped, withKey } from './outline'
import { NewRow, RowEditor } from './RowEditor'
import { Sentence } from './Sentence'
import type { Edit } from './useEdit'
import { keyWord, tableWord } from './words'

/** The sections in the order of work; tables not named here come last. */
const ORDER = ['head', 'fact', 'offer', 'deadline', 'step', 'rule', 'script', 'call', 'cause', 'severity', 'closing']
/** What only a text editor changes: identity, files, and what nobody reads. */
const QUIET = new Set(['format', 'scenario', 'name', 'number', 'version', 'include', 'id', 'group', 'title', 'label'])

export interface Editing {
  edit: Edit
  words?: FormatWords
  mayEdit: boolean
  /** Leads to a line of the text. */
  goTo: (line: number) => void
}

export function Blocks({ edit, words, mayEdit, goTo }: Editing): JSX.Element {
  const { t } = useTranslation()
  const tables = [...new Set(edit.blocks.map((block) => block.table))].sort((one, other) => place(one) - place(other))
  const live = mayEdit && edit.fresh
  // What fits the first screen is drawn with the page; then one section at a time, so that no hand waits for all of them.
  const { drawn, all } = useGrowing(tables.length, 1, 1)
  const goToSection = (table: string) => {
    flushSync(all)
    document.getElementById(`sec-${table}`)?.scrollIntoView()
  }
  return (
    <div className={edit.fresh ? 'sed' : 'sed stale'}>
      <nav className="sed-nav" aria-label={t('editor.sections')}>
        {tables.map((table) => (
          <a
            key={table}
            href={`#sec-${table}`}
            onClick={(event) => {
              event.preventDefault()
              goToSection(table)
            }}
          >
            {tableWord(table)}
            <span className="q num">{count(edit.blocks, table)}</span>
          </a>
        ))}
      </nav>
      {tables.slice(0, drawn).map((table) => (
        <Section key={table} table={table} edit={edit} words={words} mayEdit={live} goTo={goTo} />
      ))}
    </div>
  )
}

/** All blocks of one table. */
function AllOf({ table, edit, words, mayEdit, goTo }: Editing & { table: string }): JSX.Element {
  return (
    <section id={`sec-${table}`} className="ssec" aria-label={tableWord(table)}>
      <h2>{tableWord(table)}</h2>
      {edit.blocks
        .filter((block) => block.table === table)
        .map((block, at) => (
          <OneBlock
            key={`${table}/${block.id || block.n}`}
            block={block}
            at={at}
            edit={edit}
            words={words}
            mayEdit={mayEdit}
            goTo={goTo}
          />
        ))}
    </section>
  )
}

/** Drawn anew when what it shows is another; not when one more section is drawn, or the desk found nothing new. */
const Section = memo(
  AllOf,
  (old, now) =>
    old.edit.text === now.edit.text &&
    old.edit.blocks === now.edit.blocks &&
    old.edit.faults === now.edit.faults &&
    old.edit.file === now.edit.file &&
    old.words === now.words &&
    old.mayEdit === now.mayEdit,
)

const place = (table: string): number => (ORDER.includes(table) ? ORDER.indexOf(table) : ORDER.length)
const count = (blocks: Block[], table: string): string =>
  table === 'head' || table === 'closing' ? '' : String(blocks.filter((block) => block.table === table).length)

/** The block that was moved keeps the focus, so that it can be moved on. */
let moved = ''

function OneBlock({ block, at, edit, words, mayEdit, goTo }: Editing & { block: Block; at: number }): JSX.Element {
  const { t } = useTranslation()
  const [adding, setAdding] = useState('')
  const [choosing, setChoosing] = useState(false)
  const head = useRef<HTMLButtonElement>(null)
  const name = `${block.table}/${block.id}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: after every change of the text
  useEffect(() => {
    if (moved === name) {
      head.current?.focus()
      moved = ''
    }
  }, [edit.text, name])

  const move = (by: -1 | 1) => {
    const other = neighbour(edit.blocks, block, by)
    if (!other || !mayEdit) return
    moved = name
    edit.replace(swapped(edit.text, block, other))
  }
  const titles = block.rows.filter((row) => row.key === 'title' || row.key === 'label')
  const rows = block.rows.filter((row) => !QUIET.has(row.key))
  const numbered = block.table === 'offer' || block.table === 'step'
  return (
    <article className={`blk ${block.table}`} data-block={block.id || block.table}>
      {block.table === 'head' || block.table === 'closing' ? null : (
        <header className="blk-h">
          {numbered ? <span className="no num">{at + 1}</span> : null}
          <button
            ref={head}
            type="button"
            className="blk-t clip"
            title={block.apart && mayEdit ? t('editor.move_hint') : undefined}
            onKeyDown={(event) => {
              if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
              event.preventDefault()
              move(event.key === 'ArrowUp' ? -1 : 1)
            }}
          >
            {both(block.title) || named(block)}
          </button>
          {block.id && block.title ? <code className="xs q">{block.id}</code> : null}
          <span className="grow" />
          {mayEdit && block.apart ? (
            <span className="tools">
              <Button small look="ghost" onClick={() => move(-1)} disabled={!neighbour(edit.blocks, block, -1)}>
                {t('editor.up')}
              </Button>
              <Button small look="ghost" onClick={() => move(1)} disabled={!neighbour(edit.blocks, block, 1)}>
                {t('editor.down')}
              </Button>
              <Button
                small
                look="ghost"
                onClick={() => {
                  const change = copied(edit.text, edit.blocks, block)
                  if (change) edit.change(change)
                }}
              >
                {t('editor.copy_block')}
              </Button>
              <Button small look="ghost" onClick={() => edit.change({ from: block.at.from, to: block.at.to, text: '' })}>
                {t('editor.drop_block')}
              </Button>
            </span>
          ) : null}
          <button type="button" className="lno num" title={t('editor.to_line')} onClick={() => goTo(block.at.line)}>
            {block.at.line}
          </button>
        </header>
      )}
      {[...titles, ...rows].map((row) => (
        <OneRow key={row.key} block={block} row={row} edit={edit} words={words} mayEdit={mayEdit} goTo={goTo} />
      ))}
      {adding ? (
        <NewRow
          table={block.table}
          name={adding}
          words={words}
          onDone={(value) => {
            setAdding('')
            if (value) edit.change(withKey(edit.text, block, adding, value))
          }}
        />
      ) : null}
      {mayEdit && block.absent.some((key) => key !== 'group') ? (
        <div className="snt add">
          <span />
          <select
            className="in sm"
            value=""
            // Its choices are there from the moment a hand comes near: a page has a hundred of these lists.
            onPointerEnter={() => setChoosing(true)}
            onFocus={() => setChoosing(true)}
            onChange={(event) => setAdding(event.target.value)}
            aria-label={t('editor.add_key', { what: both(block.title) || tableWord(block.table) })}
          >
            <option value="">{t('editor.add')}</option>
            {(choosing ? block.absent : [])
              .filter((key) => key !== 'group')
              .filter((key) => words?.tables[block.table]?.find((it) => it.key === key)?.shape !== 'raw')
              .map((key) => (
                <option key={key} value={key}>
                  {keyWord(block.table, key)}
                </option>
              ))}
          </select>
        </div>
      ) : null}
    </article>
  )
}

/** A block without a title says what it is about. */
function named(block: Block): string {
  const first = block.rows.find((row) => row.key === 'need' || row.key === 'text' || row.key === 'cause' || row.key === 'section')
  if (!first) return block.id
  if (first.items?.[0]) return both(first.items[0].said) || (first.items[0].value ?? '')
  return first.key === 'text' ? block.id : both(first.said) || block.id
}

function OneRow({ block, row, edit, words, mayEdit, goTo }: Editing & { block: Block; row: Row }): JSX.Element {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const faults = faultsOf(row, edit)
  const editable = mayEdit && row.shape !== 'raw'
  return (
    <div className={['snt', open ? 'open' : '', faults.length ? 'wrong' : ''].join(' ')} data-row={row.key}>
      <span className="kw">{keyWord(block.table, row.key)}</span>
      <div className="sbody">
        {open ? (
          <RowEditor
            table={block.table}
            row={row}
            text={edit.text}
            words={words}
            onChange={edit.change}
            onClose={() => setOpen(false)}
            onRemove={
              row.whole
                ? () => {
                    const { from, to } = row.whole ?? row.at
                    setOpen(false)
                    edit.change({ from, to, text: '' })
                  }
                : undefined
            }
          />
        ) : (
          <Sentence
            row={row}
            words={words}
            onOpen={editable ? () => setOpen(true) : undefined}
            label={keyWord(block.table, row.key)}
          />
        )}
        {faults.map((fault) => (
          <FaultLine key={`${fault.line}-${fault.column}`} fault={fault} />
        ))}
      </div>
      {row.shape === 'raw' && mayEdit ? (
        <Button small look="ghost" onClick={() => goTo(row.at.line)}>
          {t('editor.in_text')}
        </Button>
      ) : (
        <button type="button" className="lno num" title={t('editor.to_line')} onClick={() => goTo(row.at.line)}>
          {row.at.line}
        </button>
      )}
    </div>
  )
}

/** The faults that stand in a row's lines. */
function faultsOf(row: Row, edit: Edit): Fault[] {
  const path = edit.file || `${edit.data.scenario}.toml`
  return edit.faults.filter((it) => it.file === path && it.line >= row.at.line && it.line <= row.at.last_line)
}

export function FaultLine({ fault, onGo }: { fault: Fault; onGo?: () => void }): JSX.Element {
  const { t } = useTranslation()
  const said = { found: foundWord(fault.found), expected: expectedWord(fault.expected) }
  const text = fault.nearest ? t('editor.fault_near', { ...said, nearest: fault.nearest }) : t('editor.fault', said)
  return (
    <div className="flt" role={onGo ? undefined : 'alert'}>
      <Icon name="close" size="s" />
      {onGo ? (
        <button type="button" onClick={onGo}>
          <b className="num">{t('editor.at', { line: fault.line, column: fault.column })}</b> {text}
        </button>
      ) : (
        <span>{text}</span>
      )}
    </div>
  )
}
