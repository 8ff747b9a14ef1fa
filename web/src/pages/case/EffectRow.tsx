// An effect: one thing done to the outside, exactly once. Owns its look; *unknown* says what is safe and what is not.
import type { JSX } from 'react'
import { cancelEffect, queryEffect } from '@/api/commands'
import type { Effect } from '@/api/types'
import { useTranslation, word } from '@/i18n'
import { Button } from '@/parts/form'
import { Line } from '@/parts/Lines'
import { StateMark } from '@/parts/marks'
import { amount } from '@/parts/money'
import { span, useNow, when } from '@/parts/time'
import { TwoLines } from './UnderWay'
import { useWork } from './work'

export function EffectRow({ effect }: { effect: Effect }): JSX.Element {
  const { t } = useTranslation()
  const { me, open, run, busy, view } = useWork()
  const now = useNow(effect.state === 'held')
  const unknown = effect.state === 'unknown' || effect.state === 'needs_person'
  const byHand = effect.state === 'awaiting_person'
  // Rounded up, as the bar of the hold counts.
  const left = Math.ceil(Math.max(0, new Date(effect.not_before).getTime() - now) / 1000) * 1000
  const meta = [
    effect.state === 'held' ? t('effect.leaves_in', { span: span(left) }) : t('effect.made', { at: when(effect.at) }),
    effect.attempt > 1 ? t('effect.attempts', { count: effect.attempt }) : '',
    effect.code,
    effect.platform_ref,
    byHand ? word('team', effect.team) : '',
  ]
  return (
    <div className={unknown ? 'uw unk' : 'uw'}>
      <TwoLines
        title={word('effect', effect.kind)}
        minor={effect.amount_minor}
        mark={<StateMark kind="effect" state={effect.state} />}
        meta={<span className="clip">{meta.filter(Boolean).join('·')}</span>}
      >
        {effect.state === 'held' && me.can('cancel_effect') ? (
          <Button small busy={busy} onClick={() => void run(cancelEffect(effect.id), {})}>
            {t('effect.undo')}
          </Button>
        ) : null}
      </TwoLines>
      {unknown ? (
        <>
          <Line kind="note">
            <b className="bad">{t('effect.do_not_repeat')}</b> {t('effect.unknown_text')}
          </Line>
          <Line kind="yes">{t('effect.may')}</Line>
          <Line kind="no">
            {t('effect.may_not', { amount: amount(effect.amount_minor), rest: amount(view.order?.refundable_minor) })}
          </Line>
          {effect.state === 'unknown' ? <Line kind="time">{t('effect.next_query', { at: when(effect.next_at) })}</Line> : null}
        </>
      ) : null}
      {unknown || byHand ? (
        <div className="row wrap">
          {unknown && !effect.manual ? (
            <Button small busy={busy} onClick={() => void run(queryEffect(effect.id), {})}>
              {t('effect.query')}
            </Button>
          ) : null}
          {me.can('settle_effect') ? (
            <>
              <Button small onClick={() => open({ name: 'settle', effectId: effect.id, outcome: 'succeeded' })}>
                {t('effect.was_done')}
              </Button>
              <Button small onClick={() => open({ name: 'settle', effectId: effect.id, outcome: 'rejected' })}>
                {t('effect.was_not_done')}
              </Button>
            </>
          ) : null}
        </div>
      ) : null}
    </div>
  )
}
