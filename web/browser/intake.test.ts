// From a buyer's words to an archived case, on the screen alone.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { act, close, diagnose, fillResult, hear, intake, order, say, stage } from './hands'
import { type World, world } from './world'

let w: World
beforeAll(async () => {
  w = await world()
})
afterAll(() => w?.end())

it('takes a problem in, talks, settles the cause, and closes with the buyer’s yes', async () => {
  await order(w, { orderNo: 'T1001', title: '无线耳机', category: 'electronics', paid: 35_900, state: 'signed' })
  const page = await w.as('agent')
  await intake(w, page, { orderNo: 'T1001', text: '左边没声音，怎么配对？', kind: '使用咨询', reason: '不会用' })
  await page.locator('.od').getByText('359.00').first().waitFor()
  await page.getByRole('button', { name: '我来办' }).click()
  await page.getByRole('button', { name: '我来办' }).waitFor({ state: 'detached' })

  await say(page, '别着急，我一步一步带您连。先把两只都放回盒里，长按盒子十秒。', ['已逐步指导'])
  await hear(page, '好了，两边都响了，谢谢', ['买家确认解决'])
  await diagnose(page, '理解偏差', '买家')
  await act(page, '归档')
  await page.getByText(/归档前看一眼|没有未了的事/).waitFor()
  await page.keyboard.press('Escape')
  if (await page.getByRole('button', { name: '买家撤回' }).count()) {
    await page.getByRole('button', { name: '买家撤回' }).click()
    await page.getByRole('button', { name: '买家撤回' }).waitFor({ state: 'detached' })
  }
  await close(page, '指导后解决')
  expect(await stage(page)).toBe('归档')
})

it('shows what changed when two people work on one case, and lets the second decide again', async () => {
  await order(w, { orderNo: 'T1002', title: '纯棉圆领T恤', paid: 7_900, state: 'paid' })
  const agent = await w.as('agent')
  const id = await intake(w, agent, { orderNo: 'T1002', text: '拍错了，退了吧', kind: '仅退款', reason: '不想要了' })
  await act(agent, '归档')
  await fillResult(agent, '买家撤销，照常发货')
  await w.call('lead', 'POST', `/shops/qinghe/cases/${id}/contacts`, { direction: 'note', channel: 'agent', text: '这单先别动' })
  await agent.getByText('您看到的是第').waitFor()
  expect(await agent.locator('form.sheet .btn.pri').last().getAttribute('aria-disabled')).toBe('true')
  await agent.getByRole('button', { name: /看过了/ }).click()
  await agent.locator('form.sheet footer .btn.pri').click()
  await agent.locator('form.sheet .rfc').waitFor()
  expect(await agent.locator('form.sheet .rfc').textContent()).toContain('什么都没有改变')

  // The pack for the platform has the talk and, unless asked for, no internal note.
  await agent.goto(`${w.base}/pack/qinghe/${id}`)
  await agent.locator('.pack h1').waitFor()
  expect(await agent.locator('.pack').textContent()).toContain('拍错了，退了吧')
  expect(await agent.locator('.pack').textContent()).not.toContain('这单先别动')
  await agent.getByLabel('含内部备注').check()
  await agent.locator('.pack').getByText('这单先别动').waitFor()
})
