// Switches the buyer's own page of a shop on and off. Owns the form; which orders are served the desk decides.
import { type JSX, useState } from 'react'
import { useMe } from '@/app/me'
import { useTranslation, word } from '@/i18n'
import { Button, Check } from '@/parts/form'

export interface Portal {
  on: boolean
  platforms?: string[]
}

/** Where an order is the shop's own. */
const OWN = ['', 'own_site', 'offline']

export function PortalSettings(props: {
  shop: string
  portal: Portal | undefined
  busy: boolean
  onSave: (portal: Portal) => void
}): JSX.Element {
  const { t } = useTranslation()
  const platform = useMe().shops.find((it) => it.code === props.shop)?.platform ?? ''
  const [on, setOn] = useState(props.portal?.on ?? false)
  const [named, setNamed] = useState(props.portal?.platforms?.includes(platform) ?? false)
  const others = (props.portal?.platforms ?? []).filter((it) => it !== platform)
  const marketplace = !OWN.includes(platform)
  const save = () => props.onSave({ on, platforms: marketplace && named ? [...others, platform] : others })
  return (
    <section className="card pad stack">
      <b>{t('portal_settings.title')}</b>
      <span className="xs q">{t('portal_settings.note')}</span>
      <Check checked={on} onChange={setOn}>
        {t('portal_settings.on')}
      </Check>
      {marketplace ? (
        <>
          <Check checked={named} onChange={setNamed}>
            {t('portal_settings.marketplace', { platform: word('platform', platform) })}
          </Check>
          <span className="xs q">{t('portal_settings.marketplace_note')}</span>
        </>
      ) : null}
      <span className="xs">
        {t('portal_settings.address')} <code>{`${location.origin}/portal/${props.shop}`}</code>
      </span>
      <div>
        <Button look="primary" busy={props.busy} onClick={save}>
          {t('sheet.save')}
        </Button>
      </div>
    </section>
  )
}
