// The buyer's own page on a phone: found, a problem reported with photos, an offer accepted, content told. The shop sees all of it.
import { deflateSync } from 'node:zlib'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { order } from './hands'
import { type World, world } from './world'

const NARROW = { width: 360, height: 740 }
let w: World
beforeAll(async () => {
  w = await world()
  await w.call('admin', 'POST', '/shops/qinghe/settings', {
    portal: { on: true, platforms: ['tmall'] },
    return_address: '浙江省金华市义乌市某路 8 号 3 号仓，售后组收，0579-00000000',
  })
})
afterAll(() => w?.end())

/** A buyer's phone: no cookies, no history. */
async function phone(locale = 'zh-CN'): Promise<[BrowserContext, Page]> {
  const browser = (await w.as('agent')).context().browser()
  if (!browser) throw new Error('no browser')
  const context = await browser.newContext({ viewport: NARROW, locale, hasTouch: true })
  context.setDefaultTimeout(10_000)
  return [context, await context.newPage()]
}

async function find(page: Page, orderNo: string, tail = '5678'): Promise<void> {
  await page.goto(`${w.base}/portal/qinghe`)
  await page.locator('#order_no').fill(orderNo)
  await page.locator('#tail').fill(tail)
  await page.locator('form button').click()
}

/** What everybody can use: named controls, targets of 44 px, contrast, one heading, nothing wider than the screen. */
async function usable(page: Page, name: string): Promise<void> {
  for (const width of [320, NARROW.width, 1280]) {
    await page.setViewportSize({ width, height: width > 1000 ? 860 : NARROW.height })
    expect([name, width, await page.evaluate(faults)]).toEqual([name, width, []])
    if (process.env.AFTERCARE_SHOTS)
      await page.screenshot({ path: `${process.env.AFTERCARE_SHOTS}/portal-${name}-${width}.png`, fullPage: true })
  }
  await page.setViewportSize(NARROW)
}

function faults(): string[] {
  const found: string[] = []
  const tell = (what: string, at: Element) => found.push(`${what}: ${at.outerHTML.slice(0, 90)}`)
  if (document.documentElement.scrollWidth > window.innerWidth)
    found.push(`wider than the screen: ${document.documentElement.scrollWidth}`)
  if (document.querySelectorAll('h1').length !== 1 || document.querySelectorAll('main').length !== 1)
    found.push('not one heading and main')
  if (!/^(zh-CN|en)$/.test(document.documentElement.lang) || !document.title) found.push('no language or title')
  const ids = Array.from(document.querySelectorAll('[id]'), (it) => it.id)
  if (new Set(ids).size !== ids.length) found.push(`an id stands twice: ${ids}`)
  for (const it of document.querySelectorAll('img')) if (!it.alt) tell('a picture without a name', it)
  for (const it of document.querySelectorAll<HTMLElement>('button, input, textarea')) {
    const labels = (it as HTMLInputElement).labels
    const named =
      it.getAttribute('aria-label') ||
      it.textContent?.trim() ||
      (labels && Array.from(labels).some((label) => label.textContent?.trim()))
    if (!named) tell('no name', it)
    const box = it.getBoundingClientRect()
    if (box.height < 43.5 || box.width < 43.5) tell(`${Math.round(box.width)}×${Math.round(box.height)} is too small`, it)
  }
  const channels = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number)
  const light = (colour: string) => {
    const [r, g, b] = channels(colour).map((it) => (it / 255 <= 0.03928 ? it / 255 / 12.92 : ((it / 255 + 0.055) / 1.055) ** 2.4))
    return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0)
  }
  const behind = (at: Element | null): string => {
    for (let it = at; it; it = it.parentElement) {
      const colour = getComputedStyle(it).backgroundColor
      if (channels(colour)[3] !== 0) return colour
    }
    return 'rgb(255, 255, 255)'
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const at = node.parentElement
    if (!at || !node.textContent?.trim() || at.closest('.sr, .rm, script')) continue
    const [a, b] = [light(getComputedStyle(at).color), light(behind(at))]
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    if (ratio < 4.5) tell(`contrast ${ratio.toFixed(1)}`, at)
  }
  return found
}

/** A picture of noise, which hardly shrinks: a PNG of some megabytes, as a phone's camera makes them. */
function picture(side: number): Buffer {
  const rows = Buffer.alloc(side * (side * 3 + 1))
  let seed = side
  for (let at = 0; at < rows.length; at++) {
    seed = (seed * 1103515245 + 12345) % 2147483648
    rows[at] = at % (side * 3 + 1) === 0 ? 0 : (seed >> 16) & 255
  }
  const chunk = (kind: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(kind), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc(body))
    return Buffer.concat([length, body, sum])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(side, 0)
  head.writeUInt32BE(side, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const magic = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])
  return Buffer.concat([magic, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

function crc(bytes: Buffer): number {
  let sum = ~0
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  }
  return ~sum >>> 0
}

interface Seen {
  case: { id: string; version: number; satisfaction: number | null; channel: string }
  evidence: { giver: string }[]
  timeline: { kind: string; actor_role?: string; text?: string; data?: { size?: number } }[]
  effects: { amount_minor: number }[]
}

/** The agent's answer to the case, on its newest version. */
async function agent(id: string, path: string, body: object): Promise<{ result: Record<string, string> }> {
  const page = await w.as('agent')
  const seen = await w.call<Seen>('agent', 'GET', `/shops/qinghe/cases/${id}`)
  const answer = await page.request.post(`${w.base}/api/v1/shops/qinghe/cases/${id}${path}`, {
    headers: {
      'x-requested-with': 'aftercare',
      origin: w.base,
      'idempotency-key': crypto.randomUUID(),
      'if-match': String(seen.case.version),
    },
    data: body,
  })
  if (!answer.ok()) throw new Error(await answer.text())
  return answer.json()
}

/** The buyer comes back to the page. */
const back = (page: Page) => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))

it('goes from an order number to a solved problem at 360 px', async () => {
  await order(w, { orderNo: 'P1001', title: '双层玻璃杯', paid: 12_900, quantity: 2, state: 'signed', waybill: 'SF1002003004' })
  const [context, page] = await phone()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('request', (request) => {
    if (!request.url().startsWith(w.base) && !/^(blob|data):/.test(request.url())) problems.push(`asks ${request.url()}`)
  })
  await find(page, 'P1001', '0000')
  const wrong = await page.getByRole('alert').textContent()
  await find(page, 'NONE')
  expect(await page.getByRole('alert').textContent()).toBe(wrong)
  await usable(page, 'find')

  await find(page, 'P1001')
  await page.getByRole('heading', { name: '有什么可以帮您' }).waitFor()
  expect(await page.locator('main').textContent()).toContain('SF****3004')
  await usable(page, 'order')
  await page.getByRole('button', { name: '遇到问题了' }).click()
  await page.getByLabel('收到时破损了').click()
  await page.getByLabel('补寄给我').click()
  await page.getByRole('button', { name: '提交' }).click()
  expect(await page.getByRole('alert').textContent()).toContain('说说情况')
  await page.locator('#words').fill('两只杯子碎了一只，电话13967584932')
  const photos = [1, 2].map((n) => ({ name: `${n}.png`, mimeType: 'image/png', buffer: picture(1000 + n) }))
  await page.locator('#photos').setInputFiles(photos)
  await page.locator('.tiles img').nth(1).waitFor()
  await usable(page, 'report')

  // the second photo does not get through; nothing typed is lost and nothing is done twice
  let calls = 0
  await context.route('**/photos', (route) => (++calls === 2 ? route.abort() : route.continue()))
  await page.getByRole('button', { name: '提交' }).click()
  await page.getByRole('alert').waitFor()
  expect(await page.locator('#words').inputValue()).toContain('碎了一只')
  expect(await page.locator('.tiles img').count()).toBe(1)
  await page.getByRole('button', { name: '再试一次' }).click()
  await page.getByRole('heading', { name: '已收到，客服正在处理' }).waitFor()
  expect(await page.locator('main').textContent()).toContain('已收到 2 张照片')
  await usable(page, 'case')

  const id = await caseOf('P1001')
  const seen = await w.call<Seen>('agent', 'GET', `/shops/qinghe/cases/${id}`)
  expect([seen.case.channel, seen.evidence.map((it) => it.giver)]).toEqual(['portal', ['buyer', 'buyer']])
  const sizes = seen.timeline.filter((it) => it.kind === 'evidence_added').map((it) => it.data?.size ?? 0)
  for (const size of sizes) expect(size).toBeLessThanOrEqual(300 * 1024)
  expect(Math.min(...sizes)).toBeGreaterThan(10 * 1024)
  expect(seen.timeline.filter((it) => it.kind === 'contact').length).toBe(1)

  const sorry = '非常抱歉，杯子碎了是我们没包好，这就给您处理。'
  const desk = await w.as('agent')
  await desk.goto(`${w.base}/cases/qinghe/${id}`)
  await desk.locator('#composer').fill(sorry)
  await desk.getByRole('button', { name: '发到自助页' }).click()
  await desk.locator('.evs .bub').getByText(sorry).waitFor()
  const words = {
    what: '给您发 10 元红包，杯子另外补寄一只',
    why: '运输途中碰坏，责任在我们',
    by_when: '2026-11-25T18:00:00+08:00',
    buyer_must: '不用做什么，碎的那只请小心丢弃',
    follows: '红包发出后这里会告诉您',
  }
  const offer = await agent(id, '/offers', { remedy: 'compensation', means: 'red_packet', amount_minor: 1000, ...words })
  await agent(id, `/offers/${offer.result.offer_id}/send`, {})
  await back(page)
  await page.getByRole('heading', { name: '请看看我们的方案' }).waitFor()
  expect(await page.locator('main').textContent()).toContain('10.00 元')
  expect(await page.locator('.talk .shop .bub').textContent()).toBe(sorry)
  await usable(page, 'offer')
  await page.getByRole('button', { name: '接受', exact: true }).click()
  await page.getByText('确定接受这个方案吗').waitFor()
  await usable(page, 'sure')
  await page.getByRole('button', { name: '确定接受' }).click()
  await page.getByText('您已接受').waitFor()
  const paid = await w.call<Seen>('agent', 'GET', `/shops/qinghe/cases/${id}`)
  expect(paid.effects.map((it) => it.amount_minor)).toEqual([1000])
  expect(paid.timeline.find((it) => it.kind === 'offer_accepted')?.actor_role).toBe('buyer')

  await page.getByRole('button', { name: '给客服留言' }).click()
  await page.locator('#more').fill('谢谢，补寄的什么时候到')
  await usable(page, 'write')
  await page.getByRole('button', { name: '发送' }).click()
  await page.locator('.talk .buyer').nth(1).waitFor()
  expect(await page.locator('main').textContent()).toContain('139****4932')
  await agent(id, '/contacts', {
    direction: 'out',
    channel: 'portal',
    text: '明天寄出。您对处理满意吗？',
    marks: ['satisfaction'],
  })
  await back(page)
  await page.getByLabel(/^5/).click()
  await page.getByText('谢谢您的评价').waitFor()
  await usable(page, 'rated')
  expect((await w.call<Seen>('agent', 'GET', `/shops/qinghe/cases/${id}`)).case.satisfaction).toBe(5)

  const kept = await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie, location.href])
  expect(kept).toEqual([0, 0, '', `${w.base}/portal/qinghe`])
  expect(problems).toEqual([])
  await context.close()
})

it('keeps what was written when the ticket has ended, and speaks English', async () => {
  await order(w, { orderNo: 'P1002', title: '儿童雨衣', paid: 8_900, state: 'paid' })
  const [context, page] = await phone('en-US')
  await find(page, 'P1002')
  await page.getByRole('button', { name: 'Report a problem' }).click()
  await page.getByLabel('I do not want it').click()
  await page.getByLabel('A refund').click()
  await page.locator('#words').fill('Ordered twice by mistake')
  await usable(page, 'report-en')
  await w.moveTo(w.now() + 3 * 3_600_000)
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByText('For your safety').waitFor()
  await usable(page, 'again-en')
  await page.locator('#tail').fill('５６７８')
  await page.locator('form button').click()
  expect(await page.locator('#words').inputValue()).toBe('Ordered twice by mistake')
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByRole('heading', { name: /Received|Being taken care of|We are settling/ }).waitFor()
  await usable(page, 'case-en')
  await page.getByRole('button', { name: '中文' }).click()
  await page.getByRole('heading', { name: '进度' }).waitFor()
  await context.close()
})

/** The id of an open case of the order, other than this one. */
async function caseOf(orderNo: string, not = ''): Promise<string> {
  const listed = await w.call<{ items: { id: string; order_no: string }[] }>('agent', 'GET', '/queue?view=all&limit=20')
  return listed.items.find((it) => it.order_no === orderNo && it.id !== not)?.id ?? ''
}

it('tells where to send goods, and takes up again what was closed', async () => {
  await order(w, { orderNo: 'P1003', title: '女童连衣裙', paid: 15_900, state: 'signed' })
  const [context, page] = await phone()
  await find(page, 'P1003')
  await page.getByRole('button', { name: '遇到问题了' }).click()
  await page.getByLabel('质量有问题').click()
  await page.getByLabel('退货退款').click()
  await page.locator('#words').fill('洗了一次就开线')
  await page.getByRole('button', { name: '提交' }).click()
  await page.getByRole('heading', { name: '已收到，客服正在处理' }).waitFor()
  const id = await caseOf('P1003')
  const { requests } = await w.call<{ requests: { id: string }[] }>('agent', 'GET', `/shops/qinghe/cases/${id}`)
  await agent(id, `/requests/${requests[0]?.id}/agree`, { method: 'self_sent' })
  await back(page)
  await page.getByRole('heading', { name: '请把商品寄回' }).waitFor()
  expect(await page.locator('.addr').textContent()).toContain('义乌市')
  await usable(page, 'send-back')
  await page.goBack()
  await page.getByRole('heading', { name: '有什么可以帮您' }).waitFor()
  await usable(page, 'order-known')

  await page.getByRole('button', { name: '还有别的问题' }).click()
  await page.getByLabel('不会用、想咨询').click()
  await page.getByLabel('请客服教我').click()
  await page.locator('#words').fill('怎么洗不缩水')
  await page.getByRole('button', { name: '提交' }).click()
  await page.getByRole('heading', { name: '已收到，客服正在处理' }).waitFor()
  const help = await caseOf('P1003', id)
  await agent(help, '/contacts', { direction: 'out', channel: 'portal', text: '冷水手洗，阴凉处晾干就好' })
  await agent(help, '/contacts', { direction: 'in', channel: 'portal', text: '好的', marks: ['buyer.confirms'] })
  await agent(help, '/close', { result: 'solved_by_guidance', confirmation: 'buyer' })
  await back(page)
  await page.getByRole('heading', { name: '这次售后已结束' }).waitFor()
  await usable(page, 'closed')
  await page.getByRole('button', { name: '还没解决，继续处理' }).click()
  await page.locator('#more').fill('洗了还是缩水')
  await page.getByRole('button', { name: '发送' }).click()
  await page.getByText('重新开始处理').waitFor()
  await context.close()
})

it('is not there until the shop switches it on', async () => {
  await w.call('admin', 'POST', '/shops/qinghe/settings', { portal: null })
  const [context, page] = await phone()
  await find(page, 'P1001')
  expect(await page.getByRole('alert').textContent()).toContain('没有找到这笔订单')
  await context.close()
})
