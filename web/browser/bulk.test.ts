// Work in bulk: fifty clean refunds in four keys, followed over a closed page, looked up afterwards; finished cases closed together.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type World, world } from './world'

/** Keys of ux.md §3.5. */
const MOST = 4
const CASES = 50

let w: World
const cases: string[] = []
const at = (id: string) => `/shops/qinghe/cases/${id}`

async function asked(n: number, paid: number): Promise<string> {
  const orderNo = `B${String(n).padStart(4, '0')}`
  const payments = [{ payment_no: 'P1', captured_minor: paid }]
  await w.call('admin', 'POST', '/shops/qinghe/orders', {
    order_no: orderNo,
    buyer: { external_id: `buyer-${orderNo}`, name: '李婷', phone: '10012345678', address: '浙江省杭州市余杭区某路 1 号' },
    lines: [{ sku: `SKU-${orderNo}`, title: `帆布包 ${n}`, quantity: 1, list_minor: paid, paid_minor: paid }],
    payments,
    paid_at: '2026-11-24T00:00:00Z',
  })
  await w.platform('/orders', { order_no: orderNo, shop: 'qinghe', payments, shipped: false })
  const made = await w.call<{ case_id: string }>('agent', 'POST', '/shops/qinghe/cases', {
    order_no: orderNo,
    channel: 'platform',
    external_ref: `TB-${orderNo}`,
    text: '拍错了，没发货就退了吧',
    scenario: 'refund_unshipped',
    request: { kind: 'refund_only', reason: 'not_wanted' },
  })
  return made.case_id
}

beforeAll(async () => {
  w = await world({ roles: ['agent', 'lead', 'admin'] })
  for (let n = 0; n < CASES; n += 1) cases.push(await asked(n, 990))
  // The warehouse answers that each is stopped.
  await w.settle()
}, 120_000)
afterAll(() => w?.end())

/** The cases have been looked at. */
const looked = (page: Page) => page.locator('.bkf .pri:not([aria-disabled])').waitFor()

async function queue(who: string, view = 'all'): Promise<Page> {
  const page = await w.as(who)
  await page.goto(`${w.base}/?view=${view}`)
  await page.locator('.qr').first().waitFor()
  return page
}

it(`agrees to ${CASES} clean refunds in ${MOST} keys, each once, over a closed page`, async () => {
  const page = await queue('agent')
  let keys = 0
  const press = async (chord: string) => {
    keys += 1
    await page.keyboard.press(chord)
  }
  await press('Control+a')
  await page.getByText(`已选 ${CASES} 单`).waitFor()
  await press('b')
  await page.locator('.bkgt.can b', { hasText: `${CASES} 单` }).waitFor()
  await page.locator('.bkgt.can', { hasText: '¥495.00' }).waitFor()
  const first = (await w.call<{ effects: { kind: string }[] }>('admin', 'GET', at(cases[0] ?? ''))).effects
  expect(first.filter((effect) => effect.kind === 'refund')).toEqual([])
  await page.getByRole('button', { name: /核对合计/ }).waitFor()
  await press('Control+Shift+Enter')
  await page.locator('.bks', { hasText: '肆佰玖拾伍元整' }).waitFor()
  await press('Control+Shift+Enter')
  expect(keys).toBeLessThanOrEqual(MOST)
  await page.locator('.bkp').waitFor()

  // The page goes away; the work does not.
  await page.goto('about:blank')
  await queue('agent')
  await expect
    .poll(
      async () => {
        const { items } = await w.call<{ items: { state: string; counts: { done: number } }[] }>('agent', 'GET', '/bulk')
        return [items[0]?.state, items[0]?.counts.done]
      },
      { timeout: 20_000 },
    )
    .toEqual(['done', CASES])
  await page.keyboard.press('Shift+b')
  const row = page.locator('.bkpast').first()
  await row.getByText(`${CASES} / ${CASES} 单`).waitFor()
  await row.getByText('¥495.00').waitFor()
  await row.click()
  await page.locator('.bkt tbody tr').first().getByText('已提交').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('dialog.bk').waitFor({ state: 'detached' })

  for (const id of [cases[0], cases[CASES - 1]]) {
    const { effects } = await w.call<{ effects: { kind: string; amount_minor: number }[] }>('admin', 'GET', at(id ?? ''))
    expect(effects.filter((effect) => effect.kind === 'refund').map((effect) => effect.amount_minor)).toEqual([990])
  }
})

it('groups what needs an approval and what cannot be done, each with its reason', async () => {
  const dear = await asked(CASES, 39_800)
  const plain = await asked(CASES + 1, 5_900)
  await w.settle()
  const page = await queue('lead')
  await w.call('lead', 'POST', `${at(dear)}/assign`, { staff: 'agent' })
  await w.call('lead', 'POST', `${at(plain)}/assign`, { staff: 'agent' })
  await w.call('lead', 'POST', `${at(cases[1] ?? '')}/assign`, { staff: 'agent' })
  await page.goto('about:blank')
  const mine = await queue('agent', 'mine')
  await mine.keyboard.press('Control+a')
  await mine.getByText('已选 3 单').waitFor()
  await mine.keyboard.press('b')
  await mine.locator('.bkgt.can b', { hasText: '1 单' }).waitFor()
  await mine.locator('.bkgt.approval', { hasText: '¥398.00' }).waitFor()
  // What is in the way is shown first, in words.
  await mine
    .locator('.bkt tbody')
    .getByText(/没有待处理的仅退款申请|按规则不能直接照申请退款/)
    .waitFor()
  await mine.locator('.bkgt.approval').click()
  await mine
    .locator('.bkt tbody')
    .getByText('398.00 需要lead审批')
    .or(mine.locator('.bkt tbody').getByText(/398.00 需要.*审批/))
    .first()
    .waitFor()
  await mine.keyboard.press('Control+Shift+Enter')
  await mine.locator('.bks', { hasText: '伍拾玖元整' }).waitFor()
  await mine.keyboard.press('Control+Shift+Enter')
  await mine.locator('.bkgt.waiting b', { hasText: '1 单' }).waitFor()
  await mine.locator('.bkgt.done b', { hasText: '1 单' }).waitFor()
  const { approvals } = await w.call<{ approvals: { amount_minor: number; state: string }[] }>('admin', 'GET', at(dear))
  expect(approvals.map((it) => [it.amount_minor, it.state])).toEqual([[39_800, 'pending']])
  await mine.keyboard.press('Escape')
})

it('gives and closes many at once', async () => {
  // The hold is over, the money has arrived.
  await w.moveTo(w.now() + 60_000)
  await w.settle()
  const page = await queue('lead')
  await page.keyboard.press('Control+a')
  await page.keyboard.press('b')
  // Another action is one digit; what was looked at before is given up.
  await page.getByRole('button', { name: /转给/ }).click()
  await page.locator('.bkgt.can b', { hasText: /^5\d 单/ }).waitFor()
  await looked(page)
  await page.keyboard.press('Control+Shift+Enter')
  await page.locator('.bkp').getByText('已完成').waitFor()
  await page.keyboard.press('Escape')

  for (const id of cases.slice(0, 3)) {
    await w.call('lead', 'POST', `${at(id)}/contacts`, {
      direction: 'in',
      channel: 'chat',
      text: '收到退款了，谢谢',
      marks: ['confirmed'],
    })
  }
  await page.goto(`${w.base}/?view=mine`)
  await page.locator('.qr').first().waitFor()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('b')
  await page.getByRole('button', { name: /归档/ }).click()
  await page.getByLabel('处理结果').selectOption({ label: '停发并退款' })
  await page.locator('.bkgt.can b', { hasText: /^[1-9]\d* 单/ }).waitFor()
  await page.locator('.bkgt.cannot b', { hasText: /^[1-9]\d* 单/ }).waitFor()
  await looked(page)
  await page.keyboard.press('Control+Shift+Enter')
  await page.locator('.bkp').getByText('已完成').waitFor()
  const closed = await w.call<{ items: unknown[] }>('lead', 'GET', '/queue?view=closed')
  expect(closed.items.length).toBeGreaterThan(0)
})
