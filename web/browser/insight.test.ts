// What a lead and a supervisor look into: a view as a file, a product that comes back too often, a playbook tried on past cases.
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type World, world } from './world'

let w: World
beforeAll(async () => {
  w = await world()
})
afterAll(() => w?.end())

const SHOP = '/shops/qinghe'

/** An order of one unit; with words, somebody asks it back. */
async function sold(no: string, sku: string, title: string, words?: string): Promise<string> {
  await w.call('admin', 'POST', `${SHOP}/orders`, {
    order_no: no,
    buyer: { external_id: `b-${no}`, name: '李婷婷', phone: '13912345678', address: '浙江省杭州市余杭区某路 1 号' },
    lines: [{ sku, title, spec: '', category: 'clothing', quantity: 1, list_minor: 8_900, paid_minor: 8_900 }],
    ordered_at: '2026-11-20T01:00:00Z',
    paid_at: '2026-11-20T01:00:00Z',
    shipped_at: '2026-11-21T01:00:00Z',
    signed_at: '2026-11-23T01:00:00Z',
  })
  if (!words) return ''
  const opened = await w.call<{ case_id: string }>('agent', 'POST', `${SHOP}/cases`, {
    order_no: no,
    channel: 'chat',
    text: words,
    request: { kind: 'return_refund', reason: 'defect', lines: [{ line_no: 1, quantity: 1 }] },
  })
  return opened.case_id
}

it('takes a view out as a file, masked, with no formula in it', async () => {
  await sold('403123456789012345', 'BAG-1', '=HYPERLINK("http://x","帆布包")', '开线了')
  const page = await w.as('lead')
  await page.goto(`${w.base}/?view=all`)
  await page.locator('.ql .qr').first().waitFor()
  await page.keyboard.press('Shift+X')
  const panel = page.locator('.exppanel')
  await panel.getByText('所有店铺').waitFor()
  await panel.getByRole('button', { name: 'CSV' }).click()
  const [file] = await Promise.all([page.waitForEvent('download'), panel.getByRole('button', { name: '开始导出' }).click()])
  expect(file.suggestedFilename()).toMatch(/^aftercare-queue-\d{8}-\d{4}\.csv$/)
  const text = await readFile(await file.path(), 'utf8')
  expect(text.startsWith('\u{feff}售后单号,店铺,')).toBe(true)
  expect(text).toContain('403123456789012345\t')
  expect(text).toContain('李**')
  for (const personal of ['李婷婷', '13912345678', '余杭区某路']) expect(text).not.toContain(personal)
  for (const cell of text.split(/[\r\n,]+/)) expect(cell).not.toMatch(/^"?[=+@-]/)
  await panel.getByText('已导出 1 行').waitFor()

  // Once more as a workbook; the file of somebody else is not there.
  await panel.getByRole('button', { name: '再导一份' }).click()
  await panel.getByRole('button', { name: 'Excel' }).click()
  const [book] = await Promise.all([page.waitForEvent('download'), panel.getByRole('button', { name: '开始导出' }).click()])
  expect((await readFile(await book.path())).subarray(0, 2).toString()).toBe('PK')
  const { items } = await w.call<{ items: { id: string }[] }>('lead', 'GET', '/exports')
  expect(items).toHaveLength(2)
  await expect(w.call('supervisor', 'GET', `/exports/${items[0]?.id}`)).rejects.toThrow('404')
})

it('shows the product that comes back too often; it is acknowledged and looked into', async () => {
  for (let n = 0; n < 60; n++) await sold(`G-${n}`, 'GOOD-1', '羊毛大衣')
  for (let n = 0; n < 24; n++) await sold(`Z-${n}`, 'ZIP-1', '拉链背包', n < 12 ? '拉链又坏了' : undefined)
  const page = await w.as('lead')
  await page.goto(`${w.base}/quality`)
  // A product the shop has not named goes by its number.
  const row = page.locator('.signal').filter({ hasText: 'ZIP-1' })
  // Figures are added up every few seconds.
  const shown = async () => {
    await page.reload()
    await page.locator('.signal, .emp').first().waitFor()
    return row.count()
  }
  await expect.poll(shown, { timeout: 20_000, interval: 500 }).toBe(1)
  expect(await row.textContent()).toContain('12 / 24 件')
  expect(await page.locator('.signal').count()).toBe(1)
  await page.keyboard.press('a')
  await page.getByLabel('看过后的结论').fill('已换供应商')
  await page.keyboard.press('Control+Enter')
  await row.getByText('已换供应商').waitFor()
  await row.locator('.tag').getByText('已知道').waitFor()

  await page.keyboard.press('i')
  await page.getByLabel('要查什么').fill('查这批拉链')
  await page.keyboard.press('Control+Enter')
  await page.waitForURL(/\/cases\//)
  await page.locator('.od').getByText('关联').first().waitFor()
  expect(await page.locator('.od .os a').count()).toBeGreaterThanOrEqual(12)
})

it('tries a playbook on past cases with one key and leads to those it differs on', async () => {
  const ids: string[] = []
  for (let n = 0; n < 3; n++) ids.push(await sold(`P-${n}`, 'CUP-1', '马克杯', '杯子碎了'))
  const view = async (id: string) =>
    w.call<{ case: { scenario: string; version: number }; requests: { id: string }[] }>('agent', 'GET', `${SHOP}/cases/${id}`)
  const scenario = (await view(ids[0] ?? '')).case.scenario
  for (const id of ids.slice(1)) {
    for (const request of (await view(id)).requests)
      await w.call('agent', 'POST', `${SHOP}/cases/${id}/requests/${request.id}/withdraw`, {})
    const page = await w.as('lead')
    const { version } = (await view(id)).case
    const closed = await page.request.post(`${w.base}/api/v1${SHOP}/cases/${id}/close`, {
      headers: { origin: w.base, 'x-requested-with': 'aftercare', 'idempotency-key': id, 'if-match': String(version) },
      data: { result: 'kept_compensated', confirmation: 'buyer' },
    })
    expect(closed.ok(), await closed.text()).toBe(true)
  }
  const page = await w.as('supervisor')
  await page.goto(`${w.base}/playbooks?scenario=${scenario}`)
  await page.locator('.ped .blk').first().waitFor()
  await page.keyboard.press('Control+Enter')
  const pane = page.locator('.trial')
  await pane.getByText('按文稿', { exact: true }).first().waitFor()
  expect(await pane.locator('.trial-n').textContent()).toContain('2 单')
  const first = pane.locator('.trial-t a').first()
  await first.click()
  await page.waitForURL(/\/cases\//)

  // Solved ones like it stand beside the case that is still open.
  await page.goto(`${w.base}/cases/qinghe/${ids[0]}`)
  await page.locator('#similar a').first().waitFor()
  await page.keyboard.press('l')
  await page.waitForFunction(() => document.activeElement?.closest('#similar') !== null)
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => !url.pathname.endsWith(ids[0] ?? ''))
})
