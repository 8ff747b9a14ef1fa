// Working together on the screen: money undone in its hold, two people on one case, words that leave later, a macro by its letters.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { act, intake, order } from './hands'
import { type World, world } from './world'

let w: World
beforeAll(async () => {
  w = await world()
})
afterAll(() => w?.end())

interface View {
  case: { stage: string; waiting_on: string; owner_id?: string | null }
  effects: { kind: string; state: string }[]
  order: { refunded_minor: number; in_flight_minor: number; flag: number }
  later: { state: string; text: string }[]
  timeline: { kind: string; direction?: string; text?: string | null }[]
}
const view = (id: string) => w.call<View>('agent', 'GET', `/shops/qinghe/cases/${id}`)

it('undoes money in its hold from another page, and says when it is too late', async () => {
  await order(w, { orderNo: 'T6001', title: '纯棉圆领T恤', paid: 7_900, state: 'paid' })
  const payments = [{ payment_no: 'P-T6001', captured_minor: 7_900 }]
  await w.platform('/orders', { order_no: 'T6001', shop: 'qinghe', payments, shipped: false })
  const page = await w.as('agent')
  const id = await intake(w, page, { orderNo: 'T6001', text: '拍错了，退了吧', kind: '仅退款', reason: '不想要了' })
  const before = await view(id)
  await act(page, '退款')
  await page.locator('form.sheet .comp').waitFor()
  await page.keyboard.press('Control+Shift+Enter')
  await page.locator('.strip').waitFor()
  await page.keyboard.press('Control+Shift+Enter')
  const bar = page.locator('.hbar')
  await bar.getByText(/秒后提交/).waitFor()
  expect(await bar.textContent()).toContain('退款 ¥79.00')
  // Over the page, so that nothing moves for it.
  expect(await page.locator('.hbars').evaluate((it) => getComputedStyle(it).position)).toBe('fixed')
  await page.keyboard.press('g')
  await page.keyboard.press('q')
  await page.waitForURL((url) => url.pathname === '/')
  await page.keyboard.press('u')
  await page.locator('.hbar.undone').getByText('已撤销，¥79.00 没有付出').waitFor()
  await w.moveTo(w.now() + 60_000)
  const after = await view(id)
  expect(after.effects.filter((it) => it.kind === 'refund').map((it) => it.state)).toEqual(['cancelled'])
  expect(after.case.stage).toBe(before.case.stage)
  expect([after.order.refunded_minor, after.order.in_flight_minor]).toEqual([0, 0])

  // Once more; this time the desk has handed it in before the key is pressed.
  await page.goto(`${w.base}/cases/qinghe/${id}`)
  await act(page, '退款')
  await page.locator('form.sheet .comp').waitFor()
  await page.keyboard.press('Control+Shift+Enter')
  await page.locator('.strip').waitFor()
  await page.keyboard.press('Control+Shift+Enter')
  await bar.getByText(/秒后提交/).waitFor()
  await w.moveTo(w.now() + 6_000)
  await w.settle()
  await page.keyboard.press('u')
  await page.locator('.hbar.late').getByText('来不及撤销').waitFor()
  expect((await view(id)).order.refunded_minor).toBe(7_900)
})

it('shows who is there and who writes, and tells a colleague named in a note', async () => {
  await order(w, { orderNo: 'T6002', title: '无线耳机', paid: 35_900, state: 'signed' })
  const agent = await w.as('agent')
  const id = await intake(w, agent, { orderNo: 'T6002', text: '左边没声音', kind: '使用咨询', reason: '不会用' })
  const lead = await w.as('lead')
  await lead.goto(`${w.base}/cases/qinghe/${id}`)
  await lead.locator('.here').getByText('林小满 在看').waitFor()
  await agent.locator('.here').getByText('秦可 在看').waitFor()
  await agent.locator('#composer').fill('您好')
  await lead.locator('.here').getByText('林小满 正在回复').waitFor()
  await lead.locator('#composer').fill('我来')
  await lead.locator('.cmp').getByText('林小满 正在回复这一单').waitFor()
  await lead.locator('#composer').fill('')
  await lead.keyboard.press('Escape')
  await lead.keyboard.press('Shift+W')
  await lead.getByRole('button', { name: /已关注/ }).waitFor()
  await lead.goto(`${w.base}/tasks`)
  await lead.locator('.item, .emp').first().waitFor()
  await agent.locator('.here').waitFor({ state: 'detached' })

  await agent.locator('#composer').fill('')
  await agent.keyboard.press('Escape')
  await agent.keyboard.press('n')
  await agent.locator('#composer').pressSequentially('@秦')
  await agent.locator('.mlist').getByText('秦可').waitFor()
  await agent.keyboard.press('Enter')
  expect(await agent.locator('#composer').inputValue()).toBe('@秦可 ')
  await agent.locator('#composer').pressSequentially('麻烦看一下')
  await agent.keyboard.press('Control+Enter')
  await agent.locator('.bub.note .at').getByText('@秦可').waitFor()

  await lead.locator('.rail a em').getByText('1').waitFor()
  await lead.keyboard.press('g')
  await lead.keyboard.press('n')
  await lead.locator('.told.unread').getByText('林小满 在备注里提到您').waitFor()
  await lead.keyboard.press('Enter')
  await lead.locator('.bub.note').getByText('麻烦看一下').waitFor()
  await lead.locator('.rail a em').waitFor({ state: 'detached' })
})

it('runs a macro by its letters, whole or not at all', async () => {
  const lead = await w.as('lead')
  await lead.goto(`${w.base}/knowledge`)
  await lead.getByRole('button', { name: '写一条' }).click()
  await lead.locator('.kn-form').getByRole('button', { name: '快捷操作', exact: true }).click()
  await lead.getByLabel('标题', { exact: true }).fill('等照片')
  await lead.getByLabel('快捷码', { exact: true }).fill('zp')
  await lead.getByLabel('回复买家的话（可不填）').fill('您好，订单{order.no}麻烦发一张照片。')
  const add = lead.getByLabel('加一步')
  await add.selectOption('flag')
  await lead.getByLabel('插旗', { exact: true }).selectOption('yellow')
  await add.selectOption('assign')
  await add.selectOption('wait')
  await lead.getByLabel('待谁处理的内容').fill('等照片')
  await lead.keyboard.press('Control+s')
  await lead.locator('.kn-one .stepl').getByText('等买家 24 小时：等照片').waitFor()

  await order(w, { orderNo: 'T6003', title: '纯棉圆领T恤', paid: 7_900, state: 'signed' })
  const page = await w.as('agent')
  const id = await intake(w, page, { orderNo: 'T6003', text: '有个洞', kind: '使用咨询', reason: '不会用' })
  await page.locator('#composer').waitFor()
  await page.keyboard.press('r')
  await page.keyboard.press('/')
  await page.locator('.scripts').getByText('等照片').first().waitFor()
  await page.keyboard.type('zp')
  await page.keyboard.press('Enter')
  await page.locator('.macros').getByText('回复：您好，订单T6003麻烦发一张照片。').waitFor()
  await page.keyboard.press('Control+Enter')
  await page.locator('.evs .bub').getByText('您好，订单T6003麻烦发一张照片。').waitFor()
  const after = await view(id)
  expect([after.case.waiting_on, after.order.flag, after.case.owner_id !== null]).toEqual(['buyer', 2, true])
})

it('keeps words for later, and lets them be changed and taken back', async () => {
  const page = await w.as('agent')
  const id = page.url().split('/').at(-1) ?? ''
  await page.locator('#composer').fill('您好，照片收到了吗？我们在等。')
  await page.getByRole('button', { name: '定时', exact: true }).click()
  await page.locator('.ltf').getByRole('button', { name: '明天 10:00' }).click()
  await page.locator('.ltf').getByRole('button', { name: '定好' }).click()
  const row = page.locator('.lt')
  await row.getByText('11-25 10:00 发出').waitFor()
  expect((await view(id)).later.map((it) => it.state)).toEqual(['waiting'])
  await row.getByRole('button', { name: '修改' }).click()
  await row.getByLabel('内容').fill('您好，方便时补一张照片。')
  await row.getByRole('button', { name: '存好' }).click()
  await row.getByText('您好，方便时补一张照片。').waitFor()
  await w.moveTo(Date.parse('2026-11-25T10:01:00+08:00'))
  const again = await w.as('agent')
  await again.goto(`${w.base}/cases/qinghe/${id}`)
  await again.locator('.bub.ready').getByText('您好，方便时补一张照片。').waitFor()
  expect(await again.locator('.lt').count()).toBe(0)
})
