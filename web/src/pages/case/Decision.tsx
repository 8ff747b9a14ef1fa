// What is due, what can be offered, what is under way. Owns the order of the sections and the bar of actions.
import { type JSX, useState } from 'react'
import { useKeys } from '@/app/keys'
import { both, useTranslation } from '@/i18n'
import { Button } from '@/parts/form'
import { Icon } from '@/parts/Icon'
import { ACTIONS, actionOf } from './actions'
import { Ladder } from './Ladder'
import { primary } from './primary'
import { Requests } from './Requests'
import { Steps } from './Steps'
import { UnderWay } from './UnderWay'
import { useWork } from './work'

const GROUPS = ['talk', 'decide', 'money', 'goods', 'order', 'team', 'case'] as const

export function Decision(): JSX.Element {
  const { t } = useTranslation()
  const { view, me, open, compose } = useWork()
  const [all, setAll] = useState(false)
  const first = primary(view, me.can)
  const go = () => {
    if (first?.sheet) open(first.sheet)
    else if (first?.text) compose(first.text, first.script, first.marks)
  }
  const can = (row: (typeof ACTIONS)[number]) => me.can(row.right) && (view.case.open || row.group === 'case')
  useKeys({
    ...(first && view.case.open && (!first.right || me.can(first.right))
      ? { 'Ctrl+Shift+Enter': { label: t('keys.primary'), run: go } }
      : {}),
    m: { label: t('keys.all'), run: () => setAll((shown) => !shown) },
    // Without a key of their own: the palette finds them by name.
    ...Object.fromEntries(
      ACTIONS.filter(can).flatMap((row) => {
        const sheet = row.sheet(view)
        return sheet ? [[`# ${row.name}`, { label: t(`action.${row.name}` as never), shown: '', run: () => open(sheet) }]] : []
      }),
    ),
  })
  const lawful = (view.advice?.ladder ?? []).filter((rung) => rung.lawful && rung !== first?.rung).slice(0, 1)
  return (
    <>
      <div className="dcs">
        {all ? (
          <div className="acts" id="all-actions">
            {GROUPS.map((group) => (
              <div key={group}>
                <div className="xs q">{t(`action_group.${group}`)}</div>
                {ACTIONS.filter((row) => row.group === group).map((row) => {
                  const sheet = row.sheet(view)
                  const may = me.can(row.right)
                  const closed = !view.case.open && row.group !== 'case'
                  return (
                    <button
                      key={row.name}
                      type="button"
                      aria-disabled={!may || !sheet || closed || undefined}
                      title={
                        !may ? t('action.not_yours') : !sheet ? t('action.no_request') : closed ? t('action.closed') : undefined
                      }
                      onClick={() => {
                        if (!may || !sheet || closed) return
                        setAll(false)
                        open(sheet)
                      }}
                    >
                      <Icon name={row.icon} size="s" />
                      {t(`action.${row.name}` as never)}
                    </button>
                  )
                })}
              </div>
            ))}
          </div>
        ) : null}
        <Steps />
        <Requests />
        <UnderWay part="decided" />
        {me.can('offer') ? <Ladder /> : null}
        <UnderWay part="work" />
        {me.can('offer') ? null : <Ladder />}
      </div>
      <div className="dact">
        {first && view.case.open ? (
          <Button
            look="primary"
            grow
            keys="Ctrl ⇧ ↵"
            onClick={go}
            disabled={first.right ? !me.can(first.right) : false}
            why={t('action.not_yours')}
          >
            {first.label}
          </Button>
        ) : null}
        {view.case.open
          ? lawful.map((rung) => {
              const row = actionOf(rung.then?.find((act) => act === 'refund' || act === 'agree_return'))
              return (
                <Button key={rung.rung} grow onClick={() => open(row?.sheet(view) ?? { name: 'offer', rung })}>
                  {both(rung.title)}
                </Button>
              )
            })
          : null}
        <Button keys="M" onClick={() => setAll(!all)}>
          {all ? t('action.less') : t('action.more')}
        </Button>
        {view.case.open ? (
          <Button keys="S" onClick={() => open({ name: 'wait' })}>
            {t('action.wait')}
          </Button>
        ) : null}
      </div>
    </>
  )
}
