// What went wrong, in the desk's own words: what happened, what is safe, what to do. Owns the look of refusals and of no answer.
import { type JSX, type ReactNode, useState } from 'react'
import { Refused } from '@/api/client'
import { useTranslation } from '@/i18n'
import { Button } from './form'
import { Icon } from './Icon'

export function Trouble({
  error,
  onRetry,
  children,
}: {
  error: Error | null
  onRetry?: () => void
  children?: ReactNode
}): JSX.Element | null {
  const { t } = useTranslation()
  if (!error) return null
  if (!(error instanceof Refused)) {
    return (
      <div className="unk tr" role="alert">
        <Icon name="question" />
        <div className="grow">
          <b>{t('trouble.unreachable')}</b>
          <p>{t('trouble.unreachable_safe')}</p>
        </div>
        {onRetry ? <Button onClick={onRetry}>{t('trouble.again')}</Button> : null}
      </div>
    )
  }
  return (
    <div className="rfc tr" role="alert">
      <Icon name="close" />
      <div className="grow">
        <b>{error.message}</b>
        <p className="xs q">
          {t('trouble.nothing_changed')} <Copy text={error.code} />
        </p>
        {children}
      </div>
      {onRetry ? <Button onClick={onRetry}>{t('trouble.again')}</Button> : null}
    </div>
  )
}

/** A short text with a button that copies it. */
export function Copy({ text, shown }: { text: string; shown?: ReactNode }): JSX.Element {
  const { t } = useTranslation()
  const [done, setDone] = useState(false)
  return (
    <button
      type="button"
      className="cp"
      title={t('copy')}
      onClick={() => {
        void navigator.clipboard?.writeText(text)
        setDone(true)
        setTimeout(() => setDone(false), 1200)
      }}
    >
      <span className="num">{shown ?? text}</span>
      <Icon name={done ? 'check' : 'copy'} size="s" />
      <span className="sr">{done ? t('copied') : t('copy')}</span>
    </button>
  )
}

/** A list or page that waits for its first answer; rows keep their final height. */
export function Skeleton({ rows, height = 48 }: { rows: number; height?: number }): JSX.Element {
  const { t } = useTranslation()
  return (
    <div aria-busy="true">
      <span className="sr">{t('loading')}</span>
      {Array.from({ length: rows }, (_, at) => (
        <div key={at} className="sk" style={{ height }} />
      ))}
    </div>
  )
}

/** Nothing to show, and what follows from it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }): JSX.Element {
  return (
    <div className="emp">
      <b>{title}</b>
      {children ? <div className="q2">{children}</div> : null}
    </div>
  )
}
