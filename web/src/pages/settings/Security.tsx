// One's own safety: the second factor and the sessions. Owns the two cards.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type JSX, useState } from 'react'
import { get } from '@/api/client'
import { meQuery } from '@/api/queries'
import { useAsk } from '@/api/useCommand'
import { useMe } from '@/app/me'
import { useTranslation } from '@/i18n'
import { Button, TextField } from '@/parts/form'
import { Icon } from '@/parts/Icon'
import { Skeleton, Trouble } from '@/parts/Trouble'
import { when } from '@/parts/time'
import { FactorSetup, RecoveryCodes } from '../door/FactorSetup'

/** With fewer recovery codes than this, new ones are proposed. */
const FEW = 3

export function Security(): JSX.Element {
  return (
    <div className="set">
      <Factor />
      <Sessions />
    </div>
  )
}

function Factor(): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const queries = useQueryClient()
  const { ask, busy, error, clear } = useAsk()
  const [doing, setDoing] = useState<'' | 'set_up' | 'renew' | 'end'>('')
  const [code, setCode] = useState('')
  const [codes, setCodes] = useState<string[] | null>(null)
  const { on, demanded, recovery_left: left } = me.factor
  const done = () => {
    setDoing('')
    setCodes(null)
    void queries.invalidateQueries({ queryKey: meQuery.queryKey })
  }
  const begin = (what: typeof doing) => {
    clear()
    setCode('')
    setDoing(what)
  }
  const give = (event: FormEvent) => {
    event.preventDefault()
    const path = doing === 'renew' ? '/me/factor/recovery' : '/me/factor/end'
    void ask<{ codes?: string[] }>(path, { code }).then((answer) => {
      setCode('')
      if (answer?.codes) setCodes(answer.codes)
      else if (answer) done()
    })
  }
  return (
    <section className="card pad stack">
      <div className="row between">
        <b>{t('door.factor.title')}</b>
        <span className={on ? 'mk ok' : 'mk'}>
          <Icon name={on ? 'check' : 'close'} size="s" />
          {t(on ? 'door.factor.on' : 'door.factor.off')}
        </span>
      </div>
      {doing === 'set_up' ? (
        <FactorSetup onDone={done} onCancel={done} />
      ) : codes ? (
        <RecoveryCodes codes={codes} onDone={done} />
      ) : doing ? (
        <form className="stack" onSubmit={give}>
          <TextField
            label={t('door.factor.code')}
            hint={t('door.factor.code_hint')}
            value={code}
            onChange={setCode}
            autoComplete="one-time-code"
            autoFocus
          />
          <Trouble error={error} />
          <div className="row">
            <Button look={doing === 'end' ? 'danger' : 'primary'} type="submit" busy={busy} disabled={!code.trim()}>
              {t(`door.factor.${doing}`)}
            </Button>
            <Button onClick={() => begin('')}>{t('cancel')}</Button>
          </div>
        </form>
      ) : on ? (
        <>
          <span className={left < FEW ? 'warn' : 'q'}>
            {t('door.factor.left', { count: left })}
            {left < FEW ? `，${t('door.factor.few')}` : ''}
          </span>
          <div className="row">
            <Button onClick={() => begin('renew')}>{t('door.factor.renew')}</Button>
            {demanded ? null : <Button onClick={() => begin('end')}>{t('door.factor.end')}</Button>}
          </div>
        </>
      ) : (
        <>
          <span className="q">{t('door.factor.why')}</span>
          <div>
            <Button look="primary" onClick={() => begin('set_up')}>
              {t('door.factor.set_up')}
            </Button>
          </div>
        </>
      )}
    </section>
  )
}

interface SessionRow {
  id: string
  device: string
  current: boolean
  factor: boolean
  created_at: string
  seen_at: string
}

function Sessions(): JSX.Element {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { ask, busy, error } = useAsk()
  const [sure, setSure] = useState(false)
  const sessions = useQuery({ queryKey: ['sessions'], queryFn: ({ signal }) => get<SessionRow[]>('/sessions', signal) })
  const end = (path: string) =>
    void ask(path, {}).then((answer) => {
      // The present one may be among them: whoever is signed out is sent to the door by the next question.
      if (answer) void queries.invalidateQueries()
    })
  return (
    <section className="card pad stack">
      <div className="row between">
        <b>{t('door.sessions.title')}</b>
        <Button small look={sure ? 'danger' : 'plain'} busy={busy} onClick={() => (sure ? end('/sessions/end') : setSure(true))}>
          {t('door.sessions.end_all')}
        </Button>
      </div>
      {sure ? <span className="warn xs">{t('door.sessions.end_all_note')}</span> : null}
      <Trouble error={sessions.error ?? error} onRetry={() => void sessions.refetch()} />
      {sessions.isPending ? <Skeleton rows={2} height={36} /> : null}
      <ul className="sess">
        {sessions.data?.map((row) => (
          <li key={row.id} className="row between">
            <span>
              <b>{row.device || t('door.sessions.device_unknown')}</b>
              <span className="xs q sub">
                {t('door.sessions.since', { at: when(row.created_at) })} · {t('door.sessions.seen', { at: when(row.seen_at) })}
                {row.factor ? ` · ${t('door.sessions.with_factor')}` : ''}
              </span>
            </span>
            {row.current ? (
              <span className="mk ok">{t('door.sessions.current')}</span>
            ) : (
              <Button small onClick={() => end(`/sessions/${row.id}/end`)}>
                {t('door.sessions.end')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
