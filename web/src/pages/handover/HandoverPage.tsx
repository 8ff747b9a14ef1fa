// Shift handover: what one hands over, what waits to be taken by name. Owns the register's two sides.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { type JSX, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type HandoverRow, handoverQuery, queueQuery, staffQuery } from '@/api/queries'
import type { OfCase } from '@/api/types'
import { useCommand } from '@/api/useCommand'
import { useMe, useScenarios } from '@/app/me'
import { Top } from '@/app/Top'
import { word } from '@/i18n'
import { Button, Check, SelectField } from '@/parts/form'
import { AtZero, Countdown, Party } from '@/parts/marks'
import { amount, yuan } from '@/parts/money'
import { Empty, Trouble } from '@/parts/Trouble'
import { when } from '@/parts/time'
import { CaseLink, CaseList, useLiveList } from '../lists/CaseList'

export function HandoverPage(): JSX.Element {
  const { t } = useTranslation()
  useLiveList('handover')
  const query = useInfiniteQuery(handoverQuery)
  return (
    <main className="col grow surface">
      <Top title={t('handover.title')} note={t('handover.note')} />
      <div className="ho">
        <Mine />
        <section className="col">
          <header className="sh row between">
            <b>{t('handover.waiting')}</b>
          </header>
          <CaseList query={query} empty={t('handover.none_waiting')}>
            {(row) => <Waiting row={row} />}
          </CaseList>
        </section>
      </div>
    </main>
  )
}

function Mine(): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const scenarios = useScenarios()
  const mine = useInfiniteQuery(queueQuery('mine'))
  const staff = useQuery(staffQuery)
  const rows = mine.data?.pages.flatMap((page) => page.items) ?? []
  const [left, setLeft] = useState<Set<string>>(new Set())
  const [to, setTo] = useState('')
  const { run, busy, error } = useCommand<{ to?: string; cases: { shop: string; case_id: string }[] }, unknown>('/handover', [
    'handover',
  ])
  const chosen = rows.filter((row) => !left.has(row.id))
  const hand = () =>
    run({ ...(to ? { to } : {}), cases: chosen.map((row) => ({ shop: me.shopById(row.shop_id)?.code ?? '', case_id: row.id })) })
  return (
    <section className="col">
      <header className="sh row between">
        <b>{t('handover.mine', { count: rows.length })}</b>
        <span className="xs q num">{yuan(chosen.reduce((sum, row) => sum + row.amount_minor, 0))}</span>
      </header>
      <div className="scroll">
        {rows.length === 0 && mine.data ? (
          <div className="pad">
            <Empty title={t('handover.nothing')} />
          </div>
        ) : null}
        {rows.map((row) => (
          <div key={row.id} className="item">
            <Check
              checked={!left.has(row.id)}
              onChange={(on) => {
                const next = new Set(left)
                if (on) next.delete(row.id)
                else next.add(row.id)
                setLeft(next)
              }}
            >
              <span className="row between grow">
                <span className="row">
                  <Countdown at={row.next_deadline_at} state={row.next_state} from={row.opened_at} />
                  <b className="clip">{row.title || scenarios.title(row.scenario)}</b>
                </span>
                <span className="num">{amount(row.amount_minor)}</span>
              </span>
              <span className="row xs q">
                {row.case_no} <Party who={row.waiting_on} /> <AtZero code={row.next_at_zero} />
              </span>
            </Check>
          </div>
        ))}
        {mine.hasNextPage ? (
          <div className="pad">
            <Button onClick={() => void mine.fetchNextPage()}>{t('more')}</Button>
          </div>
        ) : null}
      </div>
      <footer className="dact end">
        <div className="grow">
          <SelectField
            label={t('handover.to')}
            value={to}
            onChange={setTo}
            empty={t('handover.next_shift')}
            options={(staff.data ?? [])
              .filter((it) => ['agent', 'senior', 'lead', 'night', 'supervisor'].includes(it.role) && it.name !== me.name)
              .map((it) => ({ value: it.name, label: `${it.display_name} ${word('role', it.role)}` }))}
          />
        </div>
        <Button look="primary" busy={busy} disabled={chosen.length === 0} onClick={() => void hand()}>
          {t('handover.hand', { count: chosen.length })}
        </Button>
      </footer>
      <Trouble error={error} />
    </section>
  )
}

function Waiting({ row }: { row: HandoverRow & OfCase }): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const { run, busy, error } = useCommand<Record<string, never>, unknown>(`/handover/${row.id}/take`, ['handover'])
  const said = Object.entries(row.summary).filter(([, value]) => ['string', 'number'].includes(typeof value) && value !== '')
  return (
    <>
      <div className="row between">
        <span className="row">
          <b>{row.title}</b>
          <span className="xs q">
            {t('handover.from', { who: row.from_staff ?? '—', at: when(row.at) })}
            {row.to_staff ? t('handover.for', { who: row.to_staff }) : ''}
          </span>
        </span>
        {me.can('take_handover') ? (
          <Button small look="primary" busy={busy} onClick={() => void run({})}>
            {t('handover.take')}
          </Button>
        ) : null}
      </div>
      <CaseLink row={row} />
      {said.length ? (
        <div className="xs q2 row wrap">
          {said.map(([name, value]) => (
            <span key={name}>
              {word('summary', name)}{' '}
              {name.endsWith('_at')
                ? when(String(value))
                : name.endsWith('_minor')
                  ? amount(Number(value))
                  : word(name, String(value))}
            </span>
          ))}
        </div>
      ) : null}
      <Trouble error={error} />
    </>
  )
}
