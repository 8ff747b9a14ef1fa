// The rehearsal: three groups with their reasons, the sum, and the word that starts. Owns the second press and the typed sum.
import { type JSX, useState } from 'react'
import { useKeys } from '@/app/keys'
import { useTranslation } from '@/i18n'
import { Button, Check, MoneyField } from '@/parts/form'
import { Icon, type IconName } from '@/parts/Icon'
import { inWords, typedMinor, yuan } from '@/parts/money'
import { Progress } from '@/parts/Progress'
import type { Say } from './BulkSheet'
import { finished, GROUPS, type Group, isMoney, type Job } from './jobs'
import { Rows } from './Rows'

const SIGN: Record<Group, IconName> = { can: 'check', approval: 'warn', cannot: 'close' }

export function Preflight({ job, say }: { job: Job; say: Say }): JSX.Element {
  const { t } = useTranslation()
  const [group, setGroup] = useState<Group>()
  const [asked, setAsked] = useState(false)
  const [typed, setTyped] = useState('')
  const [asks, setAsks] = useState(true)
  const [busy, setBusy] = useState(false)
  const { counts } = job
  const checked = job.state === 'checked'
  const money = isMoney(job.what)
  const moving = counts.can + (asks ? counts.approval : 0)
  const large = money && counts.can_minor > job.confirm_above_minor
  const fits = !large || typedMinor(typed) === counts.can_minor
  const able = checked && moving > 0
  // What is in the way is looked at first, unless all is well.
  const shown = group ?? (counts.cannot ? 'cannot' : counts.approval ? 'approval' : 'can')
  const action = t(`bulk.action.${job.what.do}`)
  const start = async () => {
    // No key moves money by its first press, which may come while the cases are still looked at.
    if (money && !asked && (counts.can > 0 || !checked)) return setAsked(true)
    if (!able || busy) return
    if (!fits) return
    setBusy(true)
    await say('start', { ask_approvals: asks, ...(large ? { confirm_minor: counts.can_minor } : {}) })
    setBusy(false)
  }
  useKeys({ 'Ctrl+Shift+Enter': { label: t('bulk.start', { action }), run: () => void start() } })
  const amount = (minor: number) => yuan(minor, job.currency || 'CNY')
  return (
    <>
      <div className="bkg" role="tablist" aria-label={t('bulk.groups')}>
        {GROUPS.map((it) => (
          <button
            key={it}
            type="button"
            role="tab"
            aria-selected={shown === it}
            className={`bkgt ${it}`}
            onClick={() => setGroup(it)}
          >
            <span className="row">
              <Icon name={SIGN[it]} size="s" />
              {t(`bulk.group.${it}`)}
            </span>
            <b className="num">{t('bulk.cases', { count: counts[it] })}</b>
            <span className="xs q num">
              {money && it !== 'cannot' ? amount(it === 'can' ? counts.can_minor : counts.approval_minor) : ' '}
            </span>
          </button>
        ))}
      </div>
      {checked ? null : (
        <div className="pad">
          <Progress label={t('bulk.state.checking')} {...finished(job)} />
        </div>
      )}
      <Rows job={job} by={{ group: shown }} empty={checked ? t(`bulk.none.${shown}`) : t('bulk.state.checking')} />
      {asked && able ? (
        <section className="strip bks" aria-live="assertive">
          <div className="stg">
            <div>
              <span className="xs q">{t('strip.check')}</span>
              <div className="row wide">
                <span className="amt num">{amount(counts.can_minor)}</span>
                <span>{inWords(counts.can_minor)}</span>
                <span className="q">{t('bulk.to_buyers', { count: counts.can })}</span>
              </div>
            </div>
            {large ? (
              <MoneyField
                label={t('bulk.type_sum', { above: amount(job.confirm_above_minor) })}
                value={typed}
                onChange={setTyped}
                autoFocus
              />
            ) : null}
          </div>
        </section>
      ) : null}
      <footer className="dact bkf">
        <span className="grow xs q">
          {counts.approval > 0 ? (
            <Check checked={asks} onChange={setAsks}>
              {t('bulk.ask_approvals', { count: counts.approval })}
            </Check>
          ) : checked ? (
            t('bulk.nothing_yet')
          ) : (
            t('bulk.checking_note')
          )}
        </span>
        <Button
          look="primary"
          keys="Ctrl ⇧ ↵"
          busy={busy}
          disabled={!able || (asked && !fits)}
          why={checked ? (able ? t('bulk.type_first') : t('bulk.nothing_to_do')) : t('bulk.state.checking')}
          onClick={() => void start()}
        >
          {money && counts.can === 0 && moving > 0
            ? t('bulk.only_approvals', { count: moving })
            : money
              ? asked
                ? t('bulk.confirm', { action, count: counts.can, amount: amount(counts.can_minor) })
                : t('bulk.first', { action, count: counts.can })
              : t('bulk.confirm_plain', { action, count: moving })}
        </Button>
      </footer>
    </>
  )
}
