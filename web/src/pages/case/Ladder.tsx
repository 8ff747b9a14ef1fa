// The ladder: ordered offers with cost, chance, time, caps and reasons; what is not possible says why. Owns advice, never a wall.
import { type CSSProperties, type JSX, useState } from 'react'
import type { Rung } from '@/api/advice'
import { useKeys } from '@/app/keys'
import { useScenarios } from '@/app/me'
import { both, useTranslation, word } from '@/i18n'
import { Button } from '@/parts/form'
import { BecauseLines, Line } from '@/parts/Lines'
import { StateMark } from '@/parts/marks'
import { amount } from '@/parts/money'
import { when } from '@/parts/time'
import { interval } from './interval'
import { useWork } from './work'

export function Ladder(): JSX.Element | null {
  const { t } = useTranslation()
  const { view } = useWork()
  const scenarios = useScenarios()
  const [why, setWhy] = useState(false)
  useKeys({ w: { label: t('keys.why'), run: () => setWhy((shown) => !shown) } })
  const ladder = view.advice?.ladder ?? []
  if (ladder.length === 0) return null
  const listed = ladder.filter((rung) => rung.possible !== false)
  const left = ladder.filter((rung) => rung.possible === false)
  const answered = new Set(
    view.sent_offers.filter((it) => ['refused', 'expired', 'accepted'].includes(it.state)).map((it) => it.rung),
  )
  // Once one is accepted, the others are there to be looked at; none is pressed for.
  const settled = view.sent_offers.some((it) => it.state === 'accepted')
  const current = settled
    ? undefined
    : (listed.find((rung) => rung.next) ?? listed.find((rung) => rung.possible && !answered.has(rung.rung)))
  return (
    <div className="card lad">
      <div className="row between lh">
        <span className="hd">
          {t('ladder.title')}
          <span className="q xs">
            {t('ladder.playbook', {
              title: both(view.advice?.playbook?.title) || scenarios.title(view.case.playbook.scenario),
              version: view.case.playbook.version,
            })}
          </span>
        </span>
        <span className="row xs q nw">
          {t('ladder.chance')}
          <Button small look="ghost" keys="W" onClick={() => setWhy(!why)}>
            {t('ladder.why')}
          </Button>
        </span>
      </div>
      <ol>
        {listed.map((rung, at) => (
          <OneRung key={rung.rung} rung={rung} at={at} current={rung === current} why={why} />
        ))}
      </ol>
      {left.length ? (
        <div className="why xs">
          <button type="button" onClick={() => setWhy(!why)} aria-expanded={why}>
            {t('ladder.left_out', { count: left.length, titles: left.map((rung) => both(rung.title)).join('、') })}
          </button>
          {why
            ? left.map((rung) => (
                <div key={rung.rung}>
                  <b>{both(rung.title)}</b>
                  <BecauseLines lines={rung.because.filter((line) => line.ok !== true)} />
                </div>
              ))
            : null}
        </div>
      ) : null}
      {view.advice?.bottom_line ? (
        <div className="why xs q2">{t('ladder.bottom_line', { text: both(view.advice.bottom_line) })}</div>
      ) : null}
    </div>
  )
}

function OneRung({ rung, at, current, why }: { rung: Rung; at: number; current: boolean; why: boolean }): JSX.Element {
  const { t } = useTranslation()
  const { view, me, open } = useWork()
  const offer = view.sent_offers.findLast((it) => it.rung === rung.rung)
  const over = offer?.state === 'refused' || offer?.state === 'expired'
  const can = me.can('offer') && view.case.open
  return (
    <li className={`rg ${over ? 'past' : ''} ${current ? 'cur' : ''}`}>
      <div className="rn" aria-hidden="true">
        {at + 1}
      </div>
      <div className="rb">
        <div className="row">
          <span className="b clip">
            {both(rung.title)}
            {rung.amount_minor && !/\d/.test(both(rung.title)) ? ` ${amount(rung.amount_minor)}` : ''}
          </span>
          <span className="grow" />
          {rung.lawful ? <span className="tag">{t('ladder.lawful')}</span> : null}
          {offer ? (
            <>
              <StateMark kind="offer" state={offer.state} />
              {offer.answered_at ? <span className="xs q num">{when(offer.answered_at)}</span> : null}
            </>
          ) : can && rung.possible !== false ? (
            <Button
              small
              look={current ? 'primary' : 'plain'}
              keys={`Alt ${at + 1}`}
              onClick={() => open({ name: 'offer', rung })}
            >
              {t('ladder.offer')}
            </Button>
          ) : null}
        </div>
        <div className="rm">
          <span>
            {rung.cost_minor === undefined ? null : (
              <>
                {t('ladder.cost')} <b className="num">{amount(rung.cost_minor)}</b>
              </>
            )}
          </span>
          <Chance rung={rung} />
          <span className="q">{rung.takes_h ? t('ladder.takes', { hours: rung.takes_h }) : ''}</span>
        </div>
        {rung.cap_minor && (current || !over) ? <CapBar rung={rung} /> : null}
        {why || current || rung.possible === null ? <BecauseLines lines={rung.because} /> : null}
        {rung.lawful && !current ? <Line kind="yes">{t('ladder.lawful_line')}</Line> : null}
        {rung.needs_approval && !over ? (
          <Line kind="note">{t('ladder.needs_approval', { who: word('role', rung.approver ?? 'lead') })}</Line>
        ) : null}
        {current && rung.promise ? (
          <Line kind="time">
            {t('ladder.promise', {
              team: word('team', rung.promise.team),
              hours: rung.promise.within_h,
              text: both(rung.promise.text),
            })}
          </Line>
        ) : null}
        {current && rung.freight?.borne_by ? (
          <Line kind="time">{t('ladder.freight', { who: word('bearer', rung.freight.borne_by) })}</Line>
        ) : null}
        {current
          ? (rung.asks ?? []).map((ask, n) => (
              <Line key={n} kind="note">
                {both(ask)}
              </Line>
            ))
          : null}
      </div>
    </li>
  )
}

/** Accepted of asked, with the 95 % interval drawn; without a sample it says so. */
function Chance({ rung }: { rung: Rung }): JSX.Element {
  const { t } = useTranslation()
  if (!rung.asked) return <span className="q">{t('ladder.no_data')}</span>
  const accepted = rung.accepted ?? 0
  const [low, high] = interval(accepted, rung.asked)
  const share = (value: number) => `${Math.round(value * 100)}%`
  return (
    <span className="acc" title={t('ladder.interval', { low: share(low), high: share(high) })}>
      <span className="bar" aria-hidden="true">
        <i style={{ left: share(low), width: share(high - low) }} />
        <u style={{ left: share(accepted / rung.asked) }} />
      </span>
      <span className="num">
        <b>
          {accepted}/{rung.asked}
        </b>{' '}
        {t('ladder.accepted')}
      </span>
    </span>
  )
}

/** The amount against what the agent may decide alone and the cap, on one bar. */
export function CapBar({
  rung,
  minor,
}: {
  rung: Pick<Rung, 'cap_minor' | 'amount_minor' | 'own_minor' | 'remedy' | 'means'>
  minor?: number
}): JSX.Element | null {
  const { t } = useTranslation()
  const { me } = useWork()
  const cap = rung.cap_minor ?? 0
  if (cap <= 0) return null
  const kind = spending(rung.remedy, rung.means)
  const own = Math.min(cap, rung.own_minor ?? me.authority.find((it) => it.kind === kind)?.per_case_minor ?? 0)
  const asked = minor ?? rung.amount_minor ?? 0
  const share = (value: number): string => `${Math.min(100, (value / cap) * 100)}%`
  return (
    <div
      className="capbar"
      role="img"
      aria-label={t('ladder.cap_label', { amount: amount(asked), own: amount(own), cap: amount(cap) })}
    >
      <div className="cb">
        <i className="own" style={{ width: share(own) }} />
        <i className="apv" style={{ left: share(own), width: share(cap - own) } as CSSProperties} />
        {asked ? <u className={asked > cap ? 'past' : ''} style={{ left: share(asked) }} /> : null}
      </div>
      <div className="cl xs num">
        <span>0</span>
        {own < cap ? <span>{t('ladder.own', { amount: amount(own) })}</span> : <span>{t('ladder.own_covers')}</span>}
        <span>{t('ladder.cap', { amount: amount(cap) })}</span>
      </div>
    </div>
  )
}

/** The kind of spending a remedy counts as, for the limits of one's role. */
export function spending(remedy: string, means?: string | string[] | null): string {
  const first = Array.isArray(means) ? means[0] : means
  if (remedy === 'refund' || remedy === 'return_refund') return 'refund'
  if (remedy === 'exchange' || remedy === 'reship') return 'goods'
  return first && ['coupon', 'points', 'level'].includes(first) ? 'virtual' : 'payout'
}
