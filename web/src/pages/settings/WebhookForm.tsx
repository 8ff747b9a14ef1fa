// A subscription new or changed: name, address, events. Owns the form; whether the address may be used the desk decides.
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type JSX, useState } from 'react'
import { useAsk } from '@/api/useCommand'
import { hooksPath, type NewSecret, type Webhook } from '@/api/webhooks'
import { useTranslation } from '@/i18n'
import { Button, Check, TextField } from '@/parts/form'
import { Trouble } from '@/parts/Trouble'

export function WebhookForm(props: {
  shop: string
  hook: Webhook | undefined
  events: string[]
  onDone: (made?: NewSecret) => void
}): JSX.Element {
  const { t } = useTranslation()
  const { shop, hook } = props
  const queries = useQueryClient()
  const { ask, busy, error } = useAsk()
  const [name, setName] = useState(hook?.name ?? '')
  const [url, setUrl] = useState(hook?.url ?? '')
  const [some, setSome] = useState(Boolean(hook?.events.length))
  const [events, setEvents] = useState(hook?.events ?? [])
  const ready = name.trim() !== '' && url.trim() !== '' && (!some || events.length > 0)
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (!ready) return
    const body = { name: name.trim(), url: url.trim(), events: some ? events : [] }
    void ask<NewSecret>(hooksPath(shop, hook?.id), body).then((answer) => {
      if (!answer) return
      void queries.invalidateQueries({ queryKey: ['webhooks', shop] })
      props.onDone(hook ? undefined : answer)
    })
  }
  return (
    <form className="card pad stack" onSubmit={save}>
      <b>{hook ? t('webhooks.edit') : t('webhooks.new')}</b>
      <TextField label={t('webhooks.name')} hint={t('webhooks.name_hint')} value={name} onChange={setName} autoFocus />
      <TextField
        label={t('webhooks.url')}
        hint={t('webhooks.url_hint')}
        value={url}
        onChange={setUrl}
        inputMode="url"
        placeholder="https://"
      />
      <Check checked={some} onChange={setSome}>
        {t('webhooks.pick')}
      </Check>
      {some ? (
        <fieldset className="plainset eventpick" aria-label={t('webhooks.events')}>
          {props.events.map((kind) => (
            <Check
              key={kind}
              checked={events.includes(kind)}
              onChange={(on) => setEvents(on ? [...events, kind] : events.filter((it) => it !== kind))}
            >
              {t(`webhooks.event.${kind}` as never)}
            </Check>
          ))}
        </fieldset>
      ) : null}
      <Trouble error={error} />
      <div className="row">
        <Button look="primary" type="submit" busy={busy} disabled={!ready}>
          {t('webhooks.save')}
        </Button>
        <Button onClick={() => props.onDone()}>{t('cancel')}</Button>
      </div>
    </form>
  )
}
