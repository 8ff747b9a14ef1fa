// Effects that need a person: done by hand, or unknown at the platform. Owns the list; money is settled with its proof.
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type JSX, memo, useState } from 'react'
import { queryEffect, settleEffect } from '@/api/commands'
import { effectsQuery } from '@/api/queries'
import type { Effect, OfCase } from '@/api/types'
import { useKeys } from '@/app/keys'
import { useMe } from '@/app/me'
import { Top } from '@/app/Top'
import { useTranslation, word } from '@/i18n'
import { Button, Segments, TextField } from '@/parts/form'
import { Line } from '@/parts/Lines'
import { StateMark } from '@/parts/marks'
import { inWords, yuan } from '@/parts/money'
import { Trouble } from '@/parts/Trouble'
import { when } from '@/parts/time'
import { CaseLink, CaseList, rowsOf, useLiveList } from './CaseList'
import { useRowCommand } from './useRowCommand'

const STATES = ['person', 'unknown', 'running'] as const

export function EffectsPage(): JSX.Element {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const search = useSearch({ from: '/frame/effects' })
  const state = (STATES as readonly string[]).includes(search.state ?? '') ? (search.state as (typeof STATES)[number]) : 'person'
  useLiveList('effects')
  const query = useInfiniteQuery(effectsQuery(state))
  const rows = rowsOf(query)
  const [chosen, setChosen] = useState('')
  const at = Math.max(
    0,
    rows.findIndex((row) => row.id === chosen),
  )
  const move = (to: number) => setChosen(rows[Math.max(0, Math.min(rows.length - 1, to))]?.id ?? '')
  useKeys({ j: { label: t('keys.move'), shown: 'J K', run: () => move(at + 1) }, k: () => move(at - 1) })
  return (
    <main className="col grow surface">
      <Top title={t('effect.page')} note={t('effect.page_note')} />
      <div className="bar">
        <Segments
          label={t('effect.page')}
          value={state}
          onChange={(next) => void navigate({ to: '/effects', search: { state: next } })}
          options={STATES.map((it) => ({ value: it, label: t(`effect.list_${it}`) }))}
        />
      </div>
      <CaseList query={query} empty={t(`effect.empty_${state}`)}>
        {(row) => <One row={row} current={row === rows[at]} />}
      </CaseList>
    </main>
  )
}

const One = memo(function One({ row, current }: { row: Effect & OfCase; current: boolean }): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const { run, busy, error } = useRowCommand('effects')
  const [doing, setDoing] = useState<'succeeded' | 'rejected' | null>(null)
  const [serial, setSerial] = useState('')
  const [note, setNote] = useState('')
  const unknown = row.state === 'unknown' || row.state === 'needs_person'
  const person = unknown || row.state === 'awaiting_person'
  const may = person && me.can('settle_effect')
  // What the current row can be told; a serial number or a reason is typed, and Enter sends it.
  useKeys(
    current && may && !doing
      ? {
          y: { label: t('effect.was_done'), run: () => setDoing('succeeded') },
          n: { label: t('effect.was_not_done'), run: () => setDoing('rejected') },
          ...(unknown && !row.manual
            ? { a: { label: t('effect.query'), run: () => void run(row, queryEffect(row.id), {}) } }
            : {}),
        }
      : {},
  )
  const keys = (key: string) => (current ? key : undefined)
  return (
    <div className={unknown ? 'unk pad stack' : 'stack'}>
      <div className="row between">
        <span className="row">
          <b>{word('effect', row.kind)}</b>
          <b className="num lg">{yuan(row.amount_minor)}</b>
          <span className="xs q">{row.amount_minor ? inWords(row.amount_minor) : ''}</span>
        </span>
        <StateMark kind="effect" state={row.state} />
      </div>
      <div className="row between">
        <span className="row">
          <span className="xs q">
            {t('effect.made', { at: when(row.at) })}
            {row.attempt ? `·${t('effect.attempts', { count: row.attempt })}` : ''}
            {row.code ? `·${row.code}` : ''}
          </span>
          <CaseLink row={row} />
        </span>
        {may ? (
          <span className="row">
            {unknown && !row.manual ? (
              <Button small keys={keys('A')} busy={busy} onClick={() => void run(row, queryEffect(row.id), {})}>
                {t('effect.query')}
              </Button>
            ) : null}
            <Button small look="primary" keys={keys('Y')} onClick={() => setDoing('succeeded')}>
              {t('effect.was_done')}
            </Button>
            <Button small keys={keys('N')} onClick={() => setDoing('rejected')}>
              {t('effect.was_not_done')}
            </Button>
          </span>
        ) : null}
      </div>
      {unknown ? (
        <Line kind="note">
          <b className="bad">{t('effect.do_not_repeat')}</b> {t('effect.unknown_text')}
        </Line>
      ) : null}
      {doing ? (
        <form
          className="row end doing"
          onSubmit={(event) => {
            event.preventDefault()
            void run(row, settleEffect(row.id), { outcome: doing, serial: serial.trim(), note: note.trim() }).then(
              (ok) => ok && setDoing(null),
            )
          }}
        >
          <div className="grow two">
            <TextField label={t('sheet.settle.serial')} value={serial} onChange={setSerial} autoFocus={doing === 'succeeded'} />
            <TextField label={t('sheet.note')} value={note} onChange={setNote} autoFocus={doing === 'rejected'} />
          </div>
          <Button look="primary" type="submit" busy={busy} disabled={doing === 'succeeded' ? !serial.trim() : !note.trim()}>
            {t(doing === 'succeeded' ? 'effect.confirm_done' : 'effect.confirm_not_done', { amount: yuan(row.amount_minor) })}
          </Button>
        </form>
      ) : null}
      <Trouble error={error} />
    </div>
  )
})
