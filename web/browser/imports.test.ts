// The import wizard on the screen: a file goes in after a dry run, its wrong rows are told, and it comes out again. And the side window.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { intake, order } from './hands'
import { type World, world } from './world'

let w: World
beforeAll(async () => {
  w = await world()
})
afterAll(() => w?.end())

const HEADER = '订单编号,商品标题,商家编码,购买数量,商品价格,订单付款时间,买家会员名,联系手机'

function file(orders: number): Buffer {
  const rows = Array.from({ length: orders }, (_, n) => {
    const quantity = n % 100 === 0 ? '两件' : '1'
    return `66${String(n).padStart(16, '0')},帆布包,BAG-1,${quantity},89.00,2026/11/20 10:00:00,buyer${n},13900001234`
  })
  return Buffer.from([HEADER, ...rows].join('\r\n'), 'utf8')
}

it('takes a file in after a dry run, tells the wrong rows, and takes it out again', async () => {
  const page = await w.as('admin')
  await page.goto(`${w.base}/imports`)
  await page.locator('input[type=file]').setInputFiles({ name: '订单.csv', mimeType: 'text/csv', buffer: file(300) })
  await page.getByText('300 行').waitFor()
  expect(await page.getByLabel('“购买数量”这一列是').inputValue()).toBe('quantity')
  expect(await page.locator('.maps tbody').textContent()).not.toContain('13900001234')

  // A column that is not set stops before anything is read.
  await page.getByLabel('“商家编码”这一列是').selectOption('')
  await page.getByText('还缺：商品编码').waitFor()
  await page.getByLabel('“商家编码”这一列是').selectOption('sku')

  await page.getByRole('button', { name: '试运行' }).click()
  const start = page.getByRole('button', { name: '开始导入 297 单' })
  await start.waitFor()
  expect(await page.locator('.figs').textContent()).toContain('26,433.00')
  const [list] = await Promise.all([page.waitForEvent('download'), page.getByText('下载有错的行（3）').click()])
  expect(list.suggestedFilename()).toBe('import-errors.csv')

  await start.click()
  await page.getByRole('button', { name: '撤销这次导入' }).waitFor()
  const found = await w.call<{ order: { order_no: string } }>('admin', 'GET', '/shops/qinghe/orders/660000000000000001')
  expect(found.order.order_no).toBe('660000000000000001')
  await page.getByRole('button', { name: '撤销这次导入' }).click()
  await page.getByRole('button', { name: /再点一次：删掉这次新增的 297 单/ }).click()
  await page.locator('.figs').getByText('已撤销订单').waitFor()
  await page.locator('main b').getByText('已撤销', { exact: true }).waitFor()
  await expect(w.call('admin', 'GET', '/shops/qinghe/orders/660000000000000001')).rejects.toThrow()
})

it('finds a case in the side window by a pasted number and marks the answer as sent', async () => {
  await order(w, { orderNo: 'S2001', title: '帆布包', paid: 8_900 })
  const page = await w.as('agent')
  await intake(w, page, { orderNo: 'S2001', text: '什么时候发货呀', kind: '使用咨询', reason: '不会用' })
  await page.setViewportSize({ width: 420, height: 900 })
  await page.goto(`${w.base}/side`)
  await page.locator('#paste').fill('S2001')
  await page.keyboard.press('Enter')
  await page.locator('.sw h2').waitFor()
  const text = '亲，正在为您核实发货时间，今天 18 点前答复您。'
  await page.locator('.sw #composer').fill(text)
  await page.keyboard.press('Control+Enter')
  await page.getByText('已记为发出').or(page.locator('.sw .vd.ok')).first().waitFor()
  // Nothing hangs over the edge of a narrow window.
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(420)
  await page.locator('.sw .rmk + form input, .sw form.row input').last().fill('买家催发货')
  await page.keyboard.press('Enter')
  await page.locator('.sw .rmk').getByText('买家催发货').waitFor()
})
