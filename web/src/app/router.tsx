// Every page's address. Owns the table of routes; each page is a chunk of its own.
import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { catalogueQuery } from '@/api/catalogue'
import { Refused } from '@/api/client'
import { meQuery } from '@/api/queries'
import { LoginPage } from '@/pages/login/LoginPage'
import { type QueueSearch, readNarrow } from '@/pages/queue/views/saved'
import { Bare, Frame } from './Frame'

export interface RouterContext {
  queries: QueryClient
}

const root = createRootRouteWithContext<RouterContext>()({ component: Outlet })

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search: Record<string, unknown>): { back?: string } =>
    typeof search.back === 'string' ? { back: search.back } : {},
  component: LoginPage,
})

/** Whoever is not signed in signs in first and comes back. */
async function signedIn({ context, location }: { context: RouterContext; location: { href: string } }): Promise<void> {
  try {
    await context.queries.ensureQueryData(meQuery)
    // Labels of codes; a screen without them shows the codes.
    await context.queries.ensureQueryData(catalogueQuery).catch(() => undefined)
  } catch (problem) {
    if (problem instanceof Refused && problem.status === 401) throw redirect({ to: '/login', search: { back: location.href } })
    throw problem
  }
}

const frame = createRoute({ getParentRoute: () => root, id: 'frame', component: Frame, beforeLoad: signedIn })
const bare = createRoute({ getParentRoute: () => root, id: 'bare', component: Bare, beforeLoad: signedIn })

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined

const queue = createRoute({
  getParentRoute: () => frame,
  path: '/',
  validateSearch: (search: Record<string, unknown>): QueueSearch => ({
    view: text(search.view),
    shop: text(search.shop),
    narrow: readNarrow(search.narrow),
    sort: search.sort === 'amount' ? 'amount' : undefined,
    saved: text(search.saved),
  }),
  component: lazyRouteComponent(() => import('@/pages/queue/QueuePage'), 'QueuePage'),
})
const oneCase = createRoute({
  getParentRoute: () => frame,
  path: '/cases/$shop/$id',
  component: lazyRouteComponent(() => import('@/pages/case/CasePage'), 'CasePage'),
})
const intake = createRoute({
  getParentRoute: () => frame,
  path: '/new',
  validateSearch: (search: Record<string, unknown>): { shop?: string; order?: string } => ({
    shop: text(search.shop),
    order: text(search.order),
  }),
  component: lazyRouteComponent(() => import('@/pages/intake/IntakePage'), 'IntakePage'),
})
const order = createRoute({
  getParentRoute: () => frame,
  path: '/orders/$shop/$order',
  component: lazyRouteComponent(() => import('@/pages/order/OrderPage'), 'OrderPage'),
})
const search = createRoute({
  getParentRoute: () => frame,
  path: '/search',
  component: lazyRouteComponent(() => import('@/pages/search/SearchPage'), 'SearchPage'),
})
const receiving = createRoute({
  getParentRoute: () => frame,
  path: '/receiving',
  validateSearch: (given: Record<string, unknown>): { shop?: string; tab?: string } => ({
    shop: text(given.shop),
    tab: text(given.tab),
  }),
  component: lazyRouteComponent(() => import('@/pages/receiving/ReceivingPage'), 'ReceivingPage'),
})
const notifications = createRoute({
  getParentRoute: () => frame,
  path: '/notifications',
  component: lazyRouteComponent(() => import('@/pages/notifications/NotificationsPage'), 'NotificationsPage'),
})
const approvals = createRoute({
  getParentRoute: () => frame,
  path: '/approvals',
  component: lazyRouteComponent(() => import('@/pages/approvals/ApprovalsPage'), 'ApprovalsPage'),
})
const promises = createRoute({
  getParentRoute: () => frame,
  path: '/promises',
  validateSearch: (given: Record<string, unknown>): { team?: string } => ({ team: text(given.team) }),
  component: lazyRouteComponent(() => import('@/pages/lists/PromisesPage'), 'PromisesPage'),
})
const tasks = createRoute({
  getParentRoute: () => frame,
  path: '/tasks',
  validateSearch: (given: Record<string, unknown>): { team?: string } => ({ team: text(given.team) }),
  component: lazyRouteComponent(() => import('@/pages/lists/TasksPage'), 'TasksPage'),
})
const effects = createRoute({
  getParentRoute: () => frame,
  path: '/effects',
  validateSearch: (given: Record<string, unknown>): { state?: string } => ({ state: text(given.state) }),
  component: lazyRouteComponent(() => import('@/pages/lists/EffectsPage'), 'EffectsPage'),
})
const handover = createRoute({
  getParentRoute: () => frame,
  path: '/handover',
  component: lazyRouteComponent(() => import('@/pages/handover/HandoverPage'), 'HandoverPage'),
})
const playbooks = createRoute({
  getParentRoute: () => frame,
  path: '/playbooks',
  validateSearch: (given: Record<string, unknown>): { scenario?: string } => ({ scenario: text(given.scenario) }),
  component: lazyRouteComponent(() => import('@/pages/playbooks/PlaybooksPage'), 'PlaybooksPage'),
})
const board = createRoute({
  getParentRoute: () => frame,
  path: '/board',
  validateSearch: (
    given: Record<string, unknown>,
  ): { shop?: string; days?: string; figure?: string; key?: string; tv?: string } => ({
    shop: text(given.shop),
    days: text(given.days),
    figure: text(given.figure),
    key: text(given.key),
    tv: text(given.tv),
  }),
  component: lazyRouteComponent(() => import('@/pages/board/BoardPage'), 'BoardPage'),
})
const quality = createRoute({
  getParentRoute: () => frame,
  path: '/quality',
  validateSearch: (given: Record<string, unknown>): { shop?: string; days?: string } => ({
    shop: text(given.shop),
    days: text(given.days),
  }),
  component: lazyRouteComponent(() => import('@/pages/quality/QualityPage'), 'QualityPage'),
})
const imports = createRoute({
  getParentRoute: () => frame,
  path: '/imports',
  validateSearch: (given: Record<string, unknown>): { shop?: string; job?: string } => ({
    shop: text(given.shop),
    job: text(given.job),
  }),
  component: lazyRouteComponent(() => import('@/pages/imports/ImportsPage'), 'ImportsPage'),
})
const knowledge = createRoute({
  getParentRoute: () => frame,
  path: '/knowledge',
  validateSearch: (given: Record<string, unknown>): { shop?: string; id?: string } => ({
    shop: text(given.shop),
    id: text(given.id),
  }),
  component: lazyRouteComponent(() => import('@/pages/knowledge/KnowledgePage'), 'KnowledgePage'),
})
const settings = createRoute({
  getParentRoute: () => frame,
  path: '/settings',
  validateSearch: (given: Record<string, unknown>): { tab?: string } => ({ tab: text(given.tab) }),
  component: lazyRouteComponent(() => import('@/pages/settings/SettingsPage'), 'SettingsPage'),
})

// A narrow window beside the platform's own desk: no rail, one case.
const side = createRoute({
  getParentRoute: () => bare,
  path: '/side',
  validateSearch: (given: Record<string, unknown>): { q?: string } => ({ q: text(given.q) }),
  component: lazyRouteComponent(() => import('@/pages/side/SidePage'), 'SidePage'),
})

const pack = createRoute({
  getParentRoute: () => bare,
  path: '/pack/$shop/$id',
  component: lazyRouteComponent(() => import('@/pages/pack/PackPage'), 'PackPage'),
})

const tree = root.addChildren([
  login,
  bare.addChildren([side, pack]),
  frame.addChildren([
    queue,
    oneCase,
    intake,
    order,
    search,
    receiving,
    notifications,
    approvals,
    promises,
    tasks,
    effects,
    handover,
    board,
    quality,
    playbooks,
    imports,
    knowledge,
    settings,
  ]),
])

export const makeRouter = (queries: QueryClient) => createRouter({ routeTree: tree, context: { queries }, defaultPreload: false })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
