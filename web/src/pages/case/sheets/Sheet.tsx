// The frame of every form on a case. Owns what they share: the version the person saw, the step before money moves, what was refused.
import { type FormEvent, type JSX, type ReactNode, useEffect, useRef, useState } from 'react'
import { Refused } from '@/api/client'
import type { CaseCommand } from '@/api/commands'
import type { Changed } from '@/api/types'
import { useKeys } from '@/app/keys'
import { useTranslation } from '@/i18n'
import { Button } from '@/parts/form'
import { Line } from '@/parts/Lines'
import { inWords, yuan } from '@/parts/money'
import { Trouble } from '@/parts/Trouble'
import { when } from '@/parts/time'
import { told } from '../events'
import { useWork } from '../work'

interface Props<B> {
  title: string
  note?: ReactNode
  command: CaseCommand<B>
  /** What is sent; nothing while something needed is missing. */
  body: () => B | undefined
  submit: string
  /** An amount that moves: asks once more before it does. */
  money?: { minor: number; to?: string; checks?: ReactNode }
  /** Opened to be confirmed: asks as soon as everything is there. */
  ask?: boolean
  /** `done` when it was sent, not when it was left. */
  onClose: (done?: boolean) => void
  onDone?: (answer: Changed) => void
  /** Another command to run first, e.g. drafting before sending. */
  before?: () => Promise<boolean>
  children: ReactNode
}

export function Sheet<B>({
  title,
  note,
  command,
  body,
  submit,
  money,
  ask = false,
  onClose,
  onDone,
  before,
  children,
}: Props<B>): JSX.Element {
  const { t } = useTranslation()
  const { view, run, busy, error, clear } = useWork()
  const [seen, setSeen] = useState(view.case.version)
  const [asked, setAsked] = useState(false)
  const [entered, setEntered] = useState(false)
  const ready = body()
  const complete = ready !== undefined
  useEffect(() => {
    if (ask && complete) setAsked(true)
  }, [ask, complete])

  const send = async () => {
    if (!ready) return
    if (money && !asked) {
      clear()
      setAsked(true)
      return
    }
    if (before && !(await before())) return
    const answer = await run(command, ready, seen)
    if (!answer) return setAsked(false)
    onDone?.(answer)
    onClose(true)
  }
  const submitForm = (event: FormEvent) => {
    event.preventDefault()
    // The enter key in a field checks an amount and never moves it; it says which key does.
    if (money && asked) setEntered(true)
    else void send()
  }
  useKeys({ 'Ctrl+Shift+Enter': { label: submit, run: () => void send() } })
  const form = useRef<HTMLFormElement>(null)
  // Whoever asked for the form goes on typing; fields that ask for the focus themselves have it already.
  useEffect(() => {
    if (form.current?.contains(document.activeElement)) return
    form.current?.querySelector<HTMLElement>('.shb :is(input:not([type=checkbox]), textarea, select)')?.focus()
  }, [])
  const stale = view.case.version > seen && command.versioned

  return (
    <form ref={form} className="sheet col" onSubmit={submitForm} aria-label={title}>
      <header className="row between shh">
        <b>{title}</b>
        <Button small look="ghost" keys="Esc" onClick={() => onClose()}>
          {t('close')}
        </Button>
      </header>
      <div
        className="shb"
        onInput={() => {
          if (asked) setAsked(false)
          setEntered(false)
        }}
      >
        {note ? <p className="xs q2">{note}</p> : null}
        {children}
        {stale ? <Changes since={seen} onTake={() => setSeen(view.case.version)} /> : null}
        {error instanceof Refused && error.code === 'stale_version' && stale ? null : <Trouble error={error} />}
        {money && asked ? (
          <section className="strip" aria-live="assertive">
            <div className="stg">
              <div>
                <span className="xs q">{t('strip.check')}</span>
                <div className="row wide">
                  <span className="amt num">{yuan(money.minor)}</span>
                  <span>
                    {inWords(money.minor)}
                    {money.to ? t('strip.to', { who: money.to }) : ''}
                  </span>
                </div>
                {money.checks}
                {entered ? <Line kind="note">{t('strip.enter')}</Line> : null}
              </div>
            </div>
          </section>
        ) : null}
      </div>
      <footer className="dact">
        {money && asked ? (
          <>
            <Button
              look="primary"
              grow
              busy={busy}
              keys="Ctrl ⇧ ↵"
              disabled={stale}
              why={t('strip.stale')}
              onClick={() => void send()}
            >
              {t('strip.confirm', { what: submit, amount: yuan(money.minor) })}
            </Button>
            <Button onClick={() => setAsked(false)}>{t('strip.change')}</Button>
          </>
        ) : (
          <Button
            look="primary"
            grow
            busy={busy}
            keys="Ctrl ⇧ ↵"
            type="submit"
            disabled={!ready || stale}
            why={stale ? t('strip.stale') : t('strip.missing')}
          >
            {money ? t('strip.first', { what: submit }) : submit}
          </Button>
        )}
        <Button onClick={() => onClose()}>{t('cancel')}</Button>
      </footer>
    </form>
  )
}

/** What happened since the version that the person saw; they look, then decide again. */
export function Changes({ since, onTake }: { since: number; onTake: () => void }): JSX.Element {
  const { t } = useTranslation()
  const { view } = useWork()
  const news = view.timeline.filter((entry) => (entry.version ?? 0) > since)
  const talk = view.timeline.filter((entry) => entry.kind === 'contact').slice(-1)
  return (
    <div className="df" role="alert">
      <div className="dh xs q">{t('stale.head', { seen: since, now: view.case.version })}</div>
      {(news.length ? news : talk).slice(-5).map((entry, at) => (
        <div key={at} className="dp">
          <b aria-hidden="true">＋</b>
          <span>
            {when(entry.at)} {entry.actor} {entry.kind === 'contact' ? entry.text : told(entry)}
          </span>
        </div>
      ))}
      <div className="row dft">
        <Button small look="primary" onClick={onTake}>
          {t('stale.take', { version: view.case.version })}
        </Button>
      </div>
    </div>
  )
}
