// The demo as a desk to look at: started once for a test file, its people signed in, the look chosen. Owns starting and stopping it.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import type { Tell } from './pages'
import { listening, PROGRAM, shared } from './world'

/** Everybody's password in the demo, as it greets with. */
const PASSWORD = 'aftercare-demo'
/** The demo lives its history before it listens. */
const MADE_MS = 240_000

export interface Look {
  language: 'zh' | 'en'
  theme: 'light' | 'dark'
  width?: number
  height?: number
}

/** A desk whose pages can be looked at. */
export interface Desk {
  base: string
  /** A new page of this person in this look; whoever asks for it closes its context. */
  open: (who: string, look: Look) => Promise<Page>
  /** A call of the API as this person. */
  tell: Tell
  end: () => Promise<void>
}

/** The demo, with `orders` orders of which one in ten has a problem. */
export async function demo(orders: number): Promise<Desk> {
  const folder = mkdtempSync(join(tmpdir(), 'aftercare-demo-'))
  const data = join(folder, 'data')
  const program = spawn(PROGRAM, ['demo', '--data', data, '--listen', '127.0.0.1:0', '--orders', String(orders)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, AFTERCARE_LOG: 'warn' },
  })
  const base = await listening(program, MADE_MS)
  return desk(base, PASSWORD, async () => {
    await stopped(program)
    rmSync(folder, { recursive: true, force: true })
  })
}

/** A desk that runs already, as something to look at. */
export function desk(base: string, password: string, end: () => Promise<void> = async () => {}): Desk {
  const sessions = new Map<string, Promise<string>>()
  const session = (who: string) => {
    const known = sessions.get(who) ?? signIn(base, who, password)
    sessions.set(who, known)
    return known
  }
  return {
    base,
    open: async (who, look) => {
      const browser = await shared()
      const context = await browser.newContext({
        viewport: { width: look.width ?? 1280, height: look.height ?? 800 },
        locale: look.language === 'zh' ? 'zh-CN' : 'en-GB',
        timezoneId: 'Asia/Shanghai',
        reducedMotion: 'reduce',
      })
      await wear(context, look)
      if (who) await context.addCookies([{ ...pair(await session(who)), url: base }])
      const page = await context.newPage()
      page.setDefaultTimeout(15_000)
      return page
    },
    tell: async (who, method, path, body) => {
      const answer = await fetch(`${base}/api/v1${path}`, {
        method,
        headers: {
          'content-type': 'application/json',
          cookie: await session(who),
          origin: base,
          'x-requested-with': 'aftercare',
          'idempotency-key': crypto.randomUUID(),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
      return (await answer.json()) as Record<string, unknown>
    },
    end,
  }
}

/** The look as a person would have chosen it earlier. */
const wear = (context: BrowserContext, look: Look): Promise<unknown> =>
  context.addInitScript(
    ([language, theme]) => {
      localStorage.setItem('aftercare.language', language ?? '')
      localStorage.setItem('aftercare.theme', theme ?? '')
    },
    [look.language, look.theme],
  )

async function signIn(base: string, who: string, password: string): Promise<string> {
  const answer = await fetch(`${base}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: who, password }),
  })
  if (!answer.ok) throw new Error(`${who} cannot sign in: ${await answer.text()}`)
  return answer.headers.get('set-cookie')?.split(';')[0] ?? ''
}

const pair = (cookie: string) => {
  const [name = '', ...value] = cookie.split('=')
  return { name, value: value.join('=') }
}

async function stopped(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null) return
  program.kill('SIGTERM')
  await new Promise((done) => program.once('exit', done))
}
