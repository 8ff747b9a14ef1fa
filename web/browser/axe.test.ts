// Accessibility of every page and state, in both languages and themes: nothing serious or critical is left. Owns the states; the pages
// stand in their table.
import axe from 'axe-core'
import type { Page, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Desk, demo, desk, type Look } from './demo'
import { addressOf, PAGES, type Row, settled, visit } from './pages'
import { PASSWORD, type World, world } from './world'

/** Enough for every page of the table to have something to show. */
const ORDERS = 500
const LANGUAGES = ['zh', 'en'] as const
/** Rules that depend on colours; asked again in the dark, where nothing else differs. */
const OF_COLOUR = ['color-contrast', 'link-in-text-block']
/** What a page's content is asked with; who one is and what the words are is known before. */
const CONTENT = /\/api\/v1\/(?!me$|facts|live|session$)/
/** Beside the content: counts, colleagues, titles, news. */
const BESIDE = /\/api\/v1\/(live|queue\/figures|staff|playbooks$)/

/** Waiting, refused and degraded too: minutes more; `cargo xtask web axe` asks for them. */
const ALL = process.env.AFTERCARE_AXE === 'all'

let shop: Desk
let fresh: World
let empty: Desk
beforeAll(async () => {
  ;[shop, fresh] = await Promise.all([
    demo(ORDERS),
    world({ roles: ['agent', 'lead', 'supervisor', 'warehouse', 'finance', 'admin', 'owner'] }),
  ])
  for (const row of PAGES) await row.before?.(shop.tell)
  empty = desk(fresh.base, PASSWORD)
}, 300_000)
afterAll(async () => {
  await shop?.end()
  await fresh?.end()
})

interface Finding {
  rule: string
  where: string
  why: string
}

/** What axe finds that keeps people from working. */
async function findings(page: Page, rules?: string[]): Promise<Finding[]> {
  // Not by a script tag: the page's own policy refuses foreign scripts.
  await page.evaluate(axe.source)
  return page.evaluate(async (only) => {
    const found = await (window as unknown as { axe: typeof axe }).axe.run(document, {
      resultTypes: ['violations'],
      ...(only ? { runOnly: { type: 'rule', values: only } } : {}),
    })
    return found.violations
      .filter((it) => it.impact === 'serious' || it.impact === 'critical')
      .flatMap((it) =>
        it.nodes.slice(0, 3).map((node) => ({
          rule: it.id,
          where: `${node.target.join(' ')} ${node.html.slice(0, 160)}`,
          why: (node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? it.help,
        })),
      )
  }, rules)
}

/** A page in one language, in the light and in the dark. */
async function look(where: Desk, row: Row, language: Look['language'], reach: (page: Page) => Promise<void>): Promise<void> {
  const page = await where.open(row.who, { language, theme: 'light' })
  try {
    await reach(page)
    const light = await findings(page)
    await page.evaluate(() => {
      document.documentElement.dataset.theme = 'dark'
    })
    await settled(page, false)
    const dark = await findings(page, OF_COLOUR)
    expect({ light, dark }).toEqual({ light: [], dark: [] })
  } finally {
    await page.context().close()
  }
}

const answering = (row: Row, where: Desk, how: (route: Route) => Promise<void> | void, shown: string, what = CONTENT) => {
  return async (page: Page) => {
    const address = await addressOf(page, where.base, row)
    await page.route(what, how)
    await page.goto(where.base + address)
    await page.locator(shown).first().waitFor()
    await settled(page, false)
  }
}
const held = () => {}
const refused = (route: Route) =>
  route.fulfill({
    status: 500,
    json: { code: 'internal', params: { id: 'A1B2C3' }, message: '服务出了错，编号 A1B2C3。' },
  })

describe.each(LANGUAGES)('%s', (language) => {
  it.concurrent.each(PAGES)('$name', (row) => look(shop, row, language, (page) => visit(page, shop.base, row)))

  it.concurrent.each(PAGES.filter((row) => row.fresh))('$name, empty', (row) =>
    look(empty, row, language, async (page) => {
      const { reach, ...still } = row
      await visit(page, empty.base, { ...still, ready: 'main' })
    }),
  )

  describe.runIf(ALL)('states', () => {
    it.concurrent.each(PAGES.filter((row) => row.asks))('$name, loading', (row) =>
      look(shop, row, language, answering(row, shop, held, '[aria-busy="true"]')),
    )

    it.concurrent.each(PAGES.filter((row) => row.asks))('$name, refused', (row) =>
      look(shop, row, language, answering(row, shop, refused, '[role="alert"]')),
    )

    it.concurrent.each(PAGES.filter((row) => row.asks))('$name, degraded', (row) =>
      look(
        shop,
        row,
        language,
        answering(row, shop, (route) => route.abort(), `${row.ready}, [role="alert"]`, BESIDE),
      ),
    )
  })
})
