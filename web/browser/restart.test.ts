// The desk is cut off in the middle of work and starts again: nothing written is lost, nothing is done twice, the page goes on by itself.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { intake, order } from './hands'
import { type World, world } from './world'

let w: World
beforeAll(async () => {
  w = await world()
})
afterAll(() => w?.end())

it('keeps what was being written, and sends it once', async () => {
  await order(w, { orderNo: 'T5001', title: '保温杯', paid: 8_900, state: 'signed' })
  const page = await w.as('agent')
  const id = await intake(w, page, { orderNo: 'T5001', text: '杯盖漏水', kind: '仅退款', reason: '漏水' })
  const text = '抱歉给您添麻烦了，我马上帮您看看怎么处理。'
  await page.locator('.cmp').getByLabel('渠道').selectOption('chat')
  await page.locator('#composer').fill(text)

  await w.cut()
  await page.locator('.cmp .btn.pri').click()
  // The screen says that the desk is out of reach and that nothing is lost; what was written stands.
  await page.getByText('没有收到回答').first().waitFor()
  expect(await page.locator('#composer').inputValue()).toBe(text)

  await w.restart()
  await page.locator('.cmp .btn.pri').click()
  await page.locator('.evs .bub').getByText(text, { exact: true }).waitFor()
  expect(await page.locator('#composer').inputValue()).toBe('')
  const sent = await w.call<{ timeline: { text?: string }[] }>('agent', 'GET', `/shops/qinghe/cases/${id}`)
  expect(sent.timeline.filter((it) => it.text === text)).toHaveLength(1)

  // What a colleague does after the restart comes in without a reload: the stream of changes is back.
  const note = '仓库说同批还有两只'
  await w.call('lead', 'POST', `/shops/qinghe/cases/${id}/contacts`, { direction: 'note', channel: 'agent', text: note })
  await page.locator('.evs').getByText(note).waitFor()
})

it('refunds once when the answer was lost with the desk', async () => {
  await order(w, { orderNo: 'T5002', title: '纯棉圆领T恤', paid: 7_900, state: 'paid' })
  await w.platform('/orders', {
    order_no: 'T5002',
    shop: 'qinghe',
    payments: [{ payment_no: 'P-T5002', captured_minor: 7_900 }],
    shipped: false,
  })
  const made = await w.call<{ case_id: string }>('agent', 'POST', '/shops/qinghe/cases', {
    order_no: 'T5002',
    channel: 'platform',
    external_ref: 'TB-T5002',
    text: '拍错了，没发货就退了吧',
    request: { kind: 'refund_only', reason: 'not_wanted' },
  })
  const at = `/shops/qinghe/cases/${made.case_id}`
  await w.call('agent', 'POST', `${at}/contacts`, {
    direction: 'out',
    channel: 'chat',
    text: '收到，先让仓库拦住，拦下来就退。',
    marks: ['explained'],
    script: 'stopping_now',
  })
  await w.call('agent', 'POST', `${at}/diagnosis`, { cause: 'misunderstanding', party: 'buyer', note: '拍错', verified: true })
  await w.settle()
  const page = await w.as('agent')
  await page.goto(`${w.base}/cases/qinghe/${made.case_id}`)
  await page.locator('.dc .btn.pri').first().waitFor()
  await page.keyboard.press('Control+Shift+Enter')
  const sheet = page.locator('form.sheet')
  await sheet.locator('.strip').waitFor()

  // The desk carries the command out, and is gone before its answer arrives.
  let lost = 0
  await page.route('**/refunds', async (route) => {
    if (lost++ > 0) return route.continue()
    await route.fetch()
    await w.cut()
    await route.abort('connectionreset')
  })
  await page.keyboard.press('Control+Shift+Enter')
  await page.getByText('没有收到回答').first().waitFor()
  await w.restart()
  // As at first: looked at, then sent.
  await page.keyboard.press('Control+Shift+Enter')
  await sheet.locator('.strip').waitFor()
  await page.keyboard.press('Control+Shift+Enter')
  await sheet.waitFor({ state: 'detached' })
  const money = async () => {
    const of = await w.call<{ effects: { amount_minor: number; state: string }[] }>('agent', 'GET', at)
    return of.effects.filter((it) => it.amount_minor > 0).map((it) => [it.amount_minor, it.state])
  }
  expect(await money()).toEqual([[7_900, 'held']])
  await w.moveTo(w.now() + 60_000)
  await w.settle()
  expect(await money()).toEqual([[7_900, 'succeeded']])
  await page.unrouteAll()
})
