// Saved views: the queue is narrowed, the view kept, come back to in two keys; shared by who may, and taken away.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { order } from './hands'
import { type World, world } from './world'

/** Keys of ux.md §3.5. */
const MOST = 2

let w: World
beforeAll(async () => {
  w = await world({ roles: ['agent', 'lead', 'admin'] })
  for (const [n, paid] of [4_900, 19_900, 59_900].entries()) {
    await order(w, { orderNo: `V000${n}`, title: `针织帽 ${n}`, paid, state: 'signed' })
    await w.call('agent', 'POST', '/shops/qinghe/cases', { order_no: `V000${n}`, channel: 'chat', text: '开线了' })
  }
}, 60_000)
afterAll(() => w?.end())

it('keeps a narrowed view, in its order, and comes back to it in two keys', async () => {
  const page = await w.as('agent')
  await page.goto(`${w.base}/?view=all`)
  const rows = page.locator('.qr .c2 .m')
  await rows.nth(2).waitFor()
  await page.keyboard.press('Shift+f')
  await page.getByLabel('金额不高于').fill('200')
  await page.keyboard.press('Enter')
  await rows.nth(2).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: '按金额' }).click()
  await expect.poll(() => rows.allTextContents()).toEqual(['针织帽 1', '针织帽 0'].map((text) => expect.stringContaining(text)))
  // An agent keeps views for themself.
  await page.getByRole('button', { name: '存为视图' }).click()
  expect(await page.getByText('共享给所有人').count()).toBe(0)
  await page.getByLabel('视图名').fill('小额')
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await page.locator('.sv[aria-current]', { hasText: '小额' }).waitFor()

  await page.keyboard.press('2')
  await rows.nth(2).waitFor()
  const keys = ['v', '1']
  for (const key of keys) await page.keyboard.press(key)
  expect(keys.length).toBeLessThanOrEqual(MOST)
  await page.locator('.sv[aria-current]', { hasText: '小额' }).waitFor()
  await expect.poll(() => rows.allTextContents()).toEqual(['针织帽 1', '针织帽 0'].map((text) => expect.stringContaining(text)))
  await page.reload()
  await expect.poll(() => rows.allTextContents()).toEqual(['针织帽 1', '针织帽 0'].map((text) => expect.stringContaining(text)))
  for (const key of ['o', '1']) await page.keyboard.press(key)
  await page.waitForURL(/shop=qinghe/)
})

it('is shared by a role that may, seen by everybody, and taken away', async () => {
  const lead = await w.as('lead')
  await lead.goto(`${w.base}/?view=agent`)
  await lead.locator('.qr').first().waitFor()
  await lead.keyboard.press('Shift+f')
  await lead.getByLabel('没人接的').check()
  await lead.getByRole('button', { name: '存为视图' }).click()
  await lead.getByLabel('视图名').fill('待接')
  await lead.getByText('共享给所有人').click()
  await lead.getByRole('button', { name: '保存', exact: true }).click()
  await lead.locator('.sv[aria-current]', { hasText: '待接' }).waitFor()
  const agent = await w.as('agent')
  await agent.goto(`${w.base}/`)
  await agent.locator('.sv', { hasText: '待接' }).click()
  await agent.locator('.qr').nth(2).waitFor()
  expect(await agent.getByRole('button', { name: /删除“待接”/ }).count()).toBe(0)
  await lead.getByRole('button', { name: '删除“待接”' }).click()
  await lead.locator('.sv', { hasText: '待接' }).waitFor({ state: 'detached' })
})
