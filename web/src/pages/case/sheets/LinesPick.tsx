// Choosing order lines and units. Owns the rows; what may be chosen is told by the line's own figures.
import type { JSX } from 'react'
import type { LineQuantity, Order, OrderLine } from '@/api/types'
import { useTranslation } from '@/i18n'
import { amount } from '@/parts/money'

export type Picked = Record<number, number>

export const pickedLines = (picked: Picked): LineQuantity[] =>
  Object.entries(picked)
    .filter(([, quantity]) => quantity > 0)
    .map(([line_no, quantity]) => ({ line_no: Number(line_no), quantity }))

export const fromLines = (lines: readonly LineQuantity[]): Picked =>
  Object.fromEntries(lines.map((line) => [line.line_no, line.quantity]))

/** All units of the order that are not refunded yet. */
export const everything = (order: Order | null | undefined): Picked =>
  Object.fromEntries(
    (order?.lines ?? [])
      .filter((line) => line.refundable_minor > 0)
      .map((line) => [line.line_no, line.quantity - line.refunded_units]),
  )

export function LinesPick({
  lines,
  picked,
  onChange,
  most = (line) => line.quantity,
  label,
}: {
  lines: OrderLine[]
  picked: Picked
  onChange: (picked: Picked) => void
  most?: (line: OrderLine) => number
  label?: string
}): JSX.Element {
  const { t } = useTranslation()
  return (
    <fieldset className="lp">
      <legend>{label ?? t('pick.lines')}</legend>
      {lines.map((line) => {
        const top = most(line)
        const chosen = picked[line.line_no] ?? 0
        return (
          <div key={line.line_no} className="row">
            <label className="row grow ck">
              <input
                type="checkbox"
                checked={chosen > 0}
                disabled={top <= 0}
                onChange={(event) => onChange({ ...picked, [line.line_no]: event.target.checked ? Math.max(1, top) : 0 })}
              />
              <span className="grow">
                <span className="clip">
                  {line.title} <span className="q">{line.spec}</span>
                </span>
                <span className="xs q">
                  {t('pick.paid', { amount: amount(line.paid_minor), quantity: line.quantity })}
                  {line.refunded_minor ? `·${t('pick.refunded', { amount: amount(line.refunded_minor) })}` : ''}
                </span>
              </span>
            </label>
            <input
              className="in qty"
              type="number"
              min={0}
              max={Math.max(top, chosen)}
              value={chosen}
              disabled={top <= 0}
              aria-label={t('pick.quantity', { title: line.title })}
              onChange={(event) =>
                onChange({ ...picked, [line.line_no]: Math.max(0, Math.min(top, Number(event.target.value) || 0)) })
              }
            />
          </div>
        )
      })}
    </fieldset>
  )
}
