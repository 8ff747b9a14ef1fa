// What is masked, in clear for a minute: a reason is asked for, and the look is on record. Owns that form.
import { type JSX, useState } from 'react'
import { post } from '@/api/client'
import { useTranslation, word } from '@/i18n'
import { Button, SelectField, TextField } from '@/parts/form'
import { Copy, Trouble } from '@/parts/Trouble'
import { useWork } from './work'

const SHOWN_MS = 60_000
/** What stands in place of letters that are not shown. */
const MASK = '***'

export const isMasked = (text: string | null | undefined): boolean => text?.includes(MASK) ?? false

/** Asks the desk for the clear text; it notes who looked, and why. */
export async function reveal(path: string, body: object): Promise<string> {
  return (await post<{ value: string }>(path, body, { key: crypto.randomUUID() })).value
}

/** `fields` are those of a buyer, of which one is chosen; without them the path itself says what is shown. */
export function Reveal({ path, fields, onClose }: { path: string; fields?: string[]; onClose: () => void }): JSX.Element {
  const { t } = useTranslation()
  const { at } = useWork()
  const [field, setField] = useState(fields?.[0] ?? '')
  const [reason, setReason] = useState('')
  const [value, setValue] = useState<string | null>(null)
  const [error, setError] = useState<Error | null>(null)
  const show = async () => {
    setError(null)
    try {
      setValue(await reveal(path, fields ? { field, reason, case_id: at.id } : { reason }))
      setTimeout(onClose, SHOWN_MS)
    } catch (problem) {
      setError(problem as Error)
    }
  }
  if (value !== null) {
    return (
      <div className="row between reveal">
        <Copy text={value} />
        <Button small look="ghost" onClick={onClose}>
          {t('buyer.hide')}
        </Button>
      </div>
    )
  }
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (reason.trim()) void show()
      }}
    >
      {fields ? (
        <SelectField
          label={t('buyer.field')}
          value={field}
          onChange={setField}
          options={fields.map((it) => ({ value: it, label: word('field', it) }))}
        />
      ) : null}
      <TextField label={t('buyer.reason')} value={reason} onChange={setReason} hint={t('buyer.reason_hint')} autoFocus />
      <Trouble error={error} />
      <div className="row">
        <Button small type="submit" disabled={!reason.trim()}>
          {t('buyer.show')}
        </Button>
        <Button small look="ghost" onClick={onClose}>
          {t('cancel')}
        </Button>
      </div>
    </form>
  )
}
