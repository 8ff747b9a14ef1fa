// Setting up the second factor: password, picture and first code, recovery codes shown once. Owns the three steps.
import { type FormEvent, type JSX, useState } from 'react'
import { useAsk } from '@/api/useCommand'
import { useTranslation } from '@/i18n'
import { Button, Check, TextField } from '@/parts/form'
import { Copy, Trouble } from '@/parts/Trouble'

interface NewFactor {
  secret: string
  address: string
  /** The path of the dark squares, and the units along a side. */
  picture: string
  size: number
}

export function FactorSetup({ onDone, onCancel }: { onDone: () => void; onCancel?: () => void }): JSX.Element {
  const { t } = useTranslation()
  const { ask, busy, error } = useAsk()
  const [password, setPassword] = useState('')
  const [made, setMade] = useState<NewFactor | null>(null)
  const [code, setCode] = useState('')
  const [codes, setCodes] = useState<string[] | null>(null)
  const begin = (event: FormEvent) => {
    event.preventDefault()
    void ask<NewFactor>('/me/factor/begin', { password }).then((answer) => {
      setPassword('')
      if (answer) setMade(answer)
    })
  }
  const confirm = (event: FormEvent) => {
    event.preventDefault()
    void ask<{ codes: string[] }>('/me/factor/confirm', { code }).then((answer) => {
      setCode('')
      if (answer) setCodes(answer.codes)
    })
  }
  if (codes) return <RecoveryCodes codes={codes} onDone={onDone} />
  if (!made)
    return (
      <form className="stack" onSubmit={begin}>
        <span className="q">{t('door.factor.why')}</span>
        <TextField
          label={t('door.factor.password')}
          type="password"
          value={password}
          onChange={setPassword}
          autoComplete="current-password"
          autoFocus
        />
        <Trouble error={error} />
        <div className="row">
          <Button look="primary" type="submit" busy={busy} disabled={!password}>
            {t('door.factor.next')}
          </Button>
          {onCancel ? <Button onClick={onCancel}>{t('cancel')}</Button> : null}
        </div>
      </form>
    )
  return (
    <form className="stack" onSubmit={confirm}>
      <div className="enrol">
        <svg
          viewBox={`0 0 ${made.size} ${made.size}`}
          role="img"
          aria-label={t('door.factor.picture')}
          shapeRendering="crispEdges"
        >
          <rect width={made.size} height={made.size} className="paper" />
          <path d={made.picture} className="ink" />
        </svg>
        <div className="stack">
          <b>{t('door.factor.scan')}</b>
          <span className="xs q">{t('door.factor.scan_note')}</span>
          <details>
            <summary className="xs">{t('door.factor.by_hand')}</summary>
            <Copy text={made.secret} shown={made.secret.replace(/(.{4})/g, '$1 ').trim()} />
          </details>
        </div>
      </div>
      <TextField
        label={t('door.factor.first_code')}
        value={code}
        onChange={setCode}
        inputMode="numeric"
        autoComplete="one-time-code"
        autoFocus
      />
      <Trouble error={error} />
      <div className="row">
        <Button look="primary" type="submit" busy={busy} disabled={code.trim().length < 6}>
          {t('door.factor.confirm')}
        </Button>
        {onCancel ? <Button onClick={onCancel}>{t('cancel')}</Button> : null}
      </div>
    </form>
  )
}

/** The only time these are seen. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }): JSX.Element {
  const { t } = useTranslation()
  const [kept, setKept] = useState(false)
  return (
    <div className="stack">
      <b>{t('door.factor.codes_title')}</b>
      <span className="q">{t('door.factor.codes_note')}</span>
      <ol className="codes num">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className="row">
        <Button icon="copy" onClick={() => void navigator.clipboard?.writeText(codes.join('\n'))}>
          {t('door.factor.copy_all')}
        </Button>
        <Button onClick={() => window.print()}>{t('door.factor.print')}</Button>
      </div>
      <Check checked={kept} onChange={setKept}>
        {t('door.factor.kept')}
      </Check>
      <div>
        <Button look="primary" disabled={!kept} onClick={onDone}>
          {t('door.factor.done')}
        </Button>
      </div>
    </div>
  )
}
