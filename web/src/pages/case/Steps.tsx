// The steps of the scenario and the facts still to be found. Owns a check list that advises and never walls off.
import type { JSX } from 'react'
import type { FactNeeded, Step } from '@/api/advice'
import { both, useTranslation, word } from '@/i18n'
import { Button } from '@/parts/form'
import { Icon } from '@/parts/Icon'
import { when } from '@/parts/time'
import { actionOf } from './actions'
import { useWork } from './work'

export function Steps(): JSX.Element | null {
  const { t } = useTranslation()
  const { view, open, compose } = useWork()
  const steps = view.advice?.steps ?? []
  const facts = view.advice?.facts ?? []
  if (steps.length === 0 && facts.length === 0) return null
  const act = (step: Step) => {
    const script = view.advice?.scripts.find((one) => one.id === step.script)
    if (script && !script.missing?.length) return compose(both(script.text), script.id, script.marks)
    const sheet = actionOf(step.do)?.sheet(view)
    if (sheet) return open(sheet)
    open(step.team ? { name: 'task', team: step.team, text: both(step.title) } : { name: 'facts' })
  }
  const now = steps.find((step) => step.must && !step.done) ?? steps.find((step) => !step.done)
  return (
    <div>
      <div className="hd xs q2">
        {t('case.steps')}
        <span className="q">{t('case.steps_note')}</span>
      </div>
      <ul className="due">
        {steps.map((step) => (
          <li key={step.id} className={step.done ? 'y' : step === now ? 'c' : step.must ? 'o must' : 'o'}>
            <button
              type="button"
              title={[both(step.title), both(step.why)].filter(Boolean).join('\n')}
              onClick={() => act(step)}
              disabled={step.done === true || !view.case.open}
            >
              <Icon name={step.done ? 'check' : step === now ? 'chevron' : 'dot'} />
              <span className="clip">{both(step.title)}</span>
              <small className={step.late && !step.done ? 'bad' : ''}>
                {step.done
                  ? ''
                  : step.due_at
                    ? when(step.due_at)
                    : step.waits_on && step.waits_on !== 'agent'
                      ? word('party', step.waits_on)
                      : ''}
              </small>
            </button>
          </li>
        ))}
      </ul>
      {facts.length ? (
        <ul className="need">
          {facts.map((fact, at) => (
            <Need key={at} fact={fact} />
          ))}
        </ul>
      ) : null}
    </div>
  )
}

function Need({ fact }: { fact: FactNeeded }): JSX.Element {
  const { t } = useTranslation()
  const { view, compose, open } = useWork()
  const spent = fact.at_most !== null && fact.at_most !== undefined && (fact.asked ?? 0) >= fact.at_most
  const ask = both(fact.ask)
  const fromBuyer = !fact.of || fact.of === 'buyer'
  const closed = !view.case.open
  return (
    <li>
      <Icon name="question" />
      <div className="grow">
        <span>{ask || both(fact.need.line)}</span>
        <div className="xs q">
          {[
            ask ? both(fact.need.line) : '',
            word('party', fact.of),
            fact.asked ? t('case.asked', { count: fact.asked }) : '',
            both(fact.why),
            spent && fact.instead ? t('case.instead', { what: both(fact.instead) }) : '',
          ]
            .filter(Boolean)
            .join('·')}
        </div>
      </div>
      {closed ? null : fromBuyer && ask && !spent ? (
        <Button small onClick={() => compose(ask, undefined, ['evidence_asked'])}>
          {t('case.ask')}
        </Button>
      ) : fromBuyer ? null : (
        <Button small onClick={() => open({ name: 'task', team: fact.of ?? undefined, text: ask })}>
          {t('action.task')}
        </Button>
      )}
      {closed ? null : (
        <Button small look="ghost" onClick={() => open({ name: 'facts', fact: fact.facts[0] })}>
          {t('case.record')}
        </Button>
      )}
    </li>
  )
}
