// Every page of the workbench: its name, who looks at it, where it is and how its state is reached. Owns the table that pictures and
// the accessibility test walk; a new page is one more row.
import type { Page } from 'playwright-core'
import { act } from './hands'

/** Asks the desk as the person who looks. */
export type Ask = (path: string) => Promise<Record<string, unknown>>

/** Does something as somebody else. */
export type Tell = (who: string, method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>

export interface Row {
  /** Names the picture. */
  name: string
  /** One of the demo's people; nobody where one is not signed in. */
  who: string
  /** The address, or how it is found in the desk's data. */
  at: string | ((ask: Ask) => Promise<string>)
  /** Shown once the page has what it shows. */
  ready: string
  /** What is done there to reach the state; words as the Chinese screen has them. */
  reach?: (page: Page) => Promise<void>
  /** What somebody else did before, so that there is something to see. */
  before?: (tell: Tell) => Promise<void>
  /** Exists in a shop without any data too. */
  fresh?: boolean
  /** Asks the desk for its content, so that it can wait for it and be refused. */
  asks?: boolean
  /** A picture of it in the dark is taken. */
  dark?: boolean
}

interface Item {
  id: string
  shop_id: number
  stage: string
  scenario: string
  version: number
  [field: string]: unknown
}

const items = async (ask: Ask, path: string): Promise<Item[]> => (await ask(path)).items as Item[]

/** The address of the first case of a view that fits; the richest one when several do. */
async function someCase(ask: Ask, view: string, fits: (row: Item) => boolean = () => true): Promise<string> {
  const me = (await ask('/me')) as unknown as { shops: { id: number; code: string }[] }
  const rows = await items(ask, `/queue?view=${view}&limit=50`)
  const fit = rows.filter(fits)
  const row = (fit.length ? fit : rows).reduce((best, one) => (one.version > best.version ? one : best))
  return `/cases/${me.shops.find((shop) => shop.id === row.shop_id)?.code}/${row.id}`
}

const negotiated = (ask: Ask) => someCase(ask, 'all', (row) => row.stage === 'negotiation')

/** A case that an offer can be made on right now. */
async function offerable(ask: Ask): Promise<string> {
  const me = (await ask('/me')) as unknown as { shops: { id: number; code: string }[] }
  for (const row of await items(ask, '/queue?view=all&limit=50')) {
    const address = `${me.shops.find((shop) => shop.id === row.shop_id)?.code}/cases/${row.id}`
    const view = (await ask(`/shops/${address}`)) as { advice?: { ladder: { possible: boolean | null }[] } }
    if (view.advice?.ladder[0]?.possible) return `/cases/${address.replace('/cases', '')}`
  }
  throw new Error('no case of the demo can be offered anything')
}

async function someOrder(ask: Ask): Promise<string> {
  const [, , shop, id] = (await negotiated(ask)).split('/')
  const view = (await ask(`/shops/${shop}/cases/${id}`)) as { case: { order_no: string } }
  return `/orders/${shop}/${view.case.order_no}`
}

async function sideCase(ask: Ask): Promise<string> {
  const [, , shop, id] = (await negotiated(ask)).split('/')
  const view = (await ask(`/shops/${shop}/cases/${id}`)) as { case: { case_no: string } }
  return `/side?q=${view.case.case_no}`
}

/** A buyer's words that many cases have. */
const SAID = '/search#%E9%80%80%E6%AC%BE'

/** The shop that has most rows of a kind. */
async function busiest(ask: Ask, rows: string): Promise<string> {
  const me = (await ask('/me')) as unknown as { shops: { code: string }[] }
  const counts = await Promise.all(
    me.shops.map(async ({ code }) => ({ code, count: (await items(ask, `/shops/${code}/${rows}`)).length })),
  )
  return counts.reduce((best, one) => (one.count > best.count ? one : best)).code
}

const receiving = async (ask: Ask, tab: 'waiting' | 'unclaimed') =>
  `/receiving?shop=${await busiest(ask, `returns/${tab}`)}&tab=${tab}`

const CASE = '.chd h1'

export const PAGES: Row[] = [
  { name: 'login', who: '', at: '/login', ready: 'form .btn.pri', fresh: true },
  { name: 'queue', who: 'lead', at: '/?view=all', ready: '.ql .qr', fresh: true, asks: true, dark: true },
  {
    name: 'bulk',
    who: 'lead',
    at: '/?view=all',
    ready: '.ql .qr',
    reach: async (page) => {
      await page.keyboard.press('Control+a')
      await page.keyboard.press('b')
      await page.locator('.bk .bkt tbody tr').first().waitFor()
    },
  },
  {
    name: 'queue-filter',
    who: 'lead',
    at: '/?view=all&sort=amount',
    ready: '.ql .qr',
  },
  { name: 'case', who: 'lead', at: negotiated, ready: CASE, asks: true, dark: true },
  {
    name: 'case-closed',
    who: 'agent',
    at: (ask) => someCase(ask, 'closed'),
    ready: CASE,
  },
  {
    name: 'case-actions',
    who: 'lead',
    at: negotiated,
    ready: CASE,
    reach: async (page) => {
      await page.keyboard.press('m')
      await page.locator('#all-actions').waitFor()
    },
  },
  {
    name: 'case-refund',
    who: 'lead',
    at: (ask) => someCase(ask, 'all', (row) => row.stage === 'negotiation' && row.scenario === 'unshipped_refund'),
    ready: CASE,
    reach: (page) => act(page, /^(退款|Refund)$/),
  },
  {
    name: 'case-offer',
    who: 'lead',
    at: offerable,
    ready: CASE,
    reach: async (page) => {
      await page.keyboard.press('Alt+1')
      await page.locator('form.sheet').waitFor()
    },
  },
  {
    name: 'pack',
    who: 'lead',
    at: async (ask) => (await negotiated(ask)).replace('/cases/', '/pack/'),
    ready: '.pack h1',
    asks: true,
  },
  { name: 'intake', who: 'agent', at: '/new', ready: 'form .in', fresh: true },
  { name: 'order', who: 'lead', at: someOrder, ready: 'main .top h1', asks: true },
  { name: 'search', who: 'lead', at: SAID, ready: 'main a[href^="/cases/"]', asks: true },
  {
    name: 'approvals',
    who: 'supervisor',
    at: '/approvals',
    ready: '.al, .emp',
    fresh: true,
    asks: true,
    before: async (tell) => {
      const address = await negotiated((path) => tell('lead', 'GET', path))
      const [, , shop, id] = address.split('/')
      // Once is enough; the second time it is refused as waiting already.
      await tell('senior', 'POST', `/shops/${shop}/cases/${id}/approvals`, {
        subject: 'payout',
        means: 'small_payment',
        amount_minor: 30_000,
        note: '就医票据 300 元，按票据补偿',
      }).catch(() => undefined)
    },
  },
  {
    name: 'notifications',
    who: 'lead',
    at: '/notifications',
    ready: '.told, .emp',
    fresh: true,
    asks: true,
    before: async (tell) => {
      const address = await negotiated((path) => tell('lead', 'GET', path))
      const [, , shop, id] = address.split('/')
      await tell('senior', 'POST', `/shops/${shop}/cases/${id}/contacts`, {
        direction: 'note',
        channel: 'agent',
        text: '@lead 这单买家等了两天，麻烦定一下方案',
      })
    },
  },
  { name: 'promises', who: 'finance', at: '/promises', ready: '.item, .emp', fresh: true, asks: true },
  { name: 'tasks', who: 'warehouse', at: '/tasks', ready: '.item, .emp', fresh: true, asks: true },
  { name: 'effects', who: 'finance', at: '/effects', ready: '.item, .emp', fresh: true, asks: true },
  { name: 'receiving', who: 'warehouse', at: '/receiving', ready: 'main', fresh: true },
  { name: 'receiving-waiting', who: 'warehouse', at: (ask) => receiving(ask, 'waiting'), ready: 'main', fresh: true, asks: true },
  {
    name: 'receiving-unclaimed',
    who: 'warehouse',
    at: (ask) => receiving(ask, 'unclaimed'),
    ready: 'main',
    fresh: true,
    asks: true,
  },
  { name: 'handover', who: 'agent', at: '/handover', ready: '.ho .item, .ho .emp', fresh: true, asks: true },
  { name: 'playbooks', who: 'lead', at: '/playbooks', ready: '.pl', fresh: true, asks: true },
  { name: 'knowledge', who: 'lead', at: '/knowledge', ready: 'main', fresh: true, asks: true },
  { name: 'board', who: 'lead', at: '/board', ready: '.tiles', fresh: true, asks: true, dark: true },
  {
    name: 'quality',
    who: 'lead',
    at: async (ask) => `/quality?shop=${await busiest(ask, 'quality?days=30')}`,
    ready: '.signals, .emp',
    fresh: true,
    asks: true,
  },
  {
    name: 'export',
    who: 'lead',
    at: '/?view=all',
    ready: '.ql .qr',
    reach: async (page) => {
      await page.keyboard.press('Shift+X')
      await page.locator('.exppanel').waitFor()
    },
  },
  {
    name: 'playbook-trial',
    who: 'supervisor',
    at: '/playbooks?scenario=bulky_damaged',
    ready: '.ped .blk',
    reach: async (page) => {
      await page.keyboard.press('Control+Enter')
      await page.locator('.trial').waitFor()
    },
  },
  { name: 'imports', who: 'admin', at: '/imports', ready: '.drop', fresh: true },
  { name: 'side', who: 'agent', at: sideCase, ready: '.sw h2', asks: true },
  { name: 'settings', who: 'agent', at: '/settings', ready: 'main h1', fresh: true },
  { name: 'settings-staff', who: 'admin', at: '/settings?tab=staff', ready: 'table', fresh: true, asks: true },
  { name: 'settings-security', who: 'agent', at: '/settings?tab=security', ready: '.sess li', fresh: true, asks: true },
  { name: 'settings-roles', who: 'owner', at: '/settings?tab=roles', ready: '.matrix td', fresh: true, asks: true },
  { name: 'settings-shops', who: 'admin', at: '/settings?tab=shops', ready: 'main h1', fresh: true, asks: true },
  {
    name: 'settings-webhooks',
    who: 'admin',
    at: '/settings?tab=webhooks',
    ready: '.hooks .rolepick, .hooks .emp',
    fresh: true,
    asks: true,
    before: async (tell) => {
      const me = (await tell('admin', 'GET', '/me')) as unknown as { shops: { code: string }[] }
      const path = `/shops/${me.shops[0]?.code}/webhooks`
      const there = (await tell('admin', 'GET', path)) as unknown as { items: unknown[] }
      if (there.items.length === 0)
        await tell('admin', 'POST', path, {
          name: 'ERP 退款同步',
          url: 'https://erp.example.com/hooks/aftercare',
          events: ['refund_done', 'case_closed'],
        })
    },
  },
  {
    name: 'keys',
    who: 'agent',
    at: '/',
    ready: '.ql .qr, .emp',
    fresh: true,
    reach: async (page) => {
      await page.keyboard.press('?')
      await page.locator('.keysheet').waitFor()
    },
  },
]

/** Goes to a page of the table and reaches its state. */
export async function visit(page: Page, base: string, row: Row): Promise<void> {
  await page.goto(base + (await addressOf(page, base, row)))
  await page.locator(row.ready).first().waitFor()
  await settled(page)
  if (row.reach) {
    await row.reach(page)
    await settled(page)
  }
}

/** Where a row's page is in this desk's data. */
export const addressOf = async (page: Page, base: string, row: Row): Promise<string> =>
  typeof row.at === 'string'
    ? row.at
    : row.at(async (path) => {
        const answer = await page.request.get(`${base}/api/v1${path}`)
        if (!answer.ok()) throw new Error(`${row.name}: ${path}: ${answer.status()}`)
        return (await answer.json()) as Record<string, unknown>
      })

/** Nothing is waited for any more (unless waiting is the state), and two frames were painted since. */
export async function settled(page: Page, still = true): Promise<void> {
  if (still) await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' })
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
}
