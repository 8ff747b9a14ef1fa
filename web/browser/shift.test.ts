// What a new agent stumbled on, on the screen: a request without an answer, a shift taken over in one press, the key that pays.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { act, intake, order } from './hands'
import { type World, world } from './world'

let w: World
beforeAll(async () => {
  w = await world({ roles: ['agent', 'senior', 'lead', 'admin'] })
})
afterAll(() => w?.end())

interface View {
  case: { stage: string; owner_id?: string | null; open: boolean }
  requests: { state: string }[]
  promises: { state: string; effect_id?: string | null }[]
  effects: { kind: string; state: string }[]
}
const view = (id: string) => w.call<View>('agent', 'GET', `/shops/qinghe/cases/${id}`)

it('shows how a request is answered, and closing once it is', async () => {
  await order(w, { orderNo: 'N7001', title: '餐椅', paid: 39_900, state: 'signed' })
  const page = await w.as('agent')
  const id = await intake(w, page, { orderNo: 'N7001', text: '便宜点，给返现', kind: '补偿', reason: '砍价' })
  await page.locator('.rq').getByRole('button', { name: '回应申请' }).click()
  const sheet = page.locator('section.sheet')
  await sheet.getByText('回应买家的申请').waitFor()
  // Asking the buyer to take it back is a text to be read before it leaves.
  await page.keyboard.press('4')
  await expect.poll(() => page.locator('#composer').inputValue()).toContain('把申请撤回')
  await page.locator('#composer').fill('')
  await page.keyboard.press('Escape')
  await page.locator('.rq').getByRole('button', { name: '回应申请' }).click()
  await sheet.waitFor()
  await page.keyboard.press('3')
  await page.locator('form.sheet').getByLabel('原因').last().fill('价格对大家一样，不能单独改')
  await page.keyboard.press('Control+Shift+Enter')
  await expect.poll(async () => (await view(id)).requests[0]?.state).toBe('refused')
  await page.locator('.dact .btn.pri').getByText('归档').waitFor()
})

it('joins a payment to the promise in words; enter checks and never pays', async () => {
  await order(w, { orderNo: 'N7002', title: '羊毛大衣', paid: 59_800, state: 'signed' })
  const page = await w.as('lead')
  const id = await intake(w, page, { orderNo: 'N7002', text: '衣服上有污渍', kind: '补偿', reason: '污渍' })
  const promised = { text: '清洗费 50 元打款给您', team: 'finance', due_in_h: 24, amount_minor: 5_000 }
  await w.call('lead', 'POST', `/shops/qinghe/cases/${id}/promises`, promised)
  await page.reload()
  await act(page, '赔付')
  const form = page.locator('form.sheet')
  await form.getByLabel('金额').fill('50')
  await form.getByText('兑现承诺「清洗费 50 元打款给您」').waitFor()
  await form.getByLabel('金额').press('Enter')
  await page.locator('.strip').waitFor()
  await form.getByLabel('金额').press('Enter')
  await page.locator('.strip').getByText('回车不付款').last().waitFor()
  await form.getByLabel('金额').press('Control+Enter')
  expect((await view(id)).effects).toEqual([])
  expect(await form.locator('.btn.pri kbd').textContent()).toBe('Ctrl ⇧ ↵')
  await page.keyboard.press('Control+Shift+Enter')
  await expect.poll(async () => (await view(id)).effects.length).toBe(1)
  const after = await view(id)
  expect(after.promises.length).toBe(1)
  expect(after.promises[0]?.effect_id).toBeTruthy()
})

it('takes a whole shift over in one press, and says what stays', async () => {
  const ids: string[] = []
  for (const n of [1, 2, 3, 4]) {
    await order(w, { orderNo: `N800${n}`, title: `针织帽 ${n}`, paid: 4_900, state: 'signed' })
    await w.call('agent', 'POST', '/shops/qinghe/cases', { order_no: `N800${n}`, channel: 'chat', text: '开线了' })
  }
  const queue = await w.call<{ items: { id: string; title: string }[] }>('agent', 'GET', '/queue?view=all')
  for (const row of queue.items.filter((it) => it.title.startsWith('针织帽'))) ids.push(row.id)
  expect(ids.length).toBe(4)
  const given = (case_id: string) => ({ shop: 'qinghe', case_id })
  await w.call('agent', 'POST', '/handover', { cases: ids.slice(0, 3).map(given), note: '明早回复买家' })
  await w.call('agent', 'POST', '/handover', { to: 'lead', cases: ids.slice(3).map(given) })
  const page = await w.as('senior')
  await page.goto(`${w.base}/handover`)
  await page.getByRole('button', { name: /接下 3 单/ }).waitFor()
  // None, then all again, then taken: keys alone.
  await page.keyboard.press('x')
  await page.getByRole('button', { name: /接下 0 单/ }).waitFor()
  await page.keyboard.press('x')
  await page.keyboard.press('t')
  await page.getByRole('button', { name: /接下 0 单/ }).waitFor()
  const owners = await Promise.all(ids.map(async (id) => (await view(id)).case.owner_id))
  expect(new Set(owners.slice(0, 3)).size).toBe(1)
  expect(owners[0]).toBeTruthy()
  expect(owners[3]).not.toBe(owners[0])
})
