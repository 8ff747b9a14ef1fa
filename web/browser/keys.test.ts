// The frequent tasks by keyboard alone, each within its count of keys. Owns the table of tasks; a chord counts one, typed or scanned
// text nothing. A task begins where it is thought of: in the queue, or on the open case.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { order } from './hands'
import { type World, world } from './world'

let w: World
beforeAll(async () => {
  w = await world({ roles: ['agent', 'agent2', 'lead', 'supervisor', 'warehouse', 'finance', 'admin'] })
})
afterAll(() => w?.end())

/** A person at the keyboard. */
class Hands {
  count = 0
  constructor(readonly page: Page) {}
  async press(...chords: string[]): Promise<void> {
    for (const chord of chords) {
      this.count += 1
      await this.page.keyboard.press(chord)
    }
  }
  /** Typed text does not count. */
  type(text: string): Promise<void> {
    return this.page.keyboard.type(text)
  }
  /** A scanner types faster than any hand, and ends with Enter. */
  async scan(text: string): Promise<void> {
    await this.page.keyboard.type(text)
    await this.page.keyboard.press('Enter')
  }
  /** The same while a Chinese input method takes every letter for itself: the page gets places of keys and no characters. */
  scanThroughPinyin(text: string): Promise<void> {
    return this.page.evaluate((all) => {
      const press = (init: KeyboardEventInit & { keyCode?: number }) =>
        (document.activeElement ?? document.body).dispatchEvent(
          new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }),
        )
      for (const letter of all)
        press({
          code: letter === '-' ? 'Minus' : /\d/.test(letter) ? `Digit${letter}` : `Key${letter}`,
          key: 'Process',
          isComposing: true,
          keyCode: 229,
        })
      press({ code: 'Enter', key: 'Enter' })
    }, text)
  }
  sees(what: string): Promise<void> {
    return this.page.locator(what).first().waitFor()
  }
  async reads(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor()
  }
  /** A form that was sent is gone. */
  gone(what = 'form.sheet'): Promise<void> {
    return this.page.locator(what).waitFor({ state: 'detached' })
  }
  /** Finds a command by its name. */
  async command(name: string): Promise<void> {
    await this.press('Control+k')
    await this.sees('.plt[open]')
    await this.type(name)
    await this.press('Enter')
  }
}

let made = 0
/** A case of its own for a task. */
async function caseOf(
  it: {
    state?: 'paid' | 'shipped' | 'signed'
    channel?: string
    text?: string
    kind?: string
    reason?: string
    paid?: number
    owner?: string
    lines?: { line_no: number; quantity: number }[]
  } = {},
): Promise<{ id: string; orderNo: string; address: string }> {
  made += 1
  const orderNo = `K${String(made).padStart(5, '0')}`
  await order(w, { orderNo, title: `羊毛开衫 ${made}`, paid: it.paid ?? 19_900, state: it.state ?? 'signed', freight: 1000 })
  if (it.state === 'paid') await w.platform('/orders', { order_no: orderNo, shop: 'qinghe', payments: [], shipped: false })
  const answer = await w.call<{ case_id?: string; id?: string; result?: { case_id: string } }>(
    'agent',
    'POST',
    '/shops/qinghe/cases',
    {
      order_no: orderNo,
      channel: it.channel ?? 'chat',
      ...(it.channel === 'platform' ? { external_ref: `TB-${orderNo}` } : {}),
      text: it.text ?? '袖口开线了，你们看怎么办',
      ...(it.kind ? { request: { kind: it.kind, reason: it.reason ?? 'defect', ...(it.lines ? { lines: it.lines } : {}) } } : {}),
    },
  )
  const id = answer.case_id ?? answer.id ?? answer.result?.case_id ?? ''
  if (it.owner) await w.call(it.owner, 'POST', `/shops/qinghe/cases/${id}/assign`, { staff: it.owner })
  return { id, orderNo, address: `/cases/qinghe/${id}` }
}

/** A case whose refund nothing stands in the way of any more. */
async function clean(): Promise<{ id: string; orderNo: string; address: string }> {
  const it = await caseOf({
    state: 'paid',
    channel: 'platform',
    kind: 'refund_only',
    reason: 'not_wanted',
    text: '拍错了，没发货就退了吧',
    owner: 'agent',
  })
  const at = `/shops/qinghe/cases/${it.id}`
  await w.call('agent', 'POST', `${at}/contacts`, {
    direction: 'out',
    channel: 'chat',
    text: '收到，先让仓库拦住，拦下来就退。',
    marks: ['explained'],
    script: 'stopping_now',
  })
  await w.call('agent', 'POST', `${at}/diagnosis`, {
    cause: 'misunderstanding',
    party: 'buyer',
    note: '拍错',
    verified: true,
  })
  // The warehouse answers that the parcel is stopped.
  await w.settle()
  return it
}

/** A case whose goods are on their way back under this number. */
async function returning(waybill: string): Promise<{ id: string; orderNo: string; address: string }> {
  const it = await caseOf({ kind: 'return_refund', owner: 'agent', lines: [{ line_no: 1, quantity: 1 }] })
  const at = `/shops/qinghe/cases/${it.id}`
  const seen = await w.call<{ case: { version: number }; requests: { id: string }[] }>('agent', 'GET', at)
  const yes = { method: 'self_sent', address: '仓库退货组' }
  await w.call('agent', 'POST', `${at}/requests/${seen.requests[0]?.id}/agree`, yes, seen.case.version)
  await w.call('agent', 'POST', `${at}/returns/waybill`, { carrier: '圆通', waybill })
  return it
}

async function on(who: string, address: string, ready: string): Promise<Hands> {
  const page = await w.as(who)
  await page.goto(w.base + address)
  await page.locator(ready).first().waitFor()
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' })
  return new Hands(page)
}
const open = (who: string, it: { address: string }) => on(who, it.address, '.dact')
const view = (it: { id: string }) => w.call<Record<string, never>>('admin', 'GET', `/shops/qinghe/cases/${it.id}`)

interface Task {
  name: string
  /** Keys of ux.md §3.5. */
  most: number
  play: () => Promise<Hands>
}

const TASKS: Task[] = [
  {
    name: 'take the most urgent case',
    most: 1,
    play: async () => {
      await caseOf()
      const h = await on('lead', '/?view=all', '.qr')
      await h.press('Control+.')
      await h.sees('.cmain')
      await h.sees('.chd .wait :text("秦可")')
      return h
    },
  },
  {
    name: 'agree to a clean refund',
    most: 2,
    play: async () => {
      const it = await clean()
      const h = await open('agent', it)
      await h.press('Control+Shift+Enter')
      await h.sees('.strip')
      await h.press('Control+Shift+Enter')
      await h.gone()
      expect(JSON.stringify((await view(it)).effects)).toContain('20900')
      return h
    },
  },
  {
    name: 'agree to a return at the shop’s address',
    most: 3,
    play: async () => {
      const it = await caseOf({ kind: 'return_refund', owner: 'agent' })
      const h = await open('agent', it)
      await h.command('同意退货')
      await h.sees('form.sheet')
      await h.press('Control+Shift+Enter')
      await h.gone()
      expect(JSON.stringify((await view(it)).requests)).toContain('agreed')
      return h
    },
  },
  {
    name: 'reject with a reason',
    most: 5,
    play: async () => {
      const it = await caseOf({ kind: 'return_refund', reason: 'defect', owner: 'agent' })
      const h = await open('lead', it)
      await h.command('拒绝')
      await h.sees('form.sheet')
      await h.type('开线处有剪刀痕，属人为，附照片')
      await h.press('Control+Shift+Enter')
      await h.gone()
      expect(JSON.stringify((await view(it)).requests)).toContain('refused')
      return h
    },
  },
  {
    name: 'negotiate a partial amount',
    most: 4,
    play: async () => {
      const it = await caseOf({ kind: 'refund_only', owner: 'agent' })
      const h = await open('agent', it)
      await h.press('Alt+1')
      await h.sees('form.sheet .money input:focus')
      await h.type('15')
      await h.press('Control+Shift+Enter')
      await h.sees('form.sheet .txt.pre')
      await h.press('Control+Shift+Enter')
      await h.gone()
      expect(JSON.stringify((await view(it)).sent_offers)).toContain('sent')
      return h
    },
  },
  {
    name: 'freight compensation',
    most: 6,
    play: async () => {
      const it = await caseOf({ owner: 'agent' })
      const h = await open('agent', it)
      await h.command('赔付')
      await h.sees('form.sheet')
      await h.press('Control+a')
      await h.type('10')
      await h.press('Control+Shift+Enter')
      await h.sees('.strip')
      await h.press('Control+Shift+Enter')
      await h.gone()
      expect(JSON.stringify((await view(it)).effects)).toContain('1000')
      return h
    },
  },
  {
    name: 'reserve stock for an exchange',
    most: 6,
    play: async () => {
      const it = await caseOf({ kind: 'exchange', owner: 'agent' })
      await w.call('admin', 'POST', '/shops/qinghe/stock', [{ warehouse: 'W1', sku: `SKU-${it.orderNo}`, on_hand: 5 }])
      const h = await open('agent', it)
      await h.command('锁库')
      await h.sees('form.sheet')
      await h.press('Control+Shift+Enter')
      await h.gone()
      expect(JSON.stringify((await view(it)).reservations)).toContain('quantity')
      return h
    },
  },
  {
    name: 'reply with a script',
    most: 4,
    play: async () => {
      const it = await caseOf({ kind: 'return_refund', owner: 'agent' })
      const h = await open('agent', it)
      await h.press('r')
      await h.type('/')
      await h.sees('.scripts')
      await h.press('Enter')
      await h.gone('.scripts')
      await h.press('Control+Enter')
      await h.reads('已记录')
      return h
    },
  },
  {
    name: 'flag and remark',
    most: 2,
    play: async () => {
      const it = await caseOf({ owner: 'agent' })
      const h = await open('agent', it)
      await h.press('Control+Alt+2')
      await h.sees('#remark:focus')
      await h.type('等质检回话')
      await h.press('Enter')
      await h.reads(/等质检回话/)
      return h
    },
  },
  {
    // Two scans and one key: the parcel, its goods, done.
    name: 'inspect a clean parcel',
    most: 1,
    play: async () => {
      const it = await returning('YT88362047')
      const h = await on('warehouse', '/receiving', 'input.wb')
      await h.scanThroughPinyin('YT88362047')
      await h.sees('.ib .piece')
      await h.scanThroughPinyin(`SKU-${it.orderNo}`)
      await h.reads('已扫 1 件')
      await h.scanThroughPinyin('YT88362047')
      await h.reads(/刚扫过/)
      await h.press('Enter')
      await h.reads('请扫描快递单号')
      expect(JSON.stringify((await view(it)).inspections)).toContain('good')
      return h
    },
  },
  {
    name: 'scan while another parcel is under inspection',
    most: 1,
    play: async () => {
      const it = await returning('YT10293847')
      const h = await on('warehouse', '/receiving', 'input.wb')
      await h.scanThroughPinyin('YT10293847')
      await h.sees('.ib .piece')
      // The first letters of a scan are no keys of the page, and a parcel in hand is not put away by the next one.
      await h.scanThroughPinyin(`SKU-${it.orderNo}`)
      await h.scanThroughPinyin('211100099')
      await h.reads(/还没完成质检/)
      expect(await h.page.locator('.qb.on').count()).toBe(0)
      await h.press('Enter')
      await h.reads('请扫描快递单号')
      return h
    },
  },
  {
    // One scan, and one key for the next.
    name: 'put an unknown parcel on the shelf',
    most: 1,
    play: async () => {
      const h = await on('warehouse', '/receiving', 'input.wb')
      await h.scan('ZT99887766')
      await h.reads('已放无主件货架，扫下一件')
      await h.press('Enter')
      await h.reads('请扫描快递单号')
      expect(JSON.stringify(await w.call('warehouse', 'GET', '/shops/qinghe/returns/unclaimed'))).toContain('ZT99887766')
      return h
    },
  },
  {
    name: 'scans without a network wait and are booked once',
    most: 0,
    play: async () => {
      const h = await on('warehouse', '/receiving', 'input.wb')
      await h.page.context().setOffline(true)
      await h.scan('ZT11112222')
      await h.reads(/离线：1 件待上传/)
      await h.scanThroughPinyin('ZT11112222')
      await h.scanThroughPinyin('ZT33334444')
      await h.reads(/离线：2 件待上传/)
      await h.page.context().setOffline(false)
      await h.gone('.offline')
      const kept = JSON.stringify(await w.call('warehouse', 'GET', '/shops/qinghe/returns/unclaimed'))
      expect([kept.split('ZT11112222').length, kept.split('ZT33334444').length]).toEqual([2, 2])
      return h
    },
  },
  {
    name: 'resolve a refund whose result is unknown',
    most: 2,
    play: async () => {
      // A platform that answers no questions, and whose answer to this refund is lost.
      await w.call('admin', 'POST', '/shops/qinghe/settings', { platform: { refund_class: 'blind' } })
      const it = await clean()
      await w.platform('/faults', { kind: 'error_500_before', about: 'refunds' })
      const agent = await open('agent', it)
      await agent.press('Control+Shift+Enter')
      await agent.sees('.strip')
      await agent.press('Control+Shift+Enter')
      await agent.gone()
      await w.moveTo(w.now() + 60_000)
      await w.settle()
      await w.platform('/faults', {})
      await w.call('admin', 'POST', '/shops/qinghe/settings', { platform: null })
      const h = await on('finance', '/effects?state=unknown', '.item .unk')
      await h.press('y')
      await h.sees('form.doing input:focus')
      await h.type('TX20261124-77')
      await h.press('Enter')
      await h.gone('form.doing')
      expect(JSON.stringify((await view(it)).effects)).toContain('succeeded')
      return h
    },
  },
  {
    // Two keys of the author, two of the second person; the words between are typed.
    name: 'publish a playbook by two persons',
    most: 4,
    play: async () => {
      const author = await on('supervisor', '/playbooks?scenario=price_protection', '.sed')
      const text = author.page.locator('textarea').first()
      await text.fill(`${await text.inputValue()}\n# 看过\n`)
      await author.press('Control+s')
      await author.reads(/草稿/)
      const second = await on('admin', '/playbooks?scenario=price_protection', '.pub')
      await second.press('Control+Shift+p')
      await second.reads(/在用|已发布/)
      second.count += author.count
      return second
    },
  },
  {
    name: 'hand one to a colleague',
    most: 3,
    play: async () => {
      const it = await caseOf({ owner: 'agent' })
      const h = await open('agent', it)
      await h.press('Shift+a')
      await h.sees('form.sheet select:focus')
      await h.type('周一帆')
      await h.press('Control+Shift+Enter')
      await h.gone()
      return h
    },
  },
  {
    name: 'snooze to tomorrow at ten',
    most: 2,
    play: async () => {
      const it = await caseOf({ owner: 'agent' })
      const h = await open('agent', it)
      await h.press('s')
      await h.sees('form.sheet')
      await h.press('Enter')
      await h.gone()
      expect(JSON.stringify((await view(it)).deadlines)).toContain('2026-11-25T02:')
      return h
    },
  },
  {
    name: 'reveal the phone number',
    most: 2,
    play: async () => {
      const it = await caseOf({ owner: 'agent' })
      const h = await open('agent', it)
      await h.press('Shift+r')
      await h.sees('.od form input:focus')
      await h.type('电话核对地址')
      await h.press('Enter')
      await h.reads('10012345678')
      return h
    },
  },
  {
    name: 'find by order number',
    most: 2,
    play: async () => {
      const it = await caseOf({ owner: 'agent' })
      const h = await on('agent', '/', '.qr')
      await h.press('/')
      await h.type(it.orderNo)
      await h.press('Enter')
      await h.page.waitForURL(/\/cases\//)
      await h.reads(it.orderNo)
      return h
    },
  },
  {
    name: 'find by phone from an open case',
    most: 2,
    play: async () => {
      const it = await caseOf({ owner: 'agent' })
      const h = await open('agent', it)
      await h.press('/')
      await h.sees('.plt[open]')
      await h.type('10012345678')
      await h.press('Enter')
      await h.reads('搜索')
      await h.sees('main a.lr')
      // What is looked for stays out of addresses that reach the desk.
      expect(new URL(h.page.url()).search).toBe('')
      return h
    },
  },
  {
    name: 'see why the desk says so',
    most: 1,
    play: async () => {
      const it = await caseOf({ kind: 'return_refund', owner: 'agent' })
      const h = await open('agent', it)
      const before = await h.page.locator('.lad .ln').count()
      await h.press('w')
      await h.page.waitForFunction((n) => document.querySelectorAll('.lad .ln').length > n, before)
      return h
    },
  },
  {
    name: 'approve',
    most: 2,
    play: async () => {
      const it = await caseOf({ owner: 'agent' })
      await w.call('agent', 'POST', `/shops/qinghe/cases/${it.id}/approvals`, {
        subject: 'payout',
        means: 'small_payment',
        amount_minor: 15_000,
        note: '袖口开线，补偿',
      })
      const h = await on('supervisor', '/approvals', '.apx .btn.pri')
      await h.press('y')
      await h.sees('.cfm')
      await h.press('y')
      await h.gone('.cfm')
      return h
    },
  },
  {
    name: 'switch the view',
    most: 2,
    play: async () => {
      const h = await on('agent', '/', '.vw')
      await h.press('2')
      await h.sees('h1:text("全部")')
      return h
    },
  },
  {
    name: 'hand the shift over',
    most: 4,
    play: async () => {
      for (let count = 0; count < 6; count++) await caseOf({ owner: 'agent' })
      const h = await on('agent', '/', '.qr')
      await h.press('g', 'h')
      await h.sees('.ho .item')
      const mine = await h.page.locator('.ho .item .ck input:checked').count()
      expect(mine).toBeGreaterThan(5)
      await h.press('Control+Enter')
      await h.page.locator('.ho section').first().locator('.item').first().waitFor({ state: 'detached' })
      // Rows of a long list follow with the next paints.
      await expect.poll(() => h.page.locator('.ho section').last().locator('.item').count()).toBeGreaterThanOrEqual(mine)
      return h
    },
  },
]

describe('tasks by keyboard alone', () => {
  it.each(TASKS)('$name in $most', async ({ play, most }) => {
    const hands = await play()
    expect(hands.count).toBeLessThanOrEqual(most)
  })
})
