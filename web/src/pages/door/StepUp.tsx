// Giving the second factor again in an open session, where a decision needs it fresh. Owns the small form; what follows is the caller's.
import { Link } from '@tanstack/react-router'
import { type FormEvent, type JSX, useState } from 'react'
import { Refused } from '@/api/client'
import { useAsk } from '@/api/useCommand'
import { useTranslation } from '@/i18n'
import { Button, TextField } from '@/parts/form'
import { Trouble } from '@/parts/Trouble'

/** Whether a refusal is mended by proving again who one is. */
export const asksForFactor = (error: Error | null): error is Refused =>
  error instanceof Refused && (error.code === 'step_up_needed' || error.code === 'factor_missing')

export function StepUp({ error, onProved }: { error: Refused; onProved: () => void }): JSX.Element {
  const { t } = useTranslation()
  const { ask, busy, error: refused } = useAsk()
  const [code, setCode] = useState('')
  if (error.code === 'factor_missing')
    return (
      <Trouble error={error}>
        <Link to="/settings" search={{ tab: 'security' }}>
          {t('door.factor.go_set_up')}
        </Link>
      </Trouble>
    )
  const prove = (event: FormEvent) => {
    event.preventDefault()
    void ask('/session/factor', { code }).then((answer) => {
      setCode('')
      if (answer) onProved()
    })
  }
  return (
    <form className="card pad stack stepup" onSubmit={prove}>
      <b>{t('door.factor.step_up')}</b>
      <span className="q">
        {error.message} {t('door.factor.step_up_note')}
      </span>
      <div className="row">
        <TextField label={t('door.factor.code')} value={code} onChange={setCode} autoComplete="one-time-code" autoFocus />
        <Button look="primary" type="submit" busy={busy} disabled={!code.trim()}>
          {t('door.factor.step_up_do')}
        </Button>
      </div>
      <Trouble error={refused} />
    </form>
  )
}
