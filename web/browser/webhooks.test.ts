// Webhooks on the screen: made with a secret shown once, told to a receiver on this machine, cut off in the middle, paused, replayed by keys
// that are counted. Owns the receiver.
import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { order } from './hands'
import { type World, world } from './world'

interface Got {
  id: string
  timestamp: string
  signature: string
  body: string
}

let w: World
let receiver: Server
let url = ''
const got: Got[] = []
/** The status of the next answers; 0 never answers. */
let answer = 204

beforeAll(async () => {
  w = await world({ roles: ['agent', 'admin'] })
  receiver = createServer((request, response) => {
    let body = ''
    request.on('data', (piece) => {
      body += piece
    })
    request.on('end', () => {
      const header = (name: string) => String(request.headers[name] ?? '')
      got.push({ id: header('webhook-id'), timestamp: header('webhook-timestamp'), signature: header('webhook-signature'), body })
      if (answer) response.writeHead(answer).end()
    })
  })
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
})
afterAll(async () => {
  receiver?.closeAllConnections()
  receiver?.close()
  await w?.end()
})

let made = 0
async function openCase(): Promise<void> {
  made += 1
  const orderNo = `HOOK${made}`
  await order(w, { orderNo, title: '羊毛开衫', paid: 19_900, state: 'signed' })
  await w.call('agent', 'POST', '/shops/qinghe/cases', { order_no: orderNo, channel: 'chat', text: '收到时袖口开线' })
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await holds()) return
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error(`${what} did not come about`)
}

const hooks = async () =>
  (
    await w.call<{ items: { id: string; state: string; failed: number; waiting: number }[] }>(
      'admin',
      'GET',
      '/shops/qinghe/webhooks',
    )
  ).items

async function settings(): Promise<Page> {
  const page = await w.as('admin')
  await page.goto(`${w.base}/settings?tab=webhooks`)
  await page.locator('.hooks .rolepick, .hooks .emp').first().waitFor()
  return page
}

it('is made on the screen, with a secret that signs what arrives', async () => {
  const page = await settings()
  await page.getByRole('button', { name: '新建推送' }).click()
  await page.getByLabel('名称').fill('ERP 退款同步')
  await page.getByLabel('接收地址').fill('https://10.0.0.8/hook')
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByRole('alert').waitFor()
  await page.getByLabel('接收地址').fill(url)
  await page.getByText('只推选中的').click()
  await page.getByLabel('登记工单').check()
  await page.getByRole('button', { name: '保存' }).click()
  const secret = (await page.locator('.hooks .secret .num').textContent()) ?? ''
  expect(secret).toMatch(/^whsec_/)
  await page.getByRole('button', { name: '我已保存好' }).click()
  expect(await page.getByText(secret).count()).toBe(0)

  await openCase()
  await until('the letter', () => got.length === 1)
  const { id, timestamp, signature, body } = got[0] as Got
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  expect(signature).toBe(`v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`)
  expect(JSON.parse(body)).toMatchObject({ type: 'case_opened', data: { shop: 'qinghe' } })
  await page.locator('.hooklog .mk.ok').first().waitFor()
})

it('survives a power cut between posting and the answer', async () => {
  answer = 0
  const before = got.length
  await openCase()
  await until('the letter', () => got.length === before + 1)
  await w.cut()
  answer = 204
  await w.restart()
  await until('the letter again', () => got.length === before + 2)
  expect(got[before + 1]?.id).toBe(got[before]?.id)
  await until('its end', async () => (await hooks())[0]?.waiting === 0)
})

it('replays what failed in two keys', async () => {
  answer = 500
  const before = got.length
  await openCase()
  await openCase()
  await until('two letters', () => got.length === before + 2)
  const [hook] = await hooks()
  // What waits counts as failed once it is paused; a person resumes it.
  await w.call('admin', 'POST', `/shops/qinghe/webhooks/${hook?.id}/pause`, {})
  await w.call('admin', 'POST', `/shops/qinghe/webhooks/${hook?.id}/resume`, {})
  answer = 204
  const page = await settings()
  await until('both on the screen', async () => (await page.locator('.hooklog .mk.no').count()) === 2)
  const second = (await page.locator('.hooklog tbody tr').nth(1).getAttribute('title')) ?? ''
  let keys = 0
  for (const key of ['j', 'r']) {
    await page.keyboard.press(key)
    keys += 1
  }
  await until('the letter', () => got.length === before + 3)
  expect(keys).toBeLessThanOrEqual(2)
  expect(got[before + 2]?.id).toBe(second)
  await until('one left', async () => (await page.locator('.hooklog .mk.no').count()) === 1)
  // All that are left: one key.
  await page.keyboard.press('Shift+r')
  await until('the last letter', () => got.length === before + 4)
  expect(new Set(got.slice(before).map((one) => one.id)).size).toBe(2)
  await until('none failed', async () => (await hooks())[0]?.failed === 0)
})
