// How fast buyers are answered and paid back, and the hands beside the arrivals. Owns what is shown; the figures are the desk's.
import type { JSX } from 'react'
import { useTranslation } from '@/i18n'
import { type HourRow, Hours } from '@/parts/charts/Hours'
import { Panel } from '@/parts/charts/Panel'
import { Speed as SpeedChart } from '@/parts/charts/Speed'
import { span } from '@/parts/time'
import type { Speed } from './figures'

const long = (seconds: number | null): string => (seconds === null ? '—' : span(seconds * 1000))

export function SpeedPanels({ speeds, days }: { speeds: Speed[]; days: string[] }): JSX.Element {
  const { t } = useTranslation()
  return (
    <>
      {speeds.map((speed) => {
        const said = t('board.panel.speed_note', {
          count: speed.count,
          mean: long(speed.mean_s),
          median: long(speed.median_s),
          p90: long(speed.p90_s),
        })
        return (
          <Panel
            key={speed.figure}
            title={t(`board.panel.${speed.figure}`)}
            note={speed.count ? said : ''}
            how={t(`board.panel.${speed.figure}_how`)}
            rows={speed.days}
            empty={t('board.nothing')}
            columns={[
              { name: t('board.column.day'), cell: (row) => row.day },
              { name: t('board.column.count'), cell: (row) => row.count, figure: true },
              { name: t('board.column.mean'), cell: (row) => long(row.mean_s), figure: true },
              { name: t('board.column.median'), cell: (row) => long(row.median_s), figure: true },
              { name: t('board.column.p90'), cell: (row) => long(row.p90_s), figure: true },
            ]}
          >
            <SpeedChart days={days} all={speed.days} label={`${t(`board.panel.${speed.figure}`)}: ${said}`} />
            <div className="legend xs q">
              <span className="half">{t('board.column.median')}</span>
              <span className="nine">{t('board.column.p90')}</span>
            </div>
          </Panel>
        )
      })}
    </>
  )
}

export function StaffingPanel({ rows, busy }: { rows: HourRow[]; busy: number[] }): JSX.Element {
  const { t } = useTranslation()
  const any = rows.some((row) => row.cases > 0 || row.people > 0)
  const note = t('board.panel.staffing_note', {
    when: busy.length
      ? [...busy]
          .sort((one, other) => one - other)
          .map((hour) => `${hour}:00`)
          .join(' ')
      : '—',
  })
  return (
    <Panel
      title={t('board.panel.staffing')}
      note={any ? note : ''}
      how={t('board.panel.staffing_how')}
      rows={any ? rows : []}
      empty={t('board.nothing')}
      columns={[
        { name: t('board.column.hour'), cell: (row) => `${row.hour}:00` },
        { name: t('board.column.cases'), cell: (row) => row.cases.toFixed(1), figure: true },
        { name: t('board.column.people'), cell: (row) => row.people.toFixed(1), figure: true },
        {
          name: t('board.column.per_person'),
          cell: (row) => (row.people ? (row.cases / row.people).toFixed(1) : row.cases ? '!' : '—'),
          figure: true,
        },
      ]}
    >
      <Hours
        rows={rows}
        busy={busy}
        names={[t('board.column.cases'), t('board.column.people')]}
        label={`${t('board.panel.staffing')}: ${note}`}
      />
    </Panel>
  )
}
