// The bar over pages of figures: the last days and the shop. Owns which periods there are.
import type { JSX, ReactNode } from 'react'
import { useTranslation } from '@/i18n'
import { Segments } from '@/parts/form'
import { ShopPicker } from './ShopPicker'

export const DAYS = ['7', '30', '90'] as const
export type Days = (typeof DAYS)[number]

/** The period an address asks for, a month where it asks for none. */
export const daysOf = (asked: string | undefined): Days => DAYS.find((one) => one === asked) ?? '30'

export function PeriodBar({
  days,
  shop,
  onChange,
  children,
}: {
  days: Days
  shop: string
  onChange: (next: { days?: Days; shop?: string }) => void
  children?: ReactNode
}): JSX.Element {
  const { t } = useTranslation()
  return (
    <div className="bar row gap">
      <Segments
        label={t('board.period')}
        value={days}
        onChange={(next) => onChange({ days: next })}
        options={DAYS.map((value) => ({ value, label: t(`board.days.${value}`) }))}
      />
      <ShopPicker shop={shop} onChange={(code) => onChange({ shop: code })} />
      {children}
    </div>
  )
}
