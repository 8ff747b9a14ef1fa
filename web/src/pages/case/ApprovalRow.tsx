// An approval on the case: asked, decided, what it binds. Owns deciding it in place; the list of all is a page of its own.
import { type JSX, useState } from 'react'
import { approve, decline } from '@/api/commands'
import type { Approval } from '@/api/types'
import { useTranslation, word } from '@/i18n'
import { Button, TextField } from '@/parts/form'
import { StateMark } from '@/parts/marks'
import { yuan } from '@/parts/money'
import { when } from '@/parts/time'
import { useWork } from './work'

/** Why a person above is asked. */
export const above = (why: string | string[]): string =>
  [why]
    .flat()
    .map((one) => word('above', one))
    .join('、')

export function ApprovalRow({ approval }: { approval: Approval }): JSX.Element {
  const { t } = useTranslation()
  const { view, me, open, run, busy } = useWork()
  const [note, setNote] = useState('')
  const [asking, setAsking] = useState<'approve' | 'decline' | null>(null)
  const own = approval.asked_by_id ? approval.asked_by_id === me.id : approval.asked_by === me.display_name
  const may = me.can(`approve_${approval.subject}`) && !own
  const use = (): void => {
    if (approval.subject === 'refund') open({ name: 'refund', approvalId: approval.id, amountMinor: approval.amount_minor })
    if (approval.subject === 'payout') open({ name: 'payout', approvalId: approval.id, amountMinor: approval.amount_minor })
  }
  const decide = async (): Promise<void> => {
    const done =
      asking === 'approve'
        ? await run(approve(approval.id), { note })
        : asking === 'decline'
          ? await run(decline(approval.id), { note })
          : undefined
    if (done) setAsking(null)
  }
  return (
    <div className="uw">
      <div className="row between">
        <span className="row">
          <span className="xs q">{t('approval.title')}</span>
          <b>{word('subject', approval.subject)}</b>
          <b className="num">{yuan(approval.amount_minor)}</b>
        </span>
        <StateMark kind="approval" state={approval.state} />
      </div>
      <div className="xs q">
        {t('approval.asked', { who: approval.asked_by, at: when(approval.asked_at) })}
        {approval.decided_by ? `·${t('approval.decided', { who: approval.decided_by, at: when(approval.decided_at) })}` : ''}·
        {t('approval.binds', {
          amount: yuan(approval.amount_minor),
          version: approval.asked_on_version ?? approval.case_version,
        })}
      </div>
      {approval.note || approval.why.length ? <div className="xs q2">{approval.note || above(approval.why)}</div> : null}
      {approval.state === 'pending' && own ? <div className="xs q">{t('approval.own')}</div> : null}
      {approval.state === 'pending' && may ? (
        asking ? (
          <div className="row end">
            <div className="grow">
              <TextField label={t(`approval.note_${asking}`)} value={note} onChange={setNote} autoFocus />
            </div>
            <Button look="primary" busy={busy} disabled={asking === 'decline' && !note.trim()} onClick={() => void decide()}>
              {t(`approval.${asking}_amount`, { amount: yuan(approval.amount_minor) })}
            </Button>
            <Button look="ghost" onClick={() => setAsking(null)}>
              {t('cancel')}
            </Button>
          </div>
        ) : (
          <div className="row wrap">
            <Button small onClick={() => setAsking('approve')}>
              {t('approval.approve')}
            </Button>
            <Button small onClick={() => setAsking('decline')}>
              {t('approval.decline')}
            </Button>
          </div>
        )
      ) : null}
      {approval.state === 'approved' && !approval.used_at && approval.subject !== 'offer' && view.case.open ? (
        <div className="row">
          <Button small onClick={use}>
            {t('approval.use')}
          </Button>
        </div>
      ) : null}
    </div>
  )
}
