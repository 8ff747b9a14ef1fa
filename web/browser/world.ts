// A fresh desk for one file of browser tests: data, people, the program as a process, a browser. Owns starting and stopping them.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { type Browser, chromium, type Page } from 'playwright-core'

export const PROGRAM = process.env.AFTERCARE_PROGRAM ?? resolve('../target/debug/aftercare')
const CHROMIUM = process.env.AFTERCARE_CHROMIUM ?? '/usr/bin/chromium'
export const PASSWORD = 'browser-tests-only'
const START_MS = 60_000
/** What the platform signs its callbacks with. */
const SECRET = 'a secret of these tests'
/** Callbacks under way arrive within this time. */
const CALLBACKS_MS = 20_000

/** Where the story stands; the clock moves by hand. */
export const START = '2026-11-24T09:20:00+08:00'

const NAMES: Record<string, string> = {
  agent: '林小满',
  senior: '沈知远',
  lead: '秦可',
  supervisor: '顾言',
  night: '唐星河',
  parcel_desk: '罗子期',
  reviewer: '余书',
  warehouse: '孟大川',
  finance: '齐静',
  quality: '方圆',
  operations: '安乔',
  admin: '管理员',
}
const USUAL = ['agent', 'lead', 'supervisor', 'warehouse', 'finance', 'admin']

export interface World {
  base: string
  /** A signed-in person's page; the same one each time. */
  as: (who: string) => Promise<Page>
  /** A call of the API as this person, for what the outside world does (orders, traces, time). */
  call: <T = Record<string, unknown>>(who: string, method: string, path: string, body?: unknown, version?: number) => Promise<T>
  /** The desk's present, epoch milliseconds. */
  now: () => number
  /** Lets time pass: everything due until then happens; the present itself carries out what is due now. */
  moveTo: (at: number) => Promise<void>
  /** Lets the desk do what is due now, until no callback is under way; late ones only when asked for. */
  settle: (late?: boolean) => Promise<void>
  /** Ends the desk at once, as a power cut does. */
  cut: () => Promise<void>
  /** Starts it again on its data, at its address. */
  restart: () => Promise<void>
  /** Tells the simulated sales platform something. */
  platform: (path: string, body: unknown) => Promise<void>
  end: () => Promise<void>
}

let browser: Promise<Browser> | undefined

/** One browser for all worlds of a test file; it ends with the process. Each person has a context of their own. */
export function shared(): Promise<Browser> {
  browser ??= chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
  return browser
}

export async function world({
  start = START,
  roles = USUAL,
  shop = 'qinghe',
}: {
  start?: string
  roles?: string[]
  shop?: string
} = {}): Promise<World> {
  for (const path of [PROGRAM, CHROMIUM])
    if (!existsSync(path)) throw new Error(`${path} is missing: build the program, install chromium`)
  const folder = mkdtempSync(join(tmpdir(), 'aftercare-browser-'))
  const place = ['--data', join(folder, 'data'), '--key-file', join(folder, 'key')]
  const run = (args: string[], input = '') =>
    execFileSync(PROGRAM, [...args, ...place], { input, stdio: ['pipe', 'ignore', 'pipe'] })
  run(['shop', 'add', '--code', shop, '--title', '青禾生活旗舰店', '--platform', 'tmall'])
  for (const [at, role] of roles.entries()) {
    run(
      [
        'user',
        'add',
        '--name',
        role,
        '--role',
        role.replace(/\d$/, ''),
        '--display-name',
        NAMES[role] ?? role,
        '--agent-no',
        `K${at + 1}`,
      ],
      `${PASSWORD}\n`,
    )
  }
  const platform = spawn(PROGRAM, ['platform-sim', '--run', 'T'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const books = await listening(platform)
  const serve = (listen: string, clock: string) =>
    spawn(PROGRAM, ['serve', '--listen', listen, '--hand-clock', clock, '--platform', books, '--webhook-loopback', ...place], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, AFTERCARE_LOG: 'warn' },
    })
  let desk = serve('127.0.0.1:0', start)
  const base = await listening(desk)
  const browser = await shared()
  const pages = new Map<string, Page>()
  const cookies = new Map<string, string>()
  let now = Date.parse(start)

  const platformTold: World['platform'] = async (path, body) => {
    const answer = await fetch(books + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`platform ${path}: ${answer.status} ${await answer.text()}`)
  }

  const call: World['call'] = async (who, method, path, body, version) => {
    const key = crypto.randomUUID()
    const ask = async () => {
      if (!cookies.has(who)) cookies.set(who, await cookie(base, who))
      return fetch(`${base}/api/v1${path}`, {
        method,
        headers: {
          'content-type': 'application/json',
          cookie: cookies.get(who) ?? '',
          origin: base,
          'x-requested-with': 'aftercare',
          'idempotency-key': key,
          ...(version === undefined ? {} : { 'if-match': String(version) }),
        },
        body: body === undefined ? null : JSON.stringify(body),
      })
    }
    let answer = await ask()
    if (answer.status === 401) {
      cookies.delete(who)
      answer = await ask()
    }
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return (text ? JSON.parse(text) : {}) as never
  }

  const moveTo: World['moveTo'] = async (at) => {
    now = at
    const to = new Date(now).toISOString()
    await platformTold('/clock', { at: to })
    await call('admin', 'POST', '/clock', { to })
  }

  const settle: World['settle'] = async (late = false) => {
    const begun = Date.now()
    // A callback may come in while the desk is at it: only a round in which none was delivered is the last one.
    for (let before = -1; ; ) {
      let told = await callbacks(books, late)
      while (told.onTheWay > 0) {
        if (Date.now() - begun > CALLBACKS_MS) throw new Error('the platform’s callbacks do not arrive')
        await new Promise((done) => setTimeout(done, 10))
        told = await callbacks(books, late)
      }
      if (told.delivered === before) return
      before = told.delivered
      await moveTo(now)
    }
  }

  await call('admin', 'POST', `/shops/${shop}/callbacks/secret`, { secret: SECRET })
  await platformTold('/callbacks', { url: `${base}/api/v1/shops/{shop}/callbacks/platform`, secret: SECRET })

  return {
    base,
    call,
    as: async (who) => {
      const known = pages.get(who)
      // Sessions end with time, as at a real desk; whoever comes back signs in again.
      if (known && (await known.request.get(`${base}/api/v1/me`)).ok()) return known
      await known?.context().close()
      const page = await signIn(browser, base, who)
      pages.set(who, page)
      return page
    },
    now: () => now,
    moveTo,
    settle,
    cut: async () => {
      desk.kill('SIGKILL')
      await new Promise((done) => desk.once('exit', done))
    },
    restart: async () => {
      desk = serve(new URL(base).host, new Date(now).toISOString())
      await listening(desk)
    },
    platform: platformTold,
    end: async () => {
      for (const page of pages.values()) await page.context().close()
      for (const process of [desk, platform]) {
        process.kill('SIGTERM')
        await new Promise((done) => process.once('exit', done))
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Where a program that has just been started listens, once it does. */
export async function listening(desk: ChildProcess, within = START_MS): Promise<string> {
  if (!desk.stdout) throw new Error('the program has no output')
  const late = new Promise<never>((_, fail) => setTimeout(() => fail(new Error('the program does not listen')), within).unref())
  const told = (async () => {
    for await (const line of createInterface({ input: desk.stdout as NodeJS.ReadableStream })) {
      const at = /listening on (http:\S+)/.exec(line)?.[1]
      if (at) return at
    }
    throw new Error('the program ended before it listened')
  })()
  return Promise.race([told, late])
}

/** How many callbacks of the platform are still to be delivered, and how many were. */
async function callbacks(books: string, late: boolean): Promise<{ onTheWay: number; delivered: number }> {
  const told = (await (await fetch(`${books}/books`)).json()) as { pending?: number; late?: number; callbacks?: unknown[] }
  return { onTheWay: (told.pending ?? 0) + (late ? (told.late ?? 0) : 0), delivered: told.callbacks?.length ?? 0 }
}

async function cookie(base: string, who: string): Promise<string> {
  const answer = await fetch(`${base}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: who, password: PASSWORD }),
  })
  if (!answer.ok) throw new Error(`${who} cannot sign in: ${await answer.text()}`)
  return answer.headers.get('set-cookie')?.split(';')[0] ?? ''
}

async function signIn(browser: Browser, base: string, who: string): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  page.on('pageerror', (problem) => console.error(`${who}: ${problem}`))
  await page.goto(`${base}/login`)
  await page.getByLabel('用户名').fill(who)
  await page.getByLabel('密码').fill(PASSWORD)
  await page.getByRole('button', { name: '登录' }).click()
  await page.waitForURL((url) => !url.pathname.startsWith('/login'))
  return page
}
