// What a person does on the screen, in words. Owns the clicks; each hand ends when the screen shows what it did.
import type { Page } from 'playwright-core'
import type { World } from './world'

export interface GivenOrder {
  orderNo: string
  title: string
  category?: string
  paid: number
  quantity?: number
  state?: 'paid' | 'shipped' | 'signed'
  freight?: number
  bulky?: boolean
  waybill?: string
}

/** An order as the shop's system tells it, with its buyer and, once shipped, its parcel. */
export async function order(world: World, it: GivenOrder): Promise<void> {
  const shipped = it.state === 'shipped' || it.state === 'signed'
  const signed = it.state === 'signed'
  await world.call('admin', 'POST', '/shops/qinghe/orders', {
    order_no: it.orderNo,
    buyer: { external_id: `buyer-${it.orderNo}`, name: '李婷', phone: '10012345678', address: '浙江省杭州市余杭区某路 1 号' },
    lines: [
      {
        sku: `SKU-${it.orderNo}`,
        title: it.title,
        spec: '白 M',
        category: it.category ?? 'clothing',
        quantity: it.quantity ?? 1,
        list_minor: it.paid,
        paid_minor: it.paid,
      },
    ],
    freight_minor: it.freight ?? 0,
    paid_at: '2026-11-20T01:00:00Z',
    ...(shipped ? { shipped_at: '2026-11-21T01:00:00Z' } : {}),
    ...(signed ? { signed_at: '2026-11-23T01:00:00Z' } : {}),
    bulky: it.bulky ?? false,
    parcels: shipped
      ? [
          {
            carrier: '顺丰',
            waybill: it.waybill ?? `SF${it.orderNo}`,
            state: signed ? 'signed_self' : 'in_transit',
            shipped_at: '2026-11-21T01:00:00Z',
            ...(signed ? { signed_at: '2026-11-23T01:00:00Z' } : {}),
          },
        ]
      : [],
  })
}

/** Takes a problem in by the form; ends on the case page. */
export async function intake(
  world: World,
  page: Page,
  it: { orderNo: string; text: string; kind: string; reason: string; channel?: string },
): Promise<string> {
  await page.goto(`${world.base}/new`)
  await page.getByLabel('订单号').fill(it.orderNo)
  if (it.channel) await page.getByRole('button', { name: it.channel, exact: true }).click()
  await page.getByLabel('买家怎么说').fill(it.text)
  await page.getByLabel('诉求类型').selectOption({ label: it.kind })
  await page.getByLabel('原因').fill(it.reason)
  await page.getByRole('button', { name: '登记并打开' }).click()
  await page.waitForURL(/\/cases\//)
  return page.url().split('/').at(-1) ?? ''
}

/** Opens one of the forms from the list of everything that can be done. */
export async function act(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: '全部办理' }).click()
  await page.locator('#all-actions').getByRole('button', { name, exact: true }).click()
}

/** Presses a form's button; where money moves, checks and presses again. */
export async function submit(page: Page, money = false): Promise<void> {
  const sheet = page.locator('form.sheet')
  await sheet.locator('footer .btn.pri').click()
  if (money) {
    await sheet.locator('.strip').waitFor()
    await sheet.locator('footer .btn.pri').click()
  }
  await sheet.waitFor({ state: 'detached' })
}

/** Writes to the buyer, pastes it and marks it as sent. */
export async function say(page: Page, text: string, marks: string[] = []): Promise<void> {
  await page.getByRole('button', { name: '发给买家', exact: true }).click()
  await write(page, text, marks, '复制并标记已发')
}

/** Records what the buyer said. */
export async function hear(page: Page, text: string, marks: string[] = []): Promise<void> {
  await page.getByRole('button', { name: '买家说的', exact: true }).click()
  await write(page, text, marks, '记下买家的话')
}

async function write(page: Page, text: string, marks: string[], button: string): Promise<void> {
  await page.locator('#composer').fill(text)
  if (marks.length) {
    await page.locator('.cmp details.marks summary').click()
    for (const mark of marks) await page.locator('.cmp details.marks').getByText(mark, { exact: true }).click()
    await page.locator('.cmp details.marks summary').click()
  }
  await page.locator('.cmp').getByRole('button', { name: button }).click()
  await page.locator('.evs').getByText(text, { exact: true }).first().waitFor()
}

/** Settles cause and responsible party. */
export async function diagnose(page: Page, cause: string, party: string): Promise<void> {
  await act(page, '定责')
  await page.locator('form.sheet').getByLabel('原因').selectOption({ label: cause })
  await page.locator('form.sheet').getByLabel('责任方').selectOption({ label: party })
  await submit(page)
}

/** Archives the case with the buyer's confirmation. */
export async function close(page: Page, result: string): Promise<void> {
  await act(page, '归档')
  const sheet = page.locator('form.sheet')
  const known = sheet.getByLabel('处理结果').first()
  if ((await known.count()) && (await known.evaluate((it) => it.tagName)) === 'SELECT')
    await known.selectOption({ label: result })
  else await known.fill(result)
  await submit(page)
  await page.getByRole('button', { name: '重新打开' }).waitFor()
}

/** What the page's stepper says. */
export async function stage(page: Page): Promise<string> {
  return ((await page.locator('.step li[aria-current="step"]').textContent()) ?? '').trim()
}
