// How the screen looks, who works here, what the shops allow. Owns the tabs; what one may not do is not offered.
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type JSX, useState } from 'react'
import { keysOn, turnKeys } from '@/app/keys'
import { type Density, setDensity, setTheme, type Theme, useDensity, useTheme } from '@/app/look'
import { useMe } from '@/app/me'
import { Top } from '@/app/Top'
import { setLanguage, useTranslation, word } from '@/i18n'
import { type Language, language } from '@/i18n/language'
import { Check, Segments } from '@/parts/form'
import { yuan } from '@/parts/money'
import { RolesTab } from './RolesTab'
import { Security } from './Security'
import { ShopSettings } from './ShopSettings'
import { StaffTable } from './StaffTable'
import { WebhooksTab } from './WebhooksTab'

export function SettingsPage(): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const search = useSearch({ from: '/frame/settings' })
  const tabs = [
    'me',
    'security',
    'staff',
    ...(me.can('manage_users') ? ['roles'] : []),
    ...(me.can('manage_settings') ? ['shops', 'webhooks'] : []),
  ]
  const tab = tabs.includes(search.tab ?? '') ? (search.tab ?? 'me') : 'me'
  return (
    <main className="col grow surface">
      <Top title={t('settings.title')} />
      <div className="bar">
        <Segments
          label={t('settings.title')}
          value={tab}
          onChange={(next) => void navigate({ to: '/settings', search: { tab: next } })}
          options={tabs.map((it) => ({ value: it, label: t(`settings.tab_${it}` as never) }))}
        />
      </div>
      <div className="scroll pad">{PAGES[tab]?.()}</div>
    </main>
  )
}

const PAGES: Record<string, () => JSX.Element> = {
  me: () => <Mine />,
  security: () => <Security />,
  staff: () => <StaffTable />,
  roles: () => <RolesTab />,
  shops: () => <ShopSettings />,
  webhooks: () => <WebhooksTab />,
}

function Mine(): JSX.Element {
  const { t } = useTranslation()
  const me = useMe()
  const theme = useTheme()
  const density = useDensity()
  const [keys, setKeys] = useState(keysOn())
  return (
    <div className="set">
      <section className="card pad stack">
        <b>{t('settings.look')}</b>
        <Row name={t('settings.language')}>
          <Segments
            label={t('settings.language')}
            value={language()}
            onChange={(next: Language) => setLanguage(next)}
            options={[
              { value: 'zh', label: t('settings.zh') },
              { value: 'en', label: t('settings.en') },
            ]}
          />
        </Row>
        <Row name={t('settings.theme')}>
          <Segments
            label={t('settings.theme')}
            value={theme}
            onChange={setTheme}
            options={(['system', 'light', 'dark'] as Theme[]).map((it) => ({ value: it, label: t(`settings.theme_${it}`) }))}
          />
        </Row>
        <Row name={t('density.label')}>
          <Segments
            label={t('density.label')}
            value={density}
            onChange={setDensity}
            options={(['standard', 'compact'] as Density[]).map((it) => ({ value: it, label: t(`density.${it}`) }))}
          />
        </Row>
        <Check
          checked={keys}
          onChange={(on) => {
            turnKeys(on)
            setKeys(on)
          }}
        >
          {t('settings.keys')}
        </Check>
      </section>
      <section className="card pad stack">
        <b>{t('settings.me')}</b>
        <Row name={t('login.name')}>{me.name}</Row>
        <Row name={t('settings.role')}>
          {me.custom_role ? `${me.custom_role}（${word('role', me.role)}）` : word('role', me.role)} {me.agent_no}
        </Row>
        <Row name={t('settings.shops')}>{me.shops.map((shop) => shop.title).join('、')}</Row>
        <table className="grid">
          <thead>
            <tr>
              <th>{t('settings.authority')}</th>
              <th>{t('settings.per_case')}</th>
              <th>{t('settings.per_day')}</th>
            </tr>
          </thead>
          <tbody>
            {me.authority.map((row) => (
              <tr key={row.kind}>
                <td>{word('spending', row.kind)}</td>
                <td>{limit(row.per_case_minor)}</td>
                <td>{limit(row.per_day_minor)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  )
}

/** A limit no amount reaches is none. */
const limit = (minor: number): string => (minor > 9e15 ? '∞' : yuan(minor))

export function Row({ name, children }: { name: string; children: React.ReactNode }): JSX.Element {
  return (
    <div className="row between">
      <span className="q">{name}</span>
      <span>{children}</span>
    </div>
  )
}
