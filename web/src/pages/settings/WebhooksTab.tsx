// Who is told of a shop's events. Owns the list of subscriptions, which one is looked at, and what is done to it as a whole.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type JSX, useState } from 'react'
import { remove } from '@/api/client'
import { useAsk } from '@/api/useCommand'
import { hooksPath, type NewSecret, type Webhook, webhooksQuery } from '@/api/webhooks'
import { useMe } from '@/app/me'
import { ShopPicker } from '@/app/ShopPicker'
import { useTranslation } from '@/i18n'
import { Button } from '@/parts/form'
import { Copy, Empty, Skeleton, Trouble } from '@/parts/Trouble'
import { when } from '@/parts/time'
import { WebhookForm } from './WebhookForm'
import { WebhookLog } from './WebhookLog'

export function WebhooksTab(): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const [shop, setShop] = useState(me.shops[0]?.code ?? '')
  const [chosen, setChosen] = useState('')
  const [form, setForm] = useState<'' | 'new' | 'edit'>('')
  const [secret, setSecret] = useState<NewSecret | null>(null)
  const { data, error, refetch } = useQuery(webhooksQuery(shop))
  // Whoever comes here comes because something failed: that one first.
  const hooks = data?.items ?? []
  const hook = hooks.find((it) => it.id === chosen) ?? hooks.find((it) => it.failed > 0) ?? hooks[0]
  const look = (id: string) => {
    setChosen(id)
    setForm('')
    setSecret(null)
  }
  return (
    <div className="hooks">
      <aside className="stack">
        <ShopPicker
          shop={shop}
          onChange={(code) => {
            setShop(code)
            look('')
          }}
        />
        <span className="xs q">{t('webhooks.note')}</span>
        <div className="row between">
          <b>{t('webhooks.title')}</b>
          <Button small look="primary" onClick={() => setForm('new')}>
            {t('webhooks.add')}
          </Button>
        </div>
        <Trouble error={error} onRetry={() => void refetch()} />
        {data || error ? null : <Skeleton rows={3} height={52} />}
        {hooks.map((it) => (
          <button
            key={it.id}
            type="button"
            className="rolepick"
            aria-pressed={form !== 'new' && it.id === hook?.id}
            onClick={() => look(it.id)}
          >
            <b className="clip">{it.name}</b>
            <span className="row between xs">
              <span className={it.state === 'paused' ? 'warn' : 'q'}>{t(`webhooks.${it.state}`)}</span>
              {it.failed ? <span className="bad num">{t('webhooks.failed', { count: it.failed })}</span> : null}
            </span>
          </button>
        ))}
      </aside>
      <div className="stack">
        {secret ? <Secret secret={secret.secret} onKept={() => setSecret(null)} /> : null}
        {form && data ? (
          <WebhookForm
            key={form === 'edit' ? hook?.id : 'new'}
            shop={shop}
            hook={form === 'edit' ? hook : undefined}
            events={data.events}
            onDone={(made) => {
              setForm('')
              if (made) {
                setChosen(made.id)
                setSecret(made)
              }
            }}
          />
        ) : null}
        {hook && form !== 'new' ? (
          <>
            {form === 'edit' ? null : (
              <Head
                key={hook.id}
                shop={shop}
                hook={hook}
                onEdit={() => setForm('edit')}
                onSecret={setSecret}
                onRemoved={() => look('')}
              />
            )}
            <WebhookLog key={`log${hook.id}`} shop={shop} hook={hook} />
          </>
        ) : data && !form ? (
          <Empty title={t('webhooks.none')}>{t('webhooks.none_note')}</Empty>
        ) : null}
      </div>
    </div>
  )
}

function Secret({ secret, onKept }: { secret: string; onKept: () => void }): JSX.Element {
  const { t } = useTranslation()
  return (
    <section className="card pad stack">
      <b>{t('webhooks.secret_title')}</b>
      <span className="q">{t('webhooks.secret_note')}</span>
      <div className="secret">
        <Copy text={secret} />
      </div>
      <div>
        <Button look="primary" onClick={onKept}>
          {t('webhooks.kept')}
        </Button>
      </div>
    </section>
  )
}

function Head(props: {
  shop: string
  hook: Webhook
  onEdit: () => void
  onSecret: (secret: NewSecret) => void
  onRemoved: () => void
}): JSX.Element {
  const { t } = useTranslation()
  const { shop, hook } = props
  const queries = useQueryClient()
  const { ask, busy, error } = useAsk()
  const [sure, setSure] = useState<'' | 'secret' | 'remove'>('')
  const [failed, setFailed] = useState<Error | null>(null)
  const anew = () => queries.invalidateQueries({ queryKey: ['webhooks', shop] })
  const turn = (what: 'pause' | 'resume') => void ask(hooksPath(shop, hook.id, what), {}).then((answer) => answer && anew())
  const renew = () =>
    void ask<NewSecret>(hooksPath(shop, hook.id, 'secret'), {}).then((answer) => {
      setSure('')
      if (answer) props.onSecret(answer)
      void anew()
    })
  const away = async () => {
    try {
      await remove(hooksPath(shop, hook.id))
      props.onRemoved()
      await anew()
    } catch (problem) {
      setFailed(problem as Error)
    }
  }
  return (
    <section className="card pad stack">
      <div className="row between">
        <b className="clip">{hook.name}</b>
        <span className="row">
          {hook.state === 'active' ? (
            <Button small busy={busy} onClick={() => turn('pause')}>
              {t('webhooks.pause')}
            </Button>
          ) : (
            <Button small look="primary" busy={busy} onClick={() => turn('resume')}>
              {t('webhooks.resume')}
            </Button>
          )}
          <Button small onClick={props.onEdit}>
            {t('webhooks.edit')}
          </Button>
          <Button small busy={busy} onClick={() => (sure === 'secret' ? renew() : setSure('secret'))}>
            {t(sure === 'secret' ? 'webhooks.renew_sure' : 'webhooks.renew')}
          </Button>
          <Button
            small
            look={sure === 'remove' ? 'danger' : 'plain'}
            onClick={() => (sure === 'remove' ? void away() : setSure('remove'))}
          >
            {t(sure === 'remove' ? 'webhooks.remove_sure' : 'webhooks.remove')}
          </Button>
        </span>
      </div>
      {sure === 'secret' ? <span className="xs warn">{t('webhooks.renew_note')}</span> : null}
      {sure === 'remove' ? <span className="xs warn">{t('webhooks.remove_note')}</span> : null}
      <span className="mono sm clip" title={hook.url}>
        {hook.url}
      </span>
      <span className="row wrap xs q">
        <span>{hook.events.length ? t('webhooks.some_events', { count: hook.events.length }) : t('webhooks.all_events')}</span>
        <span>{hook.delivered_at ? t('webhooks.delivered_at', { at: when(hook.delivered_at) }) : t('webhooks.never')}</span>
        {hook.waiting ? <span className="num">{t('webhooks.waiting', { count: hook.waiting })}</span> : null}
        {hook.old_secret_until ? <span>{t('webhooks.old_until', { at: when(hook.old_secret_until) })}</span> : null}
      </span>
      {hook.state === 'paused' && hook.pause ? (
        <span className="warn">{t(`webhooks.paused_${hook.pause}`)}</span>
      ) : hook.failing_since ? (
        <span className="warn">{t('webhooks.failing', { at: when(hook.failing_since) })}</span>
      ) : null}
      <Trouble error={error ?? failed} />
    </section>
  )
}
