// Words that leave later: when to send what is in the composer, and what waits or was held back on this case. Owns both forms.
import { type JSX, useState } from 'react'
import { deskNow } from '@/api/client'
import { cancelLater, changeLater, type Later } from '@/api/together'
import { both, useTranslation, word } from '@/i18n'
import { AreaField, Button, Check, TextField } from '@/parts/form'
import { Icon } from '@/parts/Icon'
import { exact, fromLocal, when } from '@/parts/time'
import { isMasked } from './Reveal'
import { useWork } from './work'

const HOUR_MS = 3_600_000
/** An instant as the field for times has it, in the shop's zone. */
const local = (ms: number): string => exact(new Date(ms).toISOString()).slice(0, 16).replace(' ', 'T')
const morning = (): string => `${local(deskNow() + 24 * HOUR_MS).slice(0, 10)}T10:00`

/** Chooses when the text of the composer leaves. */
export function LaterForm({
  busy,
  itself,
  onSend,
  onClose,
}: {
  busy: boolean
  itself: boolean
  onSend: (sendAt: string, unlessAnswered: boolean) => void
  onClose: () => void
}): JSX.Element {
  const { t } = useTranslation()
  const [at, setAt] = useState(morning)
  const [careful, setCareful] = useState(true)
  const quick = [
    { name: 'hour', at: () => local(deskNow() + HOUR_MS) },
    { name: 'evening', at: () => `${local(deskNow()).slice(0, 10)}T18:00` },
    { name: 'morning', at: morning },
  ] as const
  return (
    <div className="ltf">
      <div className="row wrap">
        {quick
          .filter((it) => Date.parse(fromLocal(it.at())) > deskNow())
          .map((it) => (
            <Button key={it.name} small onClick={() => setAt(it.at())}>
              {t(`together.later.${it.name}`)}
            </Button>
          ))}
        <input
          className="in sm"
          type="datetime-local"
          aria-label={t('together.later.at')}
          value={at}
          onChange={(event) => setAt(event.target.value)}
        />
      </div>
      <Check checked={careful} onChange={setCareful}>
        {t('together.later.careful')}
      </Check>
      <div className="row between">
        <span className="xs q2">{t(itself ? 'together.later.itself' : 'together.later.by_hand')}</span>
        <span className="row">
          <Button small look="ghost" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button small look="primary" busy={busy} disabled={!at} onClick={() => onSend(fromLocal(at), careful)}>
            {t('together.later.set')}
          </Button>
        </span>
      </div>
    </div>
  )
}

/** What waits on this case, and what could not leave. */
export function LaterList(): JSX.Element | null {
  const { t } = useTranslation()
  const { view } = useWork()
  const rows = view.later ?? []
  if (!rows.length) return null
  return (
    <section className="lts" aria-label={t('together.later.title')}>
      {rows.map((it) => (
        <Row key={it.id} later={it} />
      ))}
    </section>
  )
}

function Row({ later }: { later: Later }): JSX.Element {
  const { t } = useTranslation()
  const { run, busy, me, view } = useWork()
  const [editing, setEditing] = useState(false)
  const held = later.state === 'held'
  // Once that time has passed they can leave now.
  const from = later.allowed_from && Date.parse(later.allowed_from) > deskNow() ? later.allowed_from : undefined
  const may = me.can('contact') && view.case.open
  const again = async () => {
    await run(changeLater(later.id), from ? { send_at: from } : {})
  }
  return (
    <div className={held ? 'lt held-back' : 'lt'}>
      <div className="row between">
        <span className="row xs">
          <Icon name="clock" size="s" />
          <b className="num nw">{held ? t('together.later.held') : t('together.later.leaves', { at: when(later.send_at) })}</b>
          <span className="q nw">{[word('channel', later.channel), later.actor].filter(Boolean).join('·')}</span>
        </span>
        {may ? (
          <span className="row nw">
            {held ? (
              <Button small busy={busy} onClick={() => void again()}>
                {from ? t('together.later.from', { at: when(from) }) : t('together.later.again')}
              </Button>
            ) : null}
            <Button small look="ghost" onClick={() => setEditing(!editing)}>
              {t('together.later.edit')}
            </Button>
            <Button small look="ghost" busy={busy} onClick={() => void run(cancelLater(later.id), {})}>
              {t('together.later.drop')}
            </Button>
          </span>
        ) : null}
      </div>
      {held ? (
        <div className="xs warn">
          {later.reasons.map((reason) => both(reason.message)).join('；')}
          <span className="q2">{` ${t('together.later.tries', { count: later.tries })}`}</span>
        </div>
      ) : null}
      {editing ? <Edit later={later} onDone={() => setEditing(false)} /> : <div className="xs q2 two">{later.text ?? '—'}</div>}
    </div>
  )
}

function Edit({ later, onDone }: { later: Later; onDone: () => void }): JSX.Element {
  const { t } = useTranslation()
  const { run, busy } = useWork()
  const [text, setText] = useState(later.text ?? '')
  const [at, setAt] = useState(() => local(Math.max(Date.parse(later.send_at), deskNow() + 60_000)))
  // What is shown masked would be sent masked: then only the time is changed.
  const whole = !isMasked(later.text)
  const save = async () => {
    const changed = whole && text.trim() !== later.text ? { text: text.trim() } : {}
    if (await run(changeLater(later.id), { ...changed, send_at: fromLocal(at) })) onDone()
  }
  return (
    <div className="col">
      {whole ? <AreaField label={t('together.later.text')} value={text} onChange={setText} /> : null}
      <TextField label={t('together.later.at')} type="datetime-local" value={at} onChange={setAt} />
      <span className="row">
        <Button small look="primary" busy={busy} disabled={!text.trim() || !at} onClick={() => void save()}>
          {t('together.later.save')}
        </Button>
        <Button small look="ghost" onClick={onDone}>
          {t('cancel')}
        </Button>
      </span>
    </div>
  )
}
