// The answers that a buyer's request can get, side by side. Owns the choice; each answer is a form or a text of its own.
import type { JSX } from 'react'
import { valueWord } from '@/api/catalogue'
import { withdrawRequest } from '@/api/commands'
import type { Request } from '@/api/types'
import { useKeys } from '@/app/keys'
import { both, useTranslation, word } from '@/i18n'
import { Button } from '@/parts/form'
import { Line } from '@/parts/Lines'
import { yuan } from '@/parts/money'
import { Trouble } from '@/parts/Trouble'
import { type SheetName, useWork } from '../work'

/** The text of the playbooks with which a buyer is asked to take a request back. */
const ASK_WITHDRAW = 'ask_withdraw'
const GOODS = ['return_refund', 'exchange', 'repair']
const MONEY = ['refund_only', 'price_difference', 'freight']

interface Answer {
  name: 'agree' | 'terms' | 'refuse' | 'ask_withdraw' | 'withdrawn'
  run: () => void
}

export function AnswerSheet({ request, onClose }: { request: Request; onClose: (done?: boolean) => void }): JSX.Element {
  const { t } = useTranslation()
  const { view, me, open, compose, run, error } = useWork()
  const script = view.advice?.scripts.find((it) => it.id === ASK_WITHDRAW)
  const agree: [string, SheetName] = GOODS.includes(request.kind)
    ? ['agree_return', { name: 'agree_return', request }]
    : MONEY.includes(request.kind)
      ? ['refund', { name: 'refund', request }]
      : ['payout', { name: 'payout', amountMinor: request.amount_minor ?? undefined }]
  const answers: Answer[] = [
    ...(me.can(agree[0]) ? [{ name: 'agree', run: () => open(agree[1]) } as const] : []),
    ...(me.can('offer') ? [{ name: 'terms', run: () => open({ name: 'offer' }) } as const] : []),
    ...(me.can('refuse_request') ? [{ name: 'refuse', run: () => open({ name: 'refuse_request', request }) } as const] : []),
    ...(script && me.can('contact')
      ? [
          {
            name: 'ask_withdraw',
            run: () => {
              onClose(true)
              compose(both(script.text), script.id, script.marks)
            },
          } as const,
        ]
      : []),
    ...(me.can('request')
      ? [{ name: 'withdrawn', run: () => void run(withdrawRequest(request.id), {}).then((ok) => ok && onClose(true)) } as const]
      : []),
  ]
  useKeys(
    Object.fromEntries(answers.map((answer, at) => [String(at + 1), { label: t(`answer.${answer.name}`), run: answer.run }])),
  )
  return (
    <section className="sheet col" aria-label={t('answer.title')}>
      <header className="row between shh">
        <b>{t('answer.title')}</b>
        <Button small look="ghost" keys="Esc" onClick={() => onClose()}>
          {t('close')}
        </Button>
      </header>
      <div className="shb">
        <p className="xs q2">{t('answer.note')}</p>
        <div className="row">
          <b>{word('request_kind', request.kind)}</b>
          {request.amount_minor ? <b className="num">{yuan(request.amount_minor)}</b> : null}
          <span className="q">{valueWord('request.problem', request.reason)}</span>
        </div>
        <Trouble error={error} />
        {answers.map((answer, at) => (
          <div key={answer.name} className="card pad row between">
            <span>
              <b>{t(`answer.${answer.name}`)}</b>
              <br />
              <span className="xs q2">{t(`answer.${answer.name}_why`)}</span>
            </span>
            <Button small look={answer.name === 'refuse' ? 'primary' : 'plain'} keys={String(at + 1)} onClick={answer.run}>
              {t(`answer.${answer.name}_do`)}
            </Button>
          </div>
        ))}
        <Line kind="time">{t('answer.follows')}</Line>
      </div>
    </section>
  )
}
