// One product that stands out: how far, why, what it cost, and the last word said. Owns the drawing of interval and band.
import { Link } from '@tanstack/react-router'
import { type JSX, type ReactNode, useEffect, useRef } from 'react'
import { valueWord } from '@/api/catalogue'
import { useTranslation } from '@/i18n'
import { Button } from '@/parts/form'
import { yuan } from '@/parts/money'
import { when } from '@/parts/time'
import type { Signal } from './signals'

export const share = (part: number | null | undefined): string =>
  part === null || part === undefined ? '—' : `${(part * 100).toFixed(1)}%`

export function SignalRow({
  shop,
  row,
  usual,
  current,
  may,
  onPick,
  onWord,
  children,
}: {
  shop: string
  row: Signal
  usual: number | null
  current: boolean
  may: { acknowledge: boolean; investigate: boolean }
  onPick: () => void
  onWord: (word: 'acknowledge' | 'investigate') => void
  children?: ReactNode
}): JSX.Element {
  const { t } = useTranslation()
  const li = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (current) li.current?.scrollIntoView({ block: 'nearest' })
  }, [current])
  const reason = (code: string) => (code === '' ? t('board.unknown') : valueWord('diagnosis.cause', code))
  return (
    <li ref={li} className={row.quiet ? 'signal quiet' : 'signal'} aria-current={current || undefined}>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/noStaticElementInteractions: the keys J and K pick a row as well */}
      <div className="signal-b" onClick={onPick}>
        <div className="signal-n">
          <b className="clip">{row.article.title || row.article.sku}</b>
          <span className="xs q num">{row.article.sku}</span>
          <span className={row.quiet ? 'tag' : 'tag bad'}>
            {row.word ? t(row.quiet ? `quality.said.${row.word.kind}` : 'quality.said.again') : t('quality.said.new')}
          </span>
        </div>
        <div className="signal-r">
          <div className="row between">
            <b className="num lg">{share(row.article.rate)}</b>
            <span className="xs q num">{t('quality.units', { back: row.article.asked_back, sold: row.article.sold })}</span>
          </div>
          <Range row={row} usual={usual} />
          <div className="xs q num">
            {t('quality.range', {
              from: share(row.article.interval?.[0]),
              to: share(row.article.interval?.[1]),
              band: share(row.article.band?.[1]),
            })}
          </div>
        </div>
        <div>
          <div className="xs q">{t('quality.reasons')}</div>
          {row.reasons.map((one) => (
            <div key={one.reason} className="row between">
              <span className="clip">{reason(one.reason)}</span>
              <span className="num q">{t('board.cases', { count: one.count })}</span>
            </div>
          ))}
          {row.reasons.length ? null : <span className="q">—</span>}
        </div>
        <div>
          <div className="xs q">{t('quality.cost')}</div>
          <b className="num">{row.cost_minor === null ? '—' : yuan(row.cost_minor)}</b>
          <div className="xs q num">{t('quality.cases', { count: row.cases, open: row.open })}</div>
        </div>
        <div className="row end">
          {may.acknowledge ? (
            <Button small keys={current ? 'A' : undefined} onClick={() => onWord('acknowledge')}>
              {t('quality.acknowledge')}
            </Button>
          ) : null}
          {may.investigate ? (
            <Button small keys={current ? 'I' : undefined} onClick={() => onWord('investigate')}>
              {t('quality.investigate')}
            </Button>
          ) : null}
        </div>
      </div>
      {row.word ? (
        <div className="signal-w xs">
          <span className="q">
            {t(`quality.said.${row.word.kind}`)} · {row.word.by} · {when(row.word.at)}
          </span>
          <span>{row.word.note}</span>
          {row.word.case_id ? (
            <Link to="/cases/$shop/$id" params={{ shop, id: row.word.case_id }}>
              {t('quality.open_case')}
            </Link>
          ) : null}
        </div>
      ) : null}
      {children}
    </li>
  )
}

/** The interval as a bar, the rate as a mark, the shop's usual and the upper end of its band as lines; one scale for the row. */
function Range({ row, usual }: { row: Signal; usual: number | null }): JSX.Element | null {
  const { interval, band, rate } = row.article
  if (!interval || rate === null) return null
  const most = Math.max(interval[1], band?.[1] ?? 0) * 1.1 || 1
  const x = (part: number) => `${(part / most) * 100}%`
  return (
    <div className="range" aria-hidden="true">
      {band ? <i className="band" style={{ left: 0, width: x(band[1]) }} /> : null}
      {usual === null ? null : <i className="usual" style={{ left: x(usual) }} />}
      <i className="inter" style={{ left: x(interval[0]), width: x(interval[1] - interval[0]) }} />
      <i className="rate" style={{ left: x(rate) }} />
    </div>
  )
}
