// The frame around every page: rail, live stream, keys that go places. Owns no page's content.
import { useQueryClient } from '@tanstack/react-query'
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { type JSX, Suspense, useEffect, useState } from 'react'
import { remove } from '@/api/client'
import { listen } from '@/api/live'
import { useTranslation, word } from '@/i18n'
import { Demanded } from '@/pages/door/Demanded'
import { useUnread } from '@/pages/notifications/unread'
import { Check } from '@/parts/form'
import { Go } from '@/parts/Go'
import { Icon, type IconName } from '@/parts/Icon'
import { Skeleton } from '@/parts/Trouble'
import { HeldBar } from './HeldBar'
import { KeySheet } from './KeySheet'
import { type KeyMap, keysOn, turnKeys, useKeys } from './keys'
import { KnownProvider, type Self, useMe } from './me'
import { Palette } from './Palette'

interface Stop {
  to:
    | '/'
    | '/notifications'
    | '/approvals'
    | '/promises'
    | '/tasks'
    | '/effects'
    | '/receiving'
    | '/handover'
    | '/playbooks'
    | '/board'
    | '/quality'
    | '/imports'
    | '/knowledge'
    | '/settings'
  name:
    | 'queue'
    | 'notifications'
    | 'approvals'
    | 'promises'
    | 'tasks'
    | 'effects'
    | 'receiving'
    | 'handover'
    | 'playbooks'
    | 'board'
    | 'quality'
    | 'imports'
    | 'knowledge'
    | 'settings'
  icon: IconName
  needs?: string
  key: string
}

const STOPS: Stop[] = [
  { to: '/', name: 'queue', icon: 'queue', needs: 'read_queue', key: 'q' },
  { to: '/notifications', name: 'notifications', icon: 'bell', needs: 'read_queue', key: 'n' },
  { to: '/approvals', name: 'approvals', icon: 'approve', needs: 'read_approvals', key: 'a' },
  { to: '/promises', name: 'promises', icon: 'hand', needs: 'read_promises', key: 'p' },
  { to: '/tasks', name: 'tasks', icon: 'list', needs: 'read_tasks', key: 't' },
  { to: '/effects', name: 'effects', icon: 'coin', needs: 'read_effects', key: 'e' },
  { to: '/receiving', name: 'receiving', icon: 'scan', needs: 'read_unclaimed', key: 'r' },
  { to: '/handover', name: 'handover', icon: 'clock', needs: 'read_handover', key: 'h' },
  { to: '/board', name: 'board', icon: 'board', needs: 'read_reports', key: 'k' },
  { to: '/quality', name: 'quality', icon: 'shield', needs: 'read_reports', key: 'y' },
  { to: '/playbooks', name: 'playbooks', icon: 'book', needs: 'read_playbooks', key: 'b' },
  { to: '/imports', name: 'imports', icon: 'up', needs: 'import', key: 'i' },
  { to: '/knowledge', name: 'knowledge', icon: 'bubble', needs: 'read_playbooks', key: 'w' },
  { to: '/settings', name: 'settings', icon: 'gear', key: 's' },
]

export const Frame = (): JSX.Element => (
  <KnownProvider>
    <Framed />
  </KnownProvider>
)

function Framed(): JSX.Element {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const me = useMe()
  const navigate = useNavigate()
  const [sheet, setSheet] = useState(false)
  const [palette, setPalette] = useState(false)
  useEffect(() => listen(queries), [queries])
  const stops = STOPS.filter((stop) => !stop.needs || me.can(stop.needs))
  const search = (q: string) => void navigate({ to: '/search', hash: q })
  const places: KeyMap = Object.fromEntries(
    stops.map((stop) => [
      `g ${stop.key}`,
      { group: 'go', label: t('keys.go_to', { page: t(`nav.${stop.name}`) }), run: () => void navigate({ to: stop.to }) },
    ]),
  )
  useKeys({
    ...places,
    '?': { group: 'go', label: t('keys.sheet'), run: () => setSheet((open) => !open) },
    'Ctrl+k': { group: 'go', label: t('keys.palette'), run: () => setPalette(true) },
    '/': {
      group: 'go',
      label: t('keys.search'),
      run: () => {
        const box = document.querySelector<HTMLInputElement>('#search')
        if (box) box.focus()
        else if (me.can('search')) setPalette(true)
      },
    },
  })

  if (me.factor.demanded && !me.factor.on) return <Demanded />
  return (
    <div className="app">
      <Rail me={me} stops={stops} />
      <Suspense
        fallback={
          <main className="col grow pad">
            <Skeleton rows={12} />
          </main>
        }
      >
        <Outlet />
      </Suspense>
      <HeldBar />
      {palette ? <Palette onSearch={search} onClose={() => setPalette(false)} /> : null}
      {sheet ? <KeySheet onClose={() => setSheet(false)} /> : null}
    </div>
  )
}

/** A page without the rail; it hears of changes like every other. */
export function Bare(): JSX.Element {
  const queries = useQueryClient()
  useEffect(() => listen(queries), [queries])
  return (
    <KnownProvider>
      <Suspense fallback={<Skeleton rows={8} />}>
        <Outlet />
      </Suspense>
      <HeldBar />
    </KnownProvider>
  )
}

function Rail({ me, stops }: { me: Self; stops: Stop[] }): JSX.Element {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const path = useRouterState({ select: (state) => state.location.pathname })
  const here = (to: string) => (to === '/' ? path === '/' || path.startsWith('/cases') || path === '/new' : path.startsWith(to))
  const [keys, setKeys] = useState(keysOn())
  const unread = useUnread(path)
  const signOut = async () => {
    await remove('/session')
    queries.clear()
    await navigate({ to: '/login', search: {} })
  }
  return (
    <nav className="rail" aria-label={t('nav.main')}>
      <div className="logo" aria-hidden="true">
        {t('nav.logo')}
      </div>
      {stops.map((stop) => (
        <Go
          key={stop.to}
          href={stop.to}
          aria-current={here(stop.to) ? 'page' : undefined}
          title={`${t(`nav.${stop.name}`)}  G ${stop.key.toUpperCase()}`}
        >
          <Icon name={stop.icon} />
          {t(`nav.${stop.name}`)}
          {stop.name === 'notifications' && unread ? (
            <em>
              {unread > 99 ? '99+' : unread}
              <span className="sr">{t('together.told.unread_ones')}</span>
            </em>
          ) : null}
        </Go>
      ))}
      <details className="me-menu">
        <summary className="me" title={`${me.display_name} ${word('role', me.role)}`}>
          {me.display_name.slice(0, 1)}
        </summary>
        <div className="menu">
          <b>{me.display_name}</b>
          <div className="xs q">
            {word('role', me.role)} {me.agent_no}
          </div>
          <Check
            checked={keys}
            onChange={(on) => {
              turnKeys(on)
              setKeys(on)
            }}
          >
            {t('keys.on')}
          </Check>
          <button type="button" className="btn sm" onClick={() => void signOut()}>
            {t('nav.sign_out')}
          </button>
        </div>
      </details>
    </nav>
  )
}
