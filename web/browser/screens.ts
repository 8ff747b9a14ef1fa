// Pictures of every page of the table, of the demo: two languages, in the dark where a page asks for it, and wide where all are wanted.
// Owns the pictures' names and size; `cargo xtask screens [all]` runs it.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, it } from 'vitest'
import { type Desk, demo, type Look } from './demo'
import { PAGES, settled, visit } from './pages'

const FOLDER = process.env.AFTERCARE_SCREENS_FOLDER ?? resolve('../docs/screens')
const FORMAT = process.env.AFTERCARE_SCREENS_FORMAT === 'png' ? 'png' : 'webp'
const QUALITY = 82
/** A world of this size has something on every page. */
const ORDERS = 1200

const NARROW = { width: 1280, height: 800 }
const WIDE = { width: 1920, height: 1080 }
const LOOKS: (Look & { mark: string; dark?: true })[] = [
  { language: 'zh', theme: 'light', ...NARROW, mark: '' },
  { language: 'en', theme: 'light', ...NARROW, mark: '-en' },
  { language: 'zh', theme: 'dark', ...NARROW, mark: '-dark', dark: true },
  ...(process.env.AFTERCARE_SCREENS === 'all'
    ? [
        { language: 'zh' as const, theme: 'light' as const, ...WIDE, mark: '-1920' },
        { language: 'en' as const, theme: 'light' as const, ...WIDE, mark: '-en-1920' },
        { language: 'zh' as const, theme: 'dark' as const, ...WIDE, mark: '-dark-1920', dark: true as const },
      ]
    : []),
]

let desk: Desk
beforeAll(async () => {
  desk = await demo(ORDERS)
  for (const row of PAGES) await row.before?.(desk.tell)
  mkdirSync(FOLDER, { recursive: true })
  for (const file of readdirSync(FOLDER)) if (file.endsWith(`.${FORMAT}`)) rmSync(join(FOLDER, file))
})
afterAll(() => desk?.end())

async function picture(page: Page, name: string): Promise<void> {
  // Chromium's own encoder: a third of what the same picture takes without loss.
  const session = await page.context().newCDPSession(page)
  const { data } = await session.send('Page.captureScreenshot', {
    format: FORMAT,
    ...(FORMAT === 'webp' ? { quality: QUALITY } : {}),
  })
  writeFileSync(join(FOLDER, `${name}.${FORMAT}`), Buffer.from(data, 'base64'))
}

it.each(LOOKS)('pictures of $language, $theme, $width', async (look) => {
  for (const row of PAGES) {
    if (look.dark && !row.dark) continue
    const page = await desk.open(row.who, look)
    await visit(page, desk.base, row)
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await settled(page)
    await picture(page, row.name + look.mark)
    await page.context().close()
  }
})
