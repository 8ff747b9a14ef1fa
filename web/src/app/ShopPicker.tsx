// Which of one's shops a page is about. Owns the choice's look; it is not there for whoever has one shop.
import type { JSX } from 'react'
import { useTranslation } from '@/i18n'
import { useMe } from './me'

export function ShopPicker({ shop, onChange }: { shop: string; onChange: (code: string) => void }): JSX.Element | null {
  const { t } = useTranslation()
  const { shops } = useMe()
  if (shops.length < 2) return null
  return (
    <select className="in sm" value={shop} aria-label={t('intake.shop')} onChange={(event) => onChange(event.target.value)}>
      {shops.map((one) => (
        <option key={one.code} value={one.code}>
          {one.title}
        </option>
      ))}
    </select>
  )
}
