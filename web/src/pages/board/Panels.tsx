// The charts over the figures of a period. Owns what each shows and the sentence that says it.
import { useQuery } from '@tanstack/react-query'
import type { JSX } from 'react'
import { valueWord } from '@/api/catalogue'
import { playbooksQuery } from '@/api/queries'
import { both, useTranslation } from '@/i18n'
import { Bars } from '@/parts/charts/Bars'
import { Days } from '@/parts/charts/Days'
import { Flow } from '@/parts/charts/Flow'
import { Heat } from '@/parts/charts/Heat'
import { Panel } from '@/parts/charts/Panel'
import { yuan } from '@/parts/money'
import { type Board, byKey, daysOf, type Period, spent, total } from './figures'

/** Bands of the flow; the rest is one. */
const BANDS = 6

export function useResults(): (code: string) => string {
  const { data } = useQuery(playbooksQuery)
  const titles = new Map((data ?? []).flatMap((row) => row.results ?? []).map((row) => [row.id, both(row.title)]))
  return (code) => titles.get(code) ?? code
}

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
  const { rows } = board
  const empty = t('board.nothing')

  const pairs = byKey(rows, 'cause').map((row) => {
    const [from = '', to = ''] = row.key.split('>')
    return { from, to, count: row.count }
  })
  const most = (side: 'from' | 'to') => {
    const sums = new Map<string, number>()
    for (const pair of pairs) sums.set(pair[side], (sums.get(pair[side]) ?? 0) + pair.count)
    return new Set(
      [...sums]
        .sort((one, other) => other[1] - one[1])
        .slice(0, BANDS)
        .map(([key]) => key),
    )
  }
  const [causes, ends] = [most('from'), most('to')]
  const bands = new Map<string, { from: string; to: string; count: number }>()
  for (const pair of pairs) {
    const [from, to] = [causes.has(pair.from) ? pair.from : 'others', ends.has(pair.to) ? pair.to : 'others']
    const band = bands.get(`${from}>${to}`) ?? { from, to, count: 0 }
    bands.set(`${from}>${to}`, { ...band, count: band.count + pair.count })
  }

  const promised = (day: string, key: string) =>
    total(rows.filter((row) => row.figure === 'promise' && row.key === key && row.day === day))
  const kept = (key: string) => total(rows.filter((row) => row.figure === 'promise' && row.key === key))
  const stacks = daysOf(period).map((day) => ({
    day,
    parts: [
      { kind: 'good' as const, count: promised(day, 'kept') },
      { kind: 'late' as const, count: promised(day, 'kept_late') },
      { kind: 'bad' as const, count: promised(day, 'broken') },
    ],
  }))
  const promises = {
    count: kept('kept') + kept('kept_late') + kept('broken'),
    kept: kept('kept'),
    late: kept('kept_late'),
    broken: kept('broken'),
  }

  const costs = byKey(rows, 'paid', (key) => key.split('>')[1] ?? '').sort((one, other) => other.amount_minor - one.amount_minor)
  const arrivals = byKey(rows, 'arrived')
  const cells = new Map(arrivals.map((row) => [row.key, row.count]))
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
        onRow={(row) => onDrill('cause', row.from)}
        columns={[
          { name: t('board.column.cause'), cell: (row) => cause(row.from) },
          { name: t('board.column.result'), cell: (row) => result(row.to) },
          { name: t('board.column.cases'), cell: (row) => row.count, figure: true },
        ]}
      >
        <Flow
          bands={[...bands.values()]}
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
        onRow={(row) => onDrill('cause', row.key === 'unknown' ? '' : row.key)}
        columns={[
          { name: t('board.column.cause'), cell: (row) => cause(row.key) },
          { name: t('board.column.count'), cell: (row) => row.count, figure: true },
          { name: t('board.column.amount'), cell: (row) => yuan(row.amount_minor), figure: true },
        ]}
      >
        <Bars
          onBar={(key) => onDrill('cause', key === 'unknown' ? '' : key)}
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
    </>
  )
}
