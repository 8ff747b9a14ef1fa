// A macro that was picked: what it says and does, shown before it is run whole. Owns running it.
import { useQuery } from '@tanstack/react-query'
import { type JSX, useState } from 'react'
import { knowledgeQuery, type Step } from '@/api/knowledge'
import { runMacro } from '@/api/together'
import { type CaseAt, useCaseCommand } from '@/api/useCommand'
import { useKeys } from '@/app/keys'
import { type Both, both, useTranslation } from '@/i18n'
import { Button } from '@/parts/form'
import { Icon } from '@/parts/Icon'
import { Trouble } from '@/parts/Trouble'
import { stepWord, titleOf } from '../knowledge/steps'
import { useWork } from './work'

export interface Macro {
  id: string
  title: Both
  text: string
  steps: Step[]
}

/** Takes the composer's place until it is run or left. */
export function MacroStrip({
  macro,
  channel,
  onDone,
  onText,
  onClose,
}: {
  macro: Macro
  channel: string
  onDone: () => void
  /** Only its words, to be written on. */
  onText: () => void
  onClose: () => void
}): JSX.Element {
  const { t } = useTranslation()
  const { at, view } = useWork()
  const { run, busy, error } = useCaseCommand(at, view.case.version)
  const [ran, setRan] = useState(false)
  const go = async () => {
    if (busy || ran) return
    if (macro.text) await navigator.clipboard?.writeText(macro.text).catch(() => {})
    if (!(await run(runMacro(macro.id), { channel }))) return
    setRan(true)
    onDone()
  }
  return (
    <section
      className="macros"
      aria-label={t('together.macro.title', { title: both(macro.title) })}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.shiftKey) {
          event.preventDefault()
          event.stopPropagation()
          void go()
        }
        if (event.key === 'Escape') {
          event.stopPropagation()
          onClose()
        }
      }}
    >
      <div className="row between">
        <b className="clip">{t('together.macro.title', { title: both(macro.title) })}</b>
        <span className="xs q nw">{t('together.macro.whole')}</span>
      </div>
      <ol className="stepl">
        {macro.text ? (
          <li>
            <Icon name="send" size="s" />
            {t('together.macro.reply', { text: macro.text })}
          </li>
        ) : null}
        {macro.steps.map((step, place) => (
          <li key={place}>
            <Icon name="check" size="s" />
            {stepWord(step)}
          </li>
        ))}
      </ol>
      <Trouble error={error} />
      <div className="row">
        {macro.text ? (
          <Button small look="ghost" onClick={onText}>
            {t('together.macro.only_text')}
          </Button>
        ) : null}
        <span className="grow" />
        <Button small look="ghost" keys="Esc" onClick={onClose}>
          {t('cancel')}
        </Button>
        <RunButton busy={busy} onRun={() => void go()} copies={macro.text !== ''} />
      </div>
    </section>
  )
}

/** The macros of the shop in the palette, under the letters that call them. */
export function useMacroKeys(at: CaseAt, onPick: (id: string) => void): void {
  const { t } = useTranslation()
  const { me, view } = useWork()
  const may = me.can('contact') && view.case.open
  const { data } = useQuery({ ...knowledgeQuery(at.shop), enabled: may, staleTime: 60_000 })
  const rows = may ? (data ?? []).filter((it) => it.kind === 'macro') : []
  useKeys(
    Object.fromEntries(
      rows.map((it) => [
        // No key press has this name: they are called by the palette, or by their letters in the reply.
        `macro:${it.id}`,
        {
          label: t('together.macro.title', { title: titleOf(it) }),
          shown: it.code ? `/${it.code}` : '',
          run: () => onPick(it.id),
        },
      ]),
    ),
  )
}

/** Has the focus, so that the next key runs it or leaves it. */
function RunButton({ busy, copies, onRun }: { busy: boolean; copies: boolean; onRun: () => void }): JSX.Element {
  const { t } = useTranslation()
  return (
    <button
      type="button"
      className="btn sm pri"
      ref={(button) => button?.focus()}
      aria-disabled={busy || undefined}
      onClick={onRun}
    >
      {t(copies ? 'together.macro.copy_and_run' : 'together.macro.run')}
      <kbd>Ctrl Enter</kbd>
    </button>
  )
}
