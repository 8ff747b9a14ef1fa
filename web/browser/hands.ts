// What a person does on the screen, in words. Owns the clicks; each hand ends when the screen shows what it did.
import type { Locator, Page } from 'playwright-core'
import { wall } from './times'
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
    payments: [{ payment_no: `P-${it.orderNo}`, captured_minor: it.paid + (it.freight ?? 0) }],
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
export async function act(page: Page, name: string | RegExp): Promise<void> {
  if (!(await page.locator('#all-actions').count())) await page.getByRole('button', { name: /^(全部办理|All actions)/ }).click()
  await page.locator('#all-actions').getByRole('button', { name, exact: true }).click()
}

/** Presses a form's button; where money moves, checks and presses again. */
export async function submit(page: Page, money = false): Promise<void> {
  const sheet = page.locator('form.sheet')
  // What others did meanwhile is looked at first.
  const seen = sheet.getByRole('button', { name: /看过了/ })
  if (await seen.count()) await seen.click()
  await sheet.locator('footer .btn.pri').click()
  if (money) {
    await sheet.locator('.strip').waitFor()
    await sheet.locator('footer .btn.pri').click()
  }
  await sheet.waitFor({ state: 'detached' })
}

/** Writes to the buyer, pastes it and marks it as sent. */
export const say = (page: Page, text: string, marks: string[] = []): Promise<void> =>
  composer(page, '发给买家', text, marks, 'chat')

/** Records what the buyer said. */
export const hear = (page: Page, text: string, marks: string[] = []): Promise<void> =>
  composer(page, '买家说的', text, marks, 'chat')

/** Writes in one of the composer's three modes and waits until it stands in the time line. */
export async function composer(page: Page, mode: string, text: string, marks: string[], channel?: string): Promise<void> {
  const box = page.locator('.cmp')
  const tab = box.getByRole('button', { name: mode, exact: true })
  // Choosing the mode again would forget the script.
  if ((await tab.getAttribute('aria-pressed')) !== 'true') await tab.click()
  if (channel) await box.getByLabel('渠道').selectOption(channel)
  await page.locator('#composer').fill(text)
  if (marks.length) {
    await box.locator('details.marks summary').click()
    const set = (await box.locator('details.marks summary').textContent()) ?? ''
    // A script brings marks of its own, which the list may not have.
    for (const mark of marks.filter((it) => !set.includes(it)))
      await box.locator('details.marks').getByLabel(mark, { exact: true }).setChecked(true)
    await box.locator('details.marks summary').click()
  }
  const send = box.locator('.btn.pri')
  await send.click()
  await page.locator('.evs .bub').getByText(text, { exact: true }).last().waitFor()
}

export interface Picks {
  line: number
  quantity: number
  amount?: number
}

/** Lines of a story: `2` is one unit of line 2. */
export function line(given: unknown): Picks[] {
  return ((given as unknown[]) ?? []).map((row) => {
    if (typeof row === 'number') return { line: row, quantity: 1 }
    const it = row as { line: number; quantity?: number; amount?: number }
    return { line: it.line, quantity: it.quantity ?? 1, ...(it.amount === undefined ? {} : { amount: it.amount }) }
  })
}

/** Chooses exactly these lines and units in a form; a part of the price without units still needs its line. */
export async function pickLines(where: Page | Locator, lines: Picks[], title: (line: number) => string): Promise<void> {
  const rows = where.locator('.lp > .row')
  const count = await rows.count()
  for (let at = 0; at < count; at++) {
    const row = rows.nth(at)
    const wanted = lines.find((it) => it.line === at + 1)
    const box = row.getByRole('checkbox')
    if (!wanted) {
      if (await box.isEnabled()) await box.setChecked(false)
    } else {
      await box.setChecked(true)
      await row
        .getByLabel(new RegExp(`${title(wanted.line).replace(/[.*+?^${}()|[\]\\]/g, '.')}.*件数`))
        .fill(String(Math.max(1, wanted.quantity)))
    }
  }
}

/** Chooses a fact by its name and gives its value. */
export async function chooseFact(
  sheet: Locator,
  facts: { name: string; zh: string; type: string }[],
  name: string,
  value: unknown,
): Promise<void> {
  const fact = facts.find((it) => it.name === name)
  if (!fact) throw new Error(`there is no fact ${name}`)
  await sheet.getByLabel('哪一项').fill(name)
  const field = sheet.getByLabel(fact.zh, { exact: true })
  if (fact.type === 'bool' || fact.type === 'enum') await field.selectOption(String(value))
  else if (fact.type === 'money') await field.fill((Number(value) / 100).toFixed(2))
  else if (fact.type === 'date') await field.fill(wall(Date.parse(String(value))))
  else await field.fill(String(value))
}

/** Settles cause and responsible party. */
export async function diagnose(page: Page, cause: string, party: string): Promise<void> {
  await act(page, '定责')
  await page.locator('form.sheet').getByLabel('原因').selectOption({ label: cause })
  await page.locator('form.sheet').getByLabel('责任方', { exact: true }).selectOption({ label: party })
  await submit(page)
}

/** Archives the case with the buyer's confirmation: a result of the playbook by its name, or in words of one's own. */
export async function close(page: Page, result: string): Promise<void> {
  await act(page, '归档')
  await fillResult(page, result)
  await submit(page)
  await page.getByRole('button', { name: '重新打开' }).waitFor()
}

/** Gives the result in the closing form. */
export async function fillResult(page: Page, result: string): Promise<void> {
  const sheet = page.locator('form.sheet')
  const field = sheet.getByLabel('处理结果').first()
  const choices = await field.locator('option').allTextContents()
  if (choices.includes(result)) {
    await field.selectOption({ label: result })
    return
  }
  if (choices.length) throw new Error(`no result ${result} among ${choices.join('、')}`)
  await field.fill(result)
}

/** What the page's stepper says. */
export async function stage(page: Page): Promise<string> {
  return ((await page.locator('.step li[aria-current="step"]').textContent()) ?? '').trim()
}

/** The screen has one word for each of these. */
export const mood = (of: unknown): string => ({ worried: 'anxious', furious: 'angry' })[String(of)] ?? String(of)
