// The shop's own texts on the screen alone: written with a variable, called by their letters, sent with two keys, never with a hole.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { intake, order } from './hands'
import { type World, world } from './world'

let w: World
beforeAll(async () => {
  w = await world()
})
afterAll(() => w?.end())

it('writes a script for the whole shop; a misspelt variable is refused with its place', async () => {
  const page = await w.as('lead')
  await page.goto(`${w.base}/`)
  await page.locator('.rail').getByText('知识').waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('w')
  await page.waitForURL(/\/knowledge/)
  await page.getByText('还没有自己的话术').waitFor()
  await page.getByRole('button', { name: '写一条' }).click()
  await page.getByLabel('标题', { exact: true }).fill('订单在跟进')
  await page.getByLabel('快捷码', { exact: true }).fill('dd')
  await page.getByLabel('内容', { exact: true }).fill('您的订单{order.noo}我在跟进，有消息先告诉您。')
  await page.keyboard.press('Control+s')
  await page.locator('.kn-form .rfc').getByText('text_zh 第 5 个字：没有变量 {order.noo}').waitFor()
  await page.getByLabel('内容', { exact: true }).fill('您的订单{order.no}我在跟进，有消息先告诉您。')
  await page.keyboard.press('Control+s')
  await page.locator('.kn-one h2').getByText('订单在跟进').waitFor()
  expect(await page.locator('.kn-one .tk').textContent()).toBe('订单号')

  // one more, about something that is not known yet
  await page.getByRole('button', { name: '写一条' }).click()
  await page.getByLabel('标题', { exact: true }).fill('退款已提交')
  await page.getByLabel('快捷码', { exact: true }).fill('tk')
  await page.getByLabel('内容', { exact: true }).fill('退款{offer.amount}已提交平台。')
  await page.keyboard.press('Control+s')
  await page.locator('.kn-one h2').getByText('退款已提交').waitFor()
  // found again by its letters
  await page.keyboard.press('/')
  await page.keyboard.type('dd')
  await page.keyboard.press('Enter')
  await page.locator('.kn-one h2').getByText('订单在跟进').waitFor()
})

it('is called by its letters, sent with two keys, and refused with a hole', async () => {
  await order(w, { orderNo: 'T3001', title: '纯棉圆领T恤', paid: 7_900, state: 'signed' })
  const page = await w.as('agent')
  const id = await intake(w, page, { orderNo: 'T3001', text: '我的单怎么样了', kind: '使用咨询', reason: '不会用' })
  const box = page.locator('#composer')
  await box.waitFor()
  await page.keyboard.press('r')
  // letters, Enter
  await page.keyboard.press('/')
  await page.locator('.scripts').getByText('订单在跟进').waitFor()
  await page.keyboard.type('tk')
  await page.keyboard.press('Enter')
  await page.locator('.scripts [role=alert]').getByText('补全前不能用').waitFor()
  expect(await box.inputValue()).toBe('')
  await page.keyboard.press('Backspace')
  await page.keyboard.press('Backspace')
  await page.keyboard.type('dd')
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.querySelector<HTMLTextAreaElement>('#composer')?.value.includes('T3001'))
  expect(await box.inputValue()).toBe('您的订单T3001我在跟进，有消息先告诉您。')
  await page.keyboard.press('Control+Enter')
  await page.getByText('已记录').waitFor()
  interface View {
    timeline: { kind?: string; direction?: string; text?: string | null }[]
  }
  const view = await w.call<View>('agent', 'GET', `/shops/qinghe/cases/${id}`)
  expect(JSON.stringify(view)).toContain('您的订单T3001我在跟进，有消息先告诉您。')
  const list = await w.call<{ items: { code: string; used: number }[] }>('agent', 'GET', '/shops/qinghe/knowledge')
  expect(list.items.map((it) => [it.code, it.used])).toEqual([
    ['dd', 1],
    ['tk', 0],
  ])
})

it('goes from its page into the reply of the case that was open last', async () => {
  const page = await w.as('agent')
  await page.locator('#composer').waitFor()
  await page.locator('.rail').getByText('知识').click()
  await page.locator('.kn-row').getByText('退款已提交').click()
  await page.locator('.kn-one h2').getByText('退款已提交').waitFor()
  await page.keyboard.press('Control+Enter')
  await page.locator('.kn-one [role=alert]').getByText('补全前不能用').waitFor()
  await page.locator('.kn-row').getByText('订单在跟进').click()
  await page.locator('.kn-one h2').getByText('订单在跟进').waitFor()
  await page.keyboard.press('Control+Enter')
  await page.waitForURL(/\/cases\//)
  await page.waitForFunction(() => document.querySelector<HTMLTextAreaElement>('#composer')?.value.includes('T3001'))
})

it('keeps one’s own to oneself, and shared ones from those without the right', async () => {
  const page = await w.as('agent')
  await page.goto(`${w.base}/knowledge`)
  await page.locator('.kn-row').first().waitFor()
  expect(await page.locator('.kn-one').getByRole('button', { name: '修改' }).count()).toBe(0)
  await page.getByRole('button', { name: '写一条' }).click()
  expect(await page.getByRole('button', { name: '全店', exact: true }).count()).toBe(0)
  await page.getByLabel('标题', { exact: true }).fill('我的问候')
  await page.getByLabel('快捷码', { exact: true }).fill('dd')
  await page.getByLabel('内容', { exact: true }).fill('您好，我是{agent.no}。')
  await page.keyboard.press('Control+s')
  await page.locator('.kn-one h2').getByText('我的问候').waitFor()
  // its own key changes it
  await page.keyboard.press('e')
  await page.getByLabel('标题', { exact: true }).fill('我的开场')
  await page.keyboard.press('Control+s')
  await page.locator('.kn-one h2').getByText('我的开场').waitFor()
  const lead = await w.as('lead')
  await lead.goto(`${w.base}/knowledge`)
  await lead.locator('.kn-row').first().waitFor()
  expect(await lead.locator('.kn').textContent()).not.toContain('我的开场')
})
