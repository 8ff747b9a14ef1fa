// The word said to a signal. Owns the small form; Ctrl+Enter sends it, Escape leaves.
import { type JSX, useEffect, useRef, useState } from 'react'
import { useAsk } from '@/api/useCommand'
import { useKeys } from '@/app/keys'
import { useTranslation } from '@/i18n'
import { AreaField, Button } from '@/parts/form'
import { Trouble } from '@/parts/Trouble'
import { type Said, type Signal, wordsPath } from './signals'

export function WordForm({
  shop,
  row,
  word,
  onDone,
  onClose,
}: {
  shop: string
  row: Signal
  word: 'acknowledge' | 'investigate'
  onDone: (caseId: string | null) => Promise<void>
  onClose: () => void
}): JSX.Element {
  const { t } = useTranslation()
  const [note, setNote] = useState('')
  const { ask, busy, error } = useAsk()
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => form.current?.querySelector('textarea')?.focus(), [])
  const send = async () => {
    if (!note.trim() || busy) return
    const said = await ask<Said>(wordsPath(shop), { sku: row.article.sku, word, note })
    if (said) await onDone(said.case_id)
  }
  useKeys({ Escape: onClose, 'Ctrl+Enter': { label: t('keys.send'), run: () => void send() } })
  return (
    <form
      ref={form}
      className="sheet signal-f stack"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <AreaField
        label={t(`quality.note.${word}`)}
        value={note}
        onChange={setNote}
        rows={2}
        hint={word === 'investigate' ? t('quality.investigate_how', { count: row.cases }) : t('quality.acknowledge_how')}
      />
      <Trouble error={error} />
      <div className="row end">
        <Button keys="Esc" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button
          look="primary"
          keys="Ctrl Enter"
          busy={busy}
          disabled={!note.trim()}
          why={t(`quality.note.${word}`)}
          onClick={() => void send()}
        >
          {t(`quality.${word}`)}
        </Button>
      </div>
    </form>
  )
}
