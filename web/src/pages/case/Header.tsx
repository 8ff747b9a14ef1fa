// The head of a case: problem, stage, whose move, the clocks. Owns their look; readable before anything else.
import { Link } from '@tanstack/react-router'
import type { JSX } from 'react'
import { valueWord } from '@/api/catalogue'
import { assign, unmerge } from '@/api/commands'
import type { Deadline } from '@/api/types'
import { useColleagues, useScenarios } from '@/app/me'
import { both, useTranslation, word } from '@/i18n'
import { Button } from '@/parts/form'
import { Icon } from '@/parts/Icon'
import { clockLabel } from '@/parts/label'
import { AtZero, Countdown, Party } from '@/parts/marks'
import { Copy } from '@/parts/Trouble'
import { exact, useNow, when } from '@/parts/time'
import { HereNow, WatchButton } from './Together'
import { useWork } from './work'

const STAGES = ['intake', 'diagnosis', 'negotiation', 'execution', 'confirmation', 'closed'] as const

export function Header(): JSX.Element {
  const { t } = useTranslation()
  const scenarios = useScenarios()
  const { at, view, me, open, run } = useWork()
  const it = view.case
  const owner = useColleagues()(it.owner_id)
  const running = view.deadlines.filter((deadline) => !deadline.ended_at && deadline.state !== 'void')
  const order = (deadline: Deadline) =>
    deadline.due_at && deadline.state === 'running' ? new Date(deadline.due_at).getTime() : Number.MAX_SAFE_INTEGER
  running.sort((one, other) => order(one) - order(other))
  const step = view.advice?.steps.find((one) => one.must && !one.done) ?? view.advice?.steps.find((one) => !one.done)
  const tags: { text: string; sheet: 'classify' | 'diagnosis' }[] = [
    { text: both(view.advice?.playbook?.title) || scenarios.title(it.scenario), sheet: 'classify' },
    ...(it.complaint_class ? [{ text: valueWord('case.class', it.complaint_class), sheet: 'classify' as const }] : []),
    { text: t('severity', { level: it.severity }), sheet: 'classify' },
    ...(it.emotion ? [{ text: word('emotion', it.emotion), sheet: 'classify' as const }] : []),
    ...(it.cause
      ? [
          {
            text: `${valueWord('diagnosis.cause', it.cause)}·${valueWord('diagnosis.party', it.party)}`,
            sheet: 'diagnosis' as const,
          },
        ]
      : []),
  ]
  const ending = view.advice?.closing?.results.find((one) => one.id === it.result)
  return (
    <header className="chd">
      <div className="row">
        <h1 className="clip">{it.title || scenarios.title(it.scenario)}</h1>
        {tags.map((tag) => (
          <button
            key={tag.text}
            type="button"
            className="tag"
            title={t(`case.edit_${tag.sheet}`)}
            onClick={() => open({ name: tag.sheet })}
          >
            {tag.text}
          </button>
        ))}
        <span className="grow" />
        <Link to="/pack/$shop/$id" params={at} target="_blank" className="xs nw">
          {t('pack.title')}
        </Link>
        <span className="xs q num nw">
          <Copy text={it.case_no} />·{t('case.version', { version: it.version })}
        </span>
      </div>
      <div className="row ch2">
        <Stepper stage={it.stage} />
        <span className="grow" />
        {it.merged_into ? (
          <span className="row xs warn">
            {t('case.merged')}
            <Button small onClick={() => void run(unmerge, {})}>
              {t('case.unmerge')}
            </Button>
          </span>
        ) : null}
        <HereNow />
        <WatchButton />
        <span className="row xs q">
          <Icon name="user" size="s" />
          {it.owner_id ? owner || t('case.owned') : t('case.nobody')}
        </span>
        {!it.owner_id && me.can('assign') ? (
          <Button small keys="A" onClick={() => void run(assign, { staff: me.name })}>
            {t('case.take')}
          </Button>
        ) : null}
        {it.open ? null : (
          <Button small onClick={() => open({ name: 'reopen' })}>
            {t('action.reopen')}
          </Button>
        )}
      </div>
      <div className="ch3">
        <div className="wait">
          <div className="xs q">{t('case.waiting_on')}</div>
          <div className="row">
            {it.open ? (
              <Party who={it.waiting_on} name={it.waiting_on === 'agent' ? owner : undefined} />
            ) : (
              <b>{word('stage', 'closed')}</b>
            )}
          </div>
          <div className="xs q2 clip">
            {it.open
              ? step
                ? t('case.next', { step: both(step.title) })
                : ''
              : `${both(ending?.title) || it.result}·${word('confirmation', it.confirmation)}`}
          </div>
        </div>
        {running.slice(0, 3).map((deadline) => (
          <Clock key={deadline.id} deadline={deadline} />
        ))}
        {running.length === 0 ? (
          <div className="dl xs q">{it.open ? t('case.no_clock') : t('case.closed_at', { at: when(it.closed_at) })}</div>
        ) : null}
        {running.length > 3 ? (
          <details className="dl more">
            <summary className="xs q">{t('case.more_clocks', { count: running.length - 3 })}</summary>
            <div className="pop">
              {running.slice(3).map((deadline) => (
                <Clock key={deadline.id} deadline={deadline} />
              ))}
            </div>
          </details>
        ) : null}
      </div>
    </header>
  )
}

function Stepper({ stage }: { stage: string }): JSX.Element {
  const { t } = useTranslation()
  const at = STAGES.indexOf(stage as (typeof STAGES)[number])
  return (
    <ol className="step" aria-label={t('case.stage')}>
      {STAGES.map((name, place) => (
        <li
          key={name}
          className={place < at || stage === 'closed' ? 'd' : place === at ? 'c' : ''}
          aria-current={place === at ? 'step' : undefined}
        >
          <i>{place < at || stage === 'closed' ? <Icon name="check" /> : null}</i>
          <span>{word('stage', name)}</span>
        </li>
      ))}
    </ol>
  )
}

function Clock({ deadline }: { deadline: Deadline }): JSX.Element {
  const { t } = useTranslation()
  const now = useNow()
  const past = deadline.due_at ? new Date(deadline.due_at).getTime() <= now : false
  return (
    <div className="dl" title={[exact(deadline.due_at), deadline.rule].filter(Boolean).join(' ')}>
      <div className="row">
        <Countdown at={deadline.due_at} state={deadline.state} from={deadline.started_at} />
        <span className="clip">{clockLabel(deadline)}</span>
      </div>
      <div className="xs q row">
        <AtZero code={deadline.at_zero} past={past} />
        <span className="clip">{word('source', deadline.source)}</span>
        <span className="sr">{t('case.due', { at: exact(deadline.due_at) })}</span>
      </div>
    </div>
  )
}
