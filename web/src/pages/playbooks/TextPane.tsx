// The text of a file with line numbers, its faults at their lines as one types. Owns the places on the screen; the text lives with the edit.
import { type JSX, memo, useEffect, useRef, useState } from 'react'
import { useTranslation } from '@/i18n'
import { FaultLine } from './Blocks'
import type { Fault } from './outline'
import { type Edit, OWN } from './useEdit'

const LINE_PX = 20
const PAD_PX = 10

export function TextPane({ edit, line, mayEdit }: { edit: Edit; line: { at: number } | null; mayEdit: boolean }): JSX.Element {
  const { t } = useTranslation()
  const area = useRef<HTMLTextAreaElement>(null)
  const [top, setTop] = useState(0)
  const path = edit.file || `${edit.data.scenario}.toml`
  const here = edit.faults.filter((fault) => fault.file === path)
  const elsewhere = edit.faults.filter((fault) => fault.file !== path)
  const count = edit.text.split('\n').length

  const goTo = (at: number, column = 1) => {
    const box = area.current
    if (!box) return
    const from = edit.text.split('\n', at - 1).reduce((sum, text) => sum + text.length + 1, 0) + column - 1
    box.focus()
    box.setSelectionRange(from, from)
    box.scrollTop = Math.max(0, (at - 6) * LINE_PX)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each time a line is asked for
  useEffect(() => {
    if (line) goTo(line.at)
  }, [line])

  const wrong = new Set(here.map((fault) => fault.line))
  return (
    <div className="txp">
      <div className="code">
        <div className="gutter num" aria-hidden="true" style={{ transform: `translateY(${-top}px)` }}>
          <LineNumbers count={count} />
        </div>
        <div className="marks-of" aria-hidden="true">
          {[...wrong].map((at) => (
            <i key={at} style={{ top: PAD_PX + (at - 1) * LINE_PX - top }} />
          ))}
        </div>
        <textarea
          ref={area}
          value={edit.text}
          readOnly={!mayEdit}
          spellCheck={false}
          wrap="off"
          aria-label={t('editor.text_of', { file: path })}
          aria-invalid={here.length > 0}
          onScroll={(event) => setTop(event.currentTarget.scrollTop)}
          onChange={(event) => edit.type(event.target.value)}
        />
      </div>
      <div className="faults" aria-live="polite">
        {edit.faults.length === 0 ? (
          <span className={edit.settled && mayEdit ? 'xs ok-line' : 'xs q'}>
            {t(!mayEdit ? 'editor.read_only' : edit.settled ? 'editor.no_fault' : 'editor.checking')}
          </span>
        ) : (
          <>
            <b className="xs bad">{t('editor.faults', { count: edit.faults.length })}</b>
            {here.slice(0, 20).map((fault) => (
              <FaultLine key={key(fault)} fault={fault} onGo={() => goTo(fault.line, fault.column)} />
            ))}
            {elsewhere.slice(0, 10).map((fault) => (
              <div key={key(fault)}>
                <button
                  type="button"
                  className="xs q"
                  onClick={() => edit.setFile(fault.file.startsWith('shared/') ? fault.file : OWN)}
                >
                  {fault.file}
                </button>
                <FaultLine fault={fault} />
              </div>
            ))}
          </>
        )}
      </div>
    </div>
  )
}

const key = (fault: Fault): string => `${fault.file}:${fault.line}:${fault.column}:${fault.found}`

/** One text for all lines: hundreds of elements for hundreds of numbers cost more than the text they stand beside. */
const LineNumbers = memo(function LineNumbers({ count }: { count: number }): JSX.Element {
  return <>{Array.from({ length: count }, (_, at) => at + 1).join('\n')}</>
})
