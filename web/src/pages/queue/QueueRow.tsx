// One row of the queue: time and what follows, problem, amount, whose move. Owns its markup; fixed height, two lines.
import { type JSX, memo } from 'react'
import type { Shop } from '@/api/types'
import { useTranslation, word } from '@/i18n'
import { Icon } from '@/parts/Icon'
import { AtZero, Countdown, Party, Verdict } from '@/parts/marks'
import { yuan } from '@/parts/money'
import { exact, span, useNow } from '@/parts/time'
import { type Cursor, useAt } from './cursor'
import type { Shown } from './settle'

interface Props {
  row: Shown
  at: number
  cursor: Cursor
  marked: boolean
  shop?: Shop
  scenario: string
  owner: string
  onOpen: (at: number) => void
}

export const QueueRow = memo(function QueueRow({ row, at, cursor, marked, shop, scenario, owner, onOpen }: Props): JSX.Element {
  const { t } = useTranslation()
  const now = useNow()
  const selected = useAt(cursor, at)
  const passed = row.next_deadline_at ? new Date(row.next_deadline_at).getTime() <= now : false
  const ahead = row.act_by && row.next_deadline_at ? new Date(row.next_deadline_at).getTime() - new Date(row.act_by).getTime() : 0
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: J, K and Enter of the page move and open
    <div
      role="row"
      className={`qr ${row.gone ? 'gone' : ''} ${marked ? 'marked' : ''}`}
      aria-selected={selected}
      aria-rowindex={at + 1}
      tabIndex={-1}
      data-case={row.id}
      onClick={() => cursor.to(at, true)}
      onDoubleClick={() => onOpen(at)}
    >
      <div className="c1" role="gridcell">
        {row.unknown_money ? (
          <span className="cd unknown">
            <i aria-hidden="true" />
            {t('queue.unknown_money')}
          </span>
        ) : row.next_state || row.next_deadline_at ? (
          <Countdown at={row.next_deadline_at} state={row.next_state} from={row.opened_at} />
        ) : (
          <span className="cd later">{t('queue.no_clock')}</span>
        )}
        <AtZero code={row.next_at_zero} past={passed} />
      </div>
      {/* One box for both lines: every box that clips costs at each step of scrolling. */}
      <div className="c2 clip" role="gridcell">
        <span className="m">
          {marked ? <Icon name="check" size="s" /> : null}
          {marked ? <span className="sr">{t('keys.mark')}</span> : null}
          {row.title || scenario}
        </span>
        <br />
        <span className="xs q">{[scenario, shop?.title, row.buyer_masked].filter(Boolean).join('·')}</span>
      </div>
      <div className="c3" role="gridcell">
        <div className="num m">{yuan(row.amount_minor, row.currency)}</div>
        <div className="xs q">
          {ahead > 3_600_000 ? <span title={t('queue.ahead_why')}>{t('queue.ahead', { span: span(ahead) })}</span> : null}
        </div>
      </div>
      <div className="c4" role="gridcell">
        <Party who={row.waiting_on} />
        <div className="xs q c4b clip">{[word('stage', row.stage), owner].filter(Boolean).join('·')}</div>
      </div>
      <div className="c5" role="gridcell">
        {row.gone ? <span className="xs q">{t('queue.gone')}</span> : <Verdict code={row.verdict} />}
        <span className={row.severity <= 2 ? 'xs bad' : 'xs q'}>
          {[t('severity', { level: row.severity }), row.emotion ? word('emotion', row.emotion) : ''].filter(Boolean).join('·')}
        </span>
      </div>
      <div className="c6 xs q num" role="gridcell" title={exact(row.last_contact_at)}>
        {row.last_contact_at ? span(now - new Date(row.last_contact_at).getTime()) : ''}
        <div>{row.last_contact_from ? word('spoke', row.last_contact_from) : ''}</div>
      </div>
    </div>
  )
})
