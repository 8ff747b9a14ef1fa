// The charts over the figures of a period. Owns what each shows and the sentence that says it.
import { type JSX, useMemo } from 'react'
import { valueWord } from '@/api/catalogue'
import { useTranslation } from '@/i18n'
import { Bars } from '@/parts/charts/Bars'
import { Days } from '@/parts/charts/Days'
import { Flow } from '@/parts/charts/Flow'
import { Heat } from '@/parts/charts/Heat'
import { Panel } from '@/parts/charts/Panel'
import { yuan } from '@/parts/money'
import { type Board, type Period, spent, total } from './figures'
import { useResults } from './results'
import { SpeedPanels, StaffingPanel } from './SpeedPanels'
import { sumsOf } from './sums'

export function Panels({
  board,
  period,
  onDrill,
}: {
  board: Board
  period: Period
  onDrill: (figure: string, key: string) => void
}): JSX.Element {
  const { t } = useTranslation()
  const results = useResults()
  const cause = (code: string) =>
    code === '' || code === 'unknown'
      ? t('board.unknown')
      : code === 'others'
        ? t('board.others')
        : valueWord('diagnosis.cause', code)
  const result = (code: string) => (code === 'others' ? t('board.others') : results(code))
  const { pairs, bands, stacks, promises, costs, arrivals, cells, days, busy } = useMemo(
    () => sumsOf(board, period),
    [board, period],
  )
  const empty = t('board.nothing')
  const busiest = arrivals[0]?.key.split('-') ?? []
  const weekday = (day: string) => t(`board.weekday.${day as '1'}`)
  const open = board.waterline.filter((row) => row.count > 0)

  return (
    <>
      <Panel
        title={t('board.panel.waterline')}
        note={`${t('board.panel.waterline_note', { count: total(open), amount: yuan(spent(open)) })}${board.waterline_cut ? ` · ${t('board.panel.waterline_cut')}` : ''}`}
        rows={open.length ? board.waterline : []}
        empty={empty}
        columns={[
          { name: t('board.column.left'), cell: (row) => t(`board.left.${row.bucket as 'over'}`) },
          { name: t('board.column.cases'), cell: (row) => row.count, figure: true },
          { name: t('board.column.amount'), cell: (row) => yuan(row.amount_minor), figure: true },
        ]}
      >
        <Bars
          bars={board.waterline.map((row) => ({
            key: row.bucket,
            name: t(`board.left.${row.bucket as 'over'}`),
            value: row.count,
            shown: t('board.cases', { count: row.count }),
            more: yuan(row.amount_minor),
            tone: row.bucket,
          }))}
        />
      </Panel>
      <Panel
        title={t('board.panel.flow')}
        note={t('board.panel.flow_note', { count: total(pairs) })}
        rows={pairs}
        empty={empty}
        onRow={(row) => onDrill('cause', row.from || 'unknown')}
        columns={[
          { name: t('board.column.cause'), cell: (row) => cause(row.from) },
          { name: t('board.column.result'), cell: (row) => result(row.to) },
          { name: t('board.column.cases'), cell: (row) => row.count, figure: true },
        ]}
      >
        <Flow
          bands={bands}
          cause={cause}
          result={result}
          label={`${t('board.panel.flow')}: ${pairs
            .slice(0, 3)
            .map((row) => `${cause(row.from)} → ${result(row.to)} ${row.count}`)
            .join('; ')}`}
        />
      </Panel>
      <Panel
        title={t('board.panel.promise')}
        note={t('board.panel.promise_note', promises)}
        rows={promises.count ? stacks : []}
        empty={empty}
        columns={[
          { name: t('board.column.day'), cell: (row) => row.day },
          { name: t('board.column.kept'), cell: (row) => row.parts[0]?.count, figure: true },
          { name: t('board.column.kept_late'), cell: (row) => row.parts[1]?.count, figure: true },
          { name: t('board.column.broken'), cell: (row) => row.parts[2]?.count, figure: true },
        ]}
      >
        <Days stacks={stacks} label={t('board.panel.promise_note', promises)} />
      </Panel>
      <Panel
        title={t('board.panel.cost')}
        note={t('board.panel.cost_note', { count: total(costs), amount: yuan(spent(costs)) })}
        rows={costs}
        empty={empty}
        onRow={(row) => onDrill('cause', row.key)}
        columns={[
          { name: t('board.column.cause'), cell: (row) => cause(row.key) },
          { name: t('board.column.count'), cell: (row) => row.count, figure: true },
          { name: t('board.column.amount'), cell: (row) => yuan(row.amount_minor), figure: true },
        ]}
      >
        <Bars
          onBar={(key) => onDrill('cause', key)}
          bars={costs.slice(0, 8).map((row) => ({
            key: row.key,
            name: cause(row.key),
            value: row.amount_minor,
            shown: yuan(row.amount_minor),
            more: t('board.average', { amount: yuan(Math.round(row.amount_minor / row.count)) }),
          }))}
        />
      </Panel>
      <Panel
        title={t('board.panel.arrivals')}
        note={t('board.panel.arrivals_note', {
          count: total(arrivals),
          when: busiest.length ? `${weekday(busiest[0] ?? '1')} ${Number(busiest[1])}:00` : '—',
        })}
        rows={arrivals}
        empty={empty}
        columns={[
          { name: t('board.column.day'), cell: (row) => weekday(row.key.split('-')[0] ?? '1') },
          { name: t('board.column.hour'), cell: (row) => `${Number(row.key.split('-')[1])}:00` },
          { name: t('board.column.cases'), cell: (row) => row.count, figure: true },
        ]}
      >
        <Heat
          cells={cells}
          rows={['1', '2', '3', '4', '5', '6', '7'].map((key) => ({ key, name: weekday(key) }))}
          label={t('board.panel.arrivals')}
        />
      </Panel>
      <StaffingPanel rows={board.staffing} busy={busy} />
      <SpeedPanels speeds={board.speeds} days={days} />
    </>
  )
}
