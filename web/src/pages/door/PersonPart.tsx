// The person behind a buyer, beside the case: marks, other identities, the joined history. Owns the part; the desk never decides by it.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, type JSX, useState } from 'react'
import { useAsk } from '@/api/useCommand'
import { useColleagues, useMe } from '@/app/me'
import { useTranslation, word } from '@/i18n'
import { AreaField, Button, Segments, TextField } from '@/parts/form'
import { Icon } from '@/parts/Icon'
import { Trouble } from '@/parts/Trouble'
import { when } from '@/parts/time'
import { type Identity, personKey, personQuery } from './person'

/** Cases of the history shown at once. */
const SHOWN = 5
/** Proposals shown at once. */
const PROPOSED = 2

export function PersonPart({ shop, buyer, caseId }: { shop: string; buyer: string; caseId?: string }): JSX.Element | null {
  const { t } = useTranslation()
  const me = useMe()
  const names = useColleagues()
  const queries = useQueryClient()
  const { data, error } = useQuery(personQuery(shop, buyer))
  const { ask, busy, error: refused } = useAsk()
  const [marking, setMarking] = useState(false)
  const [all, setAll] = useState(false)
  const [more, setMore] = useState(false)
  if (!data) return error ? <Trouble error={error} /> : null
  const may = me.can('mark_buyer')
  const again = (answer: unknown) => {
    if (answer) void queries.invalidateQueries({ queryKey: personKey(shop, buyer) })
    return answer
  }
  const base = `/shops/${encodeURIComponent(shop)}`
  const judge = (it: Identity, verdict: 'same' | 'apart' | 'open') =>
    void ask(`${base}/buyers/${buyer}/identities`, { shop: it.shop, buyer: it.buyer, verdict }).then(again)
  const history = data.history.filter((it) => it.case_id !== caseId)
  const signals = (it: Identity) => it.signals.map((signal) => t(`person.signal.${signal}` as never)).join('、')
  return (
    <div className="stack psn">
      {data.marks.map((mark) => (
        <div key={mark.id} className={`mark ${mark.kind}`}>
          <span className="row between">
            <b className="row">
              <Icon name="warn" size="s" />
              {t(`person.kind.${mark.kind}`)}
            </b>
            {may ? (
              <Button small look="ghost" busy={busy} onClick={() => void ask(`${base}/marks/${mark.id}/end`, {}).then(again)}>
                {t('person.end')}
              </Button>
            ) : null}
          </span>
          <span>{mark.reason ?? t('person.erased')}</span>
          <span className="xs q">
            {t('person.mark_by', { who: names(mark.by_id), at: when(mark.at), until: when(mark.expires_at) })}
          </span>
        </div>
      ))}
      {data.marks.length ? <span className="xs q">{t('person.decides_nothing')}</span> : null}
      {data.proposed.slice(0, more ? data.proposed.length : PROPOSED).map((it) => (
        <div key={`${it.shop} ${it.buyer}`} className="mark ask">
          <span>
            {t('person.maybe', { who: `${it.masked_name} ${it.masked_phone}`, shop: it.shop_title })}
            <span className="xs q sub">{t('person.because', { signals: signals(it) })}</span>
          </span>
          {may ? (
            <span className="row">
              <Button small busy={busy} onClick={() => judge(it, 'same')}>
                {t('person.same')}
              </Button>
              <Button small look="ghost" busy={busy} onClick={() => judge(it, 'apart')}>
                {t('person.apart')}
              </Button>
            </span>
          ) : null}
        </div>
      ))}
      {data.proposed.length > PROPOSED && !more ? (
        <div>
          <Button small look="ghost" onClick={() => setMore(true)}>
            {t('person.more', { count: data.proposed.length - PROPOSED })}
          </Button>
        </div>
      ) : null}
      {data.linked.map((it) => (
        <div key={`${it.shop} ${it.buyer}`} className="row between">
          <span>
            {t('person.also', { who: `${it.masked_name} ${it.masked_phone}`, shop: it.shop_title })}
            <span className="xs q sub">
              {it.signals.length ? `${t('person.because', { signals: signals(it) })} · ` : ''}
              {t('person.said', { who: names(it.by_id), at: when(it.at) })}
            </span>
          </span>
          {may ? (
            <Button small look="ghost" busy={busy} onClick={() => judge(it, 'open')}>
              {t('person.undo')}
            </Button>
          ) : null}
        </div>
      ))}
      {data.linked.length && history.length ? (
        <div className="stack2">
          <b className="xs">{t('person.history', { count: history.length })}</b>
          {history.slice(0, all ? history.length : SHOWN).map((it) => (
            <Link key={it.case_id} className="xs row between" to="/cases/$shop/$id" params={{ shop: it.shop, id: it.case_id }}>
              <span className="clip">{it.title || it.case_no}</span>
              <span className="q nw">
                {word('stage', it.stage)} {when(it.opened_at)}
              </span>
            </Link>
          ))}
          {history.length > SHOWN && !all ? (
            <Button small look="ghost" onClick={() => setAll(true)}>
              {t('more')}
            </Button>
          ) : null}
        </div>
      ) : null}
      <Trouble error={refused} />
      {may ? (
        marking ? (
          <MarkForm path={`${base}/buyers/${buyer}/marks`} onDone={() => again(true) && setMarking(false)} />
        ) : (
          <div>
            <Button small look="ghost" onClick={() => setMarking(true)}>
              {t('person.mark')}
            </Button>
          </div>
        )
      ) : null}
    </div>
  )
}

function MarkForm({ path, onDone }: { path: string; onDone: () => void }): JSX.Element {
  const { t } = useTranslation()
  const { ask, busy, error } = useAsk()
  const [kind, setKind] = useState<'risk' | 'block'>('risk')
  const [reason, setReason] = useState('')
  const [days, setDays] = useState('90')
  const set = (event: FormEvent) => {
    event.preventDefault()
    if (reason.trim()) void ask(path, { kind, reason: reason.trim(), days: Number(days) }).then((answer) => answer && onDone())
  }
  return (
    <form className="stack" onSubmit={set}>
      <Segments
        label={t('person.mark')}
        value={kind}
        onChange={setKind}
        options={(['risk', 'block'] as const).map((it) => ({ value: it, label: t(`person.kind.${it}`) }))}
      />
      <AreaField
        label={t('person.reason')}
        value={reason}
        onChange={setReason}
        rows={2}
        placeholder={t('person.reason_place')}
        hint={t('person.decides_nothing')}
      />
      <TextField label={t('person.days')} type="number" min={1} max={365} value={days} onChange={setDays} />
      <Trouble error={error} />
      <div className="row">
        <Button small look="primary" type="submit" busy={busy} disabled={!reason.trim()}>
          {t('person.set')}
        </Button>
        <Button small onClick={onDone}>
          {t('cancel')}
        </Button>
      </div>
    </form>
  )
}
