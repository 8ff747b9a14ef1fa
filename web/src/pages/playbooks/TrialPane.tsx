// The text tried on past cases: how far, how often it agrees, what it would cost, and where it differs. Owns the run on the screen.
import { Link } from '@tanstack/react-router'
import { type JSX, useCallback, useEffect, useRef, useState } from 'react'
import { useMe } from '@/app/me'
import { ShopPicker } from '@/app/ShopPicker'
import { useTranslation } from '@/i18n'
import { Button, Segments } from '@/parts/form'
import { yuan } from '@/parts/money'
import { Progress } from '@/parts/Progress'
import { Trouble } from '@/parts/Trouble'
import { type Differing, type Gives, LISTED, type Run, started, tryOut } from './trial'
import type { Edit } from './useEdit'

const DAYS = ['30', '90'] as const

/** Runs in the background of the editor; a new run ends the one before. */
export function useTrial(edit: Edit, scenario: string) {
  const me = useMe()
  const [shop, setShop] = useState(me.shops[0]?.code ?? '')
  const [days, setDays] = useState<(typeof DAYS)[number]>('30')
  const [run, setRun] = useState<Run>()
  const [error, setError] = useState<Error | null>(null)
  const current = useRef(0)
  const stop = useCallback(() => {
    current.current += 1
    setRun((now) => (now?.state === 'running' ? { ...now, state: 'stopped' } : now))
  }, [])
  useEffect(
    () => () => {
      current.current += 1
    },
    [],
  )
  const start = async () => {
    if (edit.faults.length || !shop) return
    current.current += 1
    const mine = current.current
    setError(null)
    setRun(started())
    const text = { source: edit.source, shared: edit.shared }
    try {
      await tryOut(
        shop,
        scenario,
        text,
        Number(days),
        (next) => mine === current.current && setRun(next),
        () => mine !== current.current,
      )
    } catch (problem) {
      if (mine !== current.current) return
      setError(problem as Error)
      setRun((now) => (now ? { ...now, state: 'stopped' } : now))
    }
  }
  // What was found belongs to the shop and the days it was found in.
  const forget = () => {
    stop()
    setRun(undefined)
    setError(null)
  }
  return {
    shop,
    setShop: (next: string) => {
      forget()
      setShop(next)
    },
    days,
    setDays: (next: typeof days) => {
      forget()
      setDays(next)
    },
    run,
    error,
    start,
    stop,
    faulty: edit.faults.length > 0,
  }
}

export function TrialPane({ trial, rung }: { trial: ReturnType<typeof useTrial>; rung: (id: string) => string }): JSX.Element {
  const { t } = useTranslation()
  const { run, error } = trial
  const running = run?.state === 'running'
  return (
    <div className="trial stack">
      <p className="xs q">{t('trial.rule')}</p>
      <div className="row wrap gap">
        <Segments
          label={t('trial.days')}
          value={trial.days}
          onChange={trial.setDays}
          options={DAYS.map((value) => ({ value, label: t(`trial.d${value}`) }))}
        />
        <ShopPicker shop={trial.shop} onChange={trial.setShop} />
        <span className="grow" />
        {running ? (
          <Button small onClick={trial.stop}>
            {t('trial.stop')}
          </Button>
        ) : (
          <Button
            small
            look="primary"
            keys="Ctrl Enter"
            disabled={trial.faulty}
            why={t('trial.faulty')}
            onClick={() => void trial.start()}
          >
            {t('trial.run')}
          </Button>
        )}
      </div>
      {trial.faulty ? <p className="gate xs">{t('trial.faulty')}</p> : null}
      <Trouble error={error} onRetry={() => void trial.start()} />
      {run ? <Told run={run} rung={rung} shop={trial.shop} /> : null}
    </div>
  )
}

function Told({ run, rung, shop }: { run: Run; rung: (id: string) => string; shop: string }): JSX.Element {
  const { t } = useTranslation()
  const { sums, done, total, state, differing } = run
  const more = sums.would_minor - sums.given_minor
  const apart = more === 0 ? t('trial.even') : t(more > 0 ? 'trial.more' : 'trial.less', { amount: yuan(Math.abs(more)) })
  return (
    <>
      {state === 'done' ? null : (
        <div className="row between xs q" aria-live="polite">
          <span className="num">{t(state === 'stopped' ? 'trial.stopped' : 'trial.progress', { done, total })}</span>
        </div>
      )}
      {state === 'running' ? <Progress label={t('trial.title')} done={done} total={total} /> : null}
      {state === 'done' && sums.cases === 0 ? <p className="q">{t('trial.none')}</p> : null}
      {sums.cases ? (
        <dl className="trial-n">
          <div>
            <dt className="xs q">{t('trial.same')}</dt>
            <dd>
              <b className="num lg">{`${((sums.same / sums.cases) * 100).toFixed(1)}%`}</b>
              <span className="xs q num">{t('trial.same_note', { same: sums.same, cases: sums.cases })}</span>
            </dd>
          </div>
          <div>
            <dt className="xs q">{t('trial.would')}</dt>
            <dd>
              <b className="num lg">{yuan(sums.would_minor)}</b>
              <span className={more > 0 ? 'xs num bad' : 'xs num q'}>{apart}</span>
            </dd>
          </div>
          <div>
            <dt className="xs q">{t('trial.given')}</dt>
            <dd>
              <b className="num lg">{yuan(sums.given_minor)}</b>
              <span className="xs q num">{t('board.cases', { count: sums.cases })}</span>
            </dd>
          </div>
          <div>
            <dt className="xs q">{t('trial.by_itself')}</dt>
            <dd>
              <b className="num lg">{sums.by_itself}</b>
              <span className="xs q num">{`${((sums.by_itself / sums.cases) * 100).toFixed(1)}%`}</span>
            </dd>
          </div>
        </dl>
      ) : null}
      {differing.length ? (
        <section aria-label={t('trial.differing')}>
          <div className="row between">
            <b>{t('trial.differing')}</b>
            <span className="xs q num">
              {t('trial.differing_note', {
                count: sums.amount + sums.other + sums.silent,
                amount: sums.amount,
                other: sums.other,
                silent: sums.silent,
              })}
            </span>
          </div>
          {differing.length >= LISTED ? <p className="xs q">{t('trial.cut', { count: LISTED })}</p> : null}
          <table className="grid trial-t">
            <thead>
              <tr>
                <th scope="col">{t('trial.column.case')}</th>
                <th scope="col">{t('trial.column.given')}</th>
                <th scope="col">{t('trial.column.would')}</th>
              </tr>
            </thead>
            <tbody>
              {differing.map((row) => (
                <Row key={row.case_id} row={row} rung={rung} shop={shop} />
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
    </>
  )
}

function Row({ row, rung, shop }: { row: Differing; rung: (id: string) => string; shop: string }): JSX.Element {
  const { t } = useTranslation()
  const what = (gives: Gives | null, minor: number) => (
    <>
      <span>{gives ? t(`trial.gives.${gives}`) : t('trial.nothing')}</span>
      {minor ? <span className="num q"> {yuan(minor)}</span> : null}
    </>
  )
  return (
    <tr>
      <td>
        <Link to="/cases/$shop/$id" params={{ shop, id: row.case_id }}>
          {row.title || row.case_no}
        </Link>
        <div className="xs q">{t(`trial.verdict.${row.verdict}`)}</div>
      </td>
      <td>{what(row.given, row.given_minor)}</td>
      <td>
        {what(row.would, row.would_minor)}
        <div className="xs q clip">{row.by_itself ? t('trial.by_itself') : row.rung ? rung(row.rung) : ''}</div>
      </td>
    </tr>
  )
}
