// Figures of the screen: a running desk with many cases, Chromium slowed down fourfold. Prints `name value unit | limit value | ratio`, as
// all figures are printed. Owns what is measured; the desk and its data are the harness's (`cargo xtask bench web`).
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import type { CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { desk as at, type Desk } from './demo'

const SLOWER = Number(process.env.AFTERCARE_SLOWER ?? 4)
const DIST = resolve('dist')
const LONG_MS = 50
const SCROLLED = 10_000

let desk: Desk
let page: Page
let cdp: CDPSession
beforeAll(async () => {
  const base = process.env.AFTERCARE_DESK
  if (!base) throw new Error('AFTERCARE_DESK names no desk; use `cargo xtask bench web`')
  desk = at(base, process.env.AFTERCARE_PASSWORD ?? '')
  page = await desk.open('lead', { language: 'zh', theme: 'light', width: 1440, height: 900 })
  await page.addInitScript(watch)
  await page.goto(`${base}/?view=all`)
  await page.locator('.qr').first().waitFor()
  cdp = await page.context().newCDPSession(page)
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
}, 120_000)
afterAll(() => page?.context().close())

interface Watched {
  events: { name: string; at: number; took: number; id: number }[]
  tasks: number[]
}

/** Runs in the page: remembers every interaction and every long task. */
function watch(): void {
  const seen: Watched = { events: [], tasks: [] }
  ;(window as unknown as { seen: Watched }).seen = seen
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { interactionId?: number })[])
      seen.events.push({ name: entry.name, at: entry.startTime, took: entry.duration, id: entry.interactionId ?? 0 })
    // 16 ms is the finest the browser reports; what is faster counts as that.
  }).observe({ type: 'event', durationThreshold: 16, buffered: true } as PerformanceObserverInit)
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.tasks.push(entry.duration)
  }).observe({ type: 'longtask', buffered: true })
}

const seen = (): Promise<Watched> => page.evaluate(() => (window as unknown as { seen: Watched }).seen)

function row(name: string, value: number, unit: string, limit: number): void {
  process.stdout.write(`${name} ${value.toFixed(2)} ${unit} | limit ${limit.toFixed(2)} | ${(value / (limit || 1)).toFixed(2)}\n`)
}

/** The value below which `share` of them lie. */
function below(values: number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

/** From the key press until what it asked for was painted: in the page, so that nothing of the test's own way counts. */
async function pressed(keys: string, shown: string): Promise<number> {
  const presses = keys.split(' ')
  await page.evaluate(
    ([selector, count]) => {
      const timed = new Promise<number>((done) => {
        let left = Number(count)
        // A sequence is timed from its last key.
        const begin = (event: KeyboardEvent) => {
          left -= 1
          if (left > 0) return
          window.removeEventListener('keydown', begin, { capture: true })
          // Looks at every frame, just before it is painted. It has been when a message sent from there arrives, or the next frame begins:
          // whichever is first, for the browser lets one wait for the other as it likes.
          const painted = () => done(performance.now() - event.timeStamp)
          const look = () => {
            if (!document.querySelector(selector ?? '')) return requestAnimationFrame(look)
            const channel = new MessageChannel()
            channel.port1.onmessage = painted
            channel.port2.postMessage(0)
            requestAnimationFrame(painted)
          }
          requestAnimationFrame(look)
        }
        window.addEventListener('keydown', begin, { capture: true })
      })
      ;(window as unknown as { timed: Promise<number> }).timed = timed
    },
    [shown, String(presses.length)],
  )
  for (const key of presses) await page.keyboard.press(key)
  return page.evaluate(() => (window as unknown as { timed: Promise<number> }).timed)
}

const rest = (ms = 350) => page.waitForTimeout(ms)

/** How long every key press took until its paint; what the browser does not report was below 16 ms. */
async function keysPainted(keys: string[]): Promise<number[]> {
  const from = (await seen()).events.length
  for (const key of keys) {
    await page.keyboard.press(key)
    await page.waitForTimeout(60)
  }
  await rest()
  const events = (await seen()).events.slice(from).filter((event) => event.name === 'keydown')
  return [...events.map((event) => event.took), ...Array(Math.max(0, keys.length - events.length)).fill(16)]
}

const interactions: number[] = []

it('key to paint', async () => {
  await page.locator('.ql').focus()
  const keys = Array.from({ length: 60 }, (_, n) => (n % 4 === 3 ? 'k' : 'j'))
  await keysPainted(keys.slice(0, 5))
  const took = await keysPainted(keys)
  interactions.push(...took)
  row('key-paint-p95-ms', below(took, 0.95), 'ms', 50)
})

it('page to page, warm', async () => {
  // What is timed is the page itself, not the frame left standing from the one before.
  const shown = 'main:not([data-seen]):not(:has(.sk))'
  const took: number[] = []
  const byPage = new Map<string, number[]>()
  for (let round = 0; round < 6; round++) {
    for (const key of ['a', 't', 'h', 'b', 's', 'q']) {
      await page.evaluate(() => document.querySelector('main')?.setAttribute('data-seen', ''))
      const ms = await pressed(`g ${key}`, shown)
      // The first round loads the pages' code.
      if (round > 0) {
        took.push(ms)
        byPage.set(key, [...(byPage.get(key) ?? []), ms])
      }
      await rest()
    }
  }
  interactions.push(...took)
  process.stdout.write(
    `  ${[...byPage].map(([key, its]) => `g ${key} ${its.map((ms) => ms.toFixed(0)).join(' ')}`).join(' | ')}\n`,
  )
  row('page-switch-p95-ms', below(took, 0.95), 'ms', 150)
})

it('next case', async () => {
  await page.goto(`${desk.base}/?view=all`)
  await page.locator('.qr').first().waitFor()
  await rest(1000)
  await page.keyboard.press('Enter')
  await page.locator('.chd h1').waitFor()
  await rest(1500)
  const took: number[] = []
  for (let n = 0; n < 24; n++) {
    const now = await page.locator('.chd .cp').first().textContent()
    const number = (now ?? '').trim().slice(0, 24)
    await page.evaluate((text) => {
      for (const old of document.querySelectorAll('[data-seen]')) old.removeAttribute('data-seen')
      document.querySelector('.chd')?.setAttribute('data-seen', text)
    }, number)
    const ms = await pressed(']', '.chd:not([data-seen])')
    if (n > 1) took.push(ms)
    await rest(600)
  }
  interactions.push(...took)
  process.stdout.write(`  each ${took.map((ms) => ms.toFixed(0)).join(' ')}\n`)
  row('next-case-p95-ms', below(took, 0.95), 'ms', 100)
})

it('interaction to next paint', async () => {
  await page.goto(`${desk.base}/?view=all`)
  await page.locator('.qr').first().waitFor()
  await rest(800)
  const from = (await seen()).events.length
  for (let n = 0; n < 10; n++) {
    await page.locator('.qr').nth(n).click()
    await rest(200)
    await page.keyboard.press('x')
    await rest(100)
  }
  await page.keyboard.press('Control+k')
  await page.locator('.plt[open]').waitFor()
  await page.keyboard.type('jie')
  await page.keyboard.press('Escape')
  await page.locator('.plt[open]').waitFor({ state: 'detached' })
  await page.keyboard.press('Enter')
  await page.locator('.chd').waitFor()
  for (const key of ['w', 'm', 'm', '.', '.', 'n', 'Escape', 's', 'Escape']) {
    await page.keyboard.press(key)
    await rest(200)
  }
  await page.keyboard.press('r')
  await page.keyboard.type('alright', { delay: 60 })
  await rest(800)
  const byId = new Map<number, number>()
  for (const event of (await seen()).events.slice(from))
    if (event.id) byId.set(event.id, Math.max(byId.get(event.id) ?? 0, event.took))
  row('inp-p75-ms', below([...byId.values(), ...interactions], 0.75), 'ms', 100)
})

it('scrolling', async () => {
  await page.goto(`${desk.base}/?view=all`)
  await page.locator('.qr').first().waitFor()
  await rest(1500)
  await page.mouse.move(700, 500)
  const from = (await seen()).tasks.length
  const began = Date.now()
  let reached = 0
  while (reached < SCROLLED && Date.now() - began < 600_000) {
    // A wheel turned as fast as it goes: its notches come to about 60 px at every frame.
    for (let frame = 0; frame < 40; frame++) {
      await page.mouse.wheel(0, 60)
      await page.waitForTimeout(4)
    }
    reached = await page.evaluate(() => Number([...document.querySelectorAll('.qr')].at(-1)?.getAttribute('aria-rowindex') ?? 0))
  }
  expect(reached).toBeGreaterThanOrEqual(SCROLLED - 50)
  const long = (await seen()).tasks.slice(from).filter((ms) => ms > LONG_MS)
  if (long.length) process.stdout.write(`  the longest took ${Math.max(...long).toFixed(0)} ms\n`)
  row('long-tasks-scrolling', long.length, 'tasks', 0)
})

/** What a page's first document loads, compressed as it travels best. */
function kilobytes(document: string): number {
  const files = [...readFileSync(resolve(DIST, document), 'utf8').matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(
    (hit) => hit[1] ?? '',
  )
  const wanted = new Set(files)
  // The queue is what one lands on.
  if (document === 'index.html')
    for (const file of readdirSync(resolve(DIST, 'assets'))) if (/^QueuePage-.*\.js$/.test(file)) wanted.add(`assets/${file}`)
  // What they import at once comes too.
  for (const file of wanted)
    for (const hit of readFileSync(resolve(DIST, file), 'utf8').matchAll(/from"\.\/([^"]+\.js)"/g)) wanted.add(`assets/${hit[1]}`)
  let bytes = 0
  for (const file of wanted) bytes += brotliCompressSync(readFileSync(resolve(DIST, file))).length
  return bytes / 1024
}

it('weight', () => {
  row('shell-js-kb', kilobytes('index.html'), 'kB', 350)
  if (existsSync(resolve(DIST, 'portal.html'))) row('portal-js-kb', kilobytes('portal.html'), 'kB', 50)
  else process.stdout.write('portal-js-kb is left out: there is no portal.html yet\n')
})
