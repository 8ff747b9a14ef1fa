// What was promised to buyers, by team: due, kept with proof, put off with a reason. Owns finance's and the warehouse's list.
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type JSX, memo, useState } from 'react'
import { keepPromise, renegotiate, settleEffect } from '@/api/commands'
import { promisesQuery } from '@/api/queries'
import type { OfCase, Promised } from '@/api/types'
import { serves, useMe } from '@/app/me'
import { Top } from '@/app/Top'
import { useTranslation, word } from '@/i18n'
import { Button, TextField } from '@/parts/form'
import { Countdown, Party, StateMark } from '@/parts/marks'
import { yuan } from '@/parts/money'
import { Trouble } from '@/parts/Trouble'
import { exact } from '@/parts/time'
import { CaseLink, CaseList, useLiveList } from './CaseList'
import { TeamTabs, teamOf } from './TeamTabs'
import { useRowCommand } from './useRowCommand'

export function PromisesPage(): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const search = useSearch({ from: '/frame/promises' })
  const team = search.team ?? teamOf(me.role)
  useLiveList('promises')
  const query = useInfiniteQuery(promisesQuery(team === 'all' ? undefined : team))
  return (
    <main className="col grow surface">
      <Top title={t('promise.page')} note={t('promise.page_note')} />
      <TeamTabs team={team} onChange={(next) => void navigate({ to: '/promises', search: { team: next } })} />
      <CaseList query={query} empty={t('promise.empty')}>
        {(row) => <One row={row} />}
      </CaseList>
    </main>
  )
}

const One = memo(function One({ row }: { row: Promised & OfCase }): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const { run, busy, error } = useRowCommand('promises')
  const [doing, setDoing] = useState<'keep' | 'put_off' | null>(null)
  const [text, setText] = useState('')
  const [hours, setHours] = useState('24')
  const paid = Boolean(row.effect_id)
  const done = async () => {
    const ok =
      doing === 'put_off'
        ? await run(row, renegotiate(row.id), { due_in_h: Number(hours), reason: text.trim() })
        : row.effect_id
          ? await run(row, settleEffect(row.effect_id), { outcome: 'succeeded', serial: text.trim(), note: '' })
          : await run(row, keepPromise(row.id), { proof: text.trim() })
    if (ok) setDoing(null)
  }
  return (
    <>
      <div className="row between">
        <span className="row">
          <Countdown at={row.due_at} from={row.at} />
          <b>{row.text ?? '—'}</b>
          {row.amount_minor ? <b className="num lg">{yuan(row.amount_minor)}</b> : null}
        </span>
        <StateMark kind="promise" state={row.state} />
      </div>
      <div className="row between">
        <span className="row">
          <Party who={row.team} name={row.owner} />
          <span className="xs q">{t('promise.due', { at: exact(row.due_at).slice(5, 16) })}</span>
          <CaseLink row={row} />
        </span>
        <span className="row">
          {(paid ? me.can('settle_effect') : serves(me.role, row.team) || me.role === 'supervisor') ? (
            <Button small look="primary" onClick={() => setDoing(doing === 'keep' ? null : 'keep')}>
              {paid ? t('promise.paid') : t('promise.keep')}
            </Button>
          ) : null}
          {me.can('renegotiate_promise') ? (
            <Button small onClick={() => setDoing(doing === 'put_off' ? null : 'put_off')}>
              {t('promise.renegotiate')}
            </Button>
          ) : null}
        </span>
      </div>
      {doing ? (
        <form
          className="row end doing"
          onSubmit={(event) => {
            event.preventDefault()
            if (text.trim()) void done()
          }}
        >
          {doing === 'put_off' ? (
            <TextField label={t('sheet.due_in_h')} value={hours} onChange={setHours} inputMode="numeric" />
          ) : null}
          <div className="grow">
            <TextField
              label={doing === 'put_off' ? t('sheet.reason') : paid ? t('sheet.settle.serial') : t('sheet.promise.proof')}
              value={text}
              onChange={setText}
              hint={doing === 'keep' && paid ? t('promise.paid_hint', { amount: yuan(row.amount_minor) }) : undefined}
              autoFocus
            />
          </div>
          <Button look="primary" type="submit" busy={busy} disabled={!text.trim()}>
            {doing === 'put_off'
              ? t('sheet.save')
              : paid
                ? t('promise.confirm_paid', { amount: yuan(row.amount_minor) })
                : t('promise.keep')}
          </Button>
        </form>
      ) : null}
      <Trouble error={error} />
      <span className="sr">{word('team', row.team)}</span>
    </>
  )
})
