// What the buyer asks for. Owns the rows with the answers a request can get; a lawful yes is always there.
import type { JSX } from 'react'
import { valueWord } from '@/api/catalogue'
import { withdrawRequest } from '@/api/commands'
import { isOver, type Request } from '@/api/types'
import { useTranslation, word } from '@/i18n'
import { Button } from '@/parts/form'
import { StateMark } from '@/parts/marks'
import { yuan } from '@/parts/money'
import { when } from '@/parts/time'
import { unanswered } from './answered'
import { useWork } from './work'

export function Requests(): JSX.Element | null {
  const { t } = useTranslation()
  const { view, me, open } = useWork()
  if (view.requests.length === 0) {
    return view.case.open && me.can('request') ? (
      <div className="row between xs q">
        <span>{t('request.none')}</span>
        <Button small onClick={() => open({ name: 'request' })}>
          {t('action.request')}
        </Button>
      </div>
    ) : null
  }
  return (
    <div className="card rows">
      {view.requests.map((request) => (
        <One key={request.id} request={request} />
      ))}
    </div>
  )
}

function One({ request }: { request: Request }): JSX.Element {
  const { t } = useTranslation()
  const { view, me, open, run } = useWork()
  const lines = request.lines.map((line) => {
    const known = view.order?.lines.find((one) => one.line_no === line.line_no)
    return known ? `${known.title} ×${line.quantity}` : `#${line.line_no} ×${line.quantity}`
  })
  const waits = unanswered(view).includes(request)
  const goods = ['return_refund', 'exchange', 'repair'].includes(request.kind)
  const money = ['refund_only', 'return_refund', 'price_difference', 'freight'].includes(request.kind)
  return (
    <div className="rq">
      <div className="row between">
        <span className="row">
          <span className="xs q">{t('request.title')}</span>
          <b>{word('request_kind', request.kind)}</b>
          {request.amount_minor !== null && request.amount_minor !== undefined ? (
            <b className="num">{yuan(request.amount_minor)}</b>
          ) : null}
        </span>
        <StateMark kind="request" state={request.state} />
      </div>
      <div className="xs q2 clip">
        {[valueWord('request.problem', request.reason), lines.join('、'), when(request.applied_at)].filter(Boolean).join('·')}
      </div>
      {isOver(request) || !view.case.open ? null : (
        <div className="row wrap">
          {me.can('request') && waits ? (
            <Button small onClick={() => open({ name: 'answer_request', request })}>
              {t('answer.do')}
            </Button>
          ) : null}
          {goods && me.can('agree_return') && request.state === 'open' ? (
            <Button small onClick={() => open({ name: 'agree_return', request })}>
              {t('action.agree_return')}
            </Button>
          ) : null}
          {money && me.can('refund') ? (
            <Button small onClick={() => open({ name: 'refund', request })}>
              {t('action.refund')}
            </Button>
          ) : null}
          {me.can('request') ? (
            <>
              <Button small look="ghost" onClick={() => open({ name: 'change_request', request })}>
                {t('request.change')}
              </Button>
              <Button small look="ghost" onClick={() => void run(withdrawRequest(request.id), {})}>
                {t('request.withdraw')}
              </Button>
            </>
          ) : null}
          {me.can('refuse_request') ? (
            <Button small look="ghost" onClick={() => open({ name: 'refuse_request', request })}>
              {t('action.refuse_request')}
            </Button>
          ) : null}
        </div>
      )}
    </div>
  )
}
