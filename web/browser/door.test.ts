// The door on the screen: the second factor from picture to recovery code, a role of the shop's own and what it hides, sessions, a fresh
// proof for a large approval, one person behind two buyers. Owns the phone that shows the codes.
import { createHmac } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { order } from './hands'
import { PASSWORD, shared, type World, world } from './world'

let w: World
beforeAll(async () => {
  w = await world({ roles: ['agent', 'lead', 'supervisor', 'admin', 'owner'] })
})
afterAll(() => w?.end())

/** What an authenticator shows for this secret at the desk's time (RFC 6238). */
function shows(secret: string, at: number): string {
  const bits = [...secret]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)))
  const hash = createHmac('sha1', key).update(step).digest()
  const word = hash.readUInt32BE((hash[19] ?? 0) & 15) & 0x7fffffff
  return String(word % 1_000_000).padStart(6, '0')
}

/** Nobody's page, at the door. */
async function atTheDoor(): Promise<Page> {
  const context = await (await shared()).newContext({ locale: 'zh-CN', viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  await page.goto(`${w.base}/login`)
  return page
}

async function knock(page: Page, who: string): Promise<void> {
  await page.getByLabel('用户名').fill(who)
  await page.getByLabel('密码').fill(PASSWORD)
  await page.getByRole('button', { name: '登录' }).click()
}

const inside = (page: Page) => page.waitForURL((url) => !url.pathname.startsWith('/login'))

/** Sets the second factor up by the screen; answers the secret and the recovery codes. */
async function enrol(page: Page): Promise<{ secret: string; codes: string[] }> {
  await page.getByLabel('当前密码').fill(PASSWORD)
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('img', { name: '两步验证二维码' }).waitFor()
  await page.getByText('扫不了').click()
  const secret = ((await page.locator('.enrol .cp .num').textContent()) ?? '').replaceAll(' ', '')
  await page.getByLabel('验证器显示的六位数字').fill(shows(secret, w.now()))
  await page.getByRole('button', { name: '确认开启' }).click()
  await page.getByText('我已保存好').waitFor()
  const codes = await page.locator('.codes li').allTextContents()
  await page.getByText('我已保存好').click()
  await page.getByRole('button', { name: '完成' }).click()
  return { secret, codes }
}

it('a second factor is set up, asked for, good once, and replaced by a recovery code', async () => {
  const page = await w.as('lead')
  await page.goto(`${w.base}/settings?tab=security`)
  await page.getByRole('button', { name: '开启两步验证' }).click()
  const { secret, codes } = await enrol(page)
  await page.getByText('剩余恢复码 10 个').waitFor()
  expect(codes.length).toBe(10)
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain(secret)

  const door = await atTheDoor()
  await knock(door, 'lead')
  const used = shows(secret, w.now())
  await door.getByLabel('验证码').fill(used)
  await door.keyboard.press('Enter')
  await door.getByText('验证码不对，或已经用过').waitFor()
  await w.moveTo(w.now() + 60_000)
  await door.getByLabel('验证码').fill(shows(secret, w.now()))
  await door.keyboard.press('Enter')
  await inside(door)

  const other = await atTheDoor()
  await knock(other, 'lead')
  await other.getByLabel('验证码').fill(codes[3] ?? '')
  await other.keyboard.press('Enter')
  await inside(other)
  await other.goto(`${w.base}/settings?tab=security`)
  await other.getByText('剩余恢复码 9 个').waitFor()

  // every session but this one, one by one; then this one with all
  await other.locator('.sess li').nth(2).waitFor()
  await other.getByRole('button', { name: '结束' }).first().click()
  await other.getByRole('button', { name: '全部退出' }).click()
  await other.getByRole('button', { name: '全部退出' }).click()
  await other.waitForURL(/\/login/)
  await door.goto(`${w.base}/settings`)
  await door.waitForURL(/\/login/)
  await door.context().close()
  await other.context().close()
})

it('whom a shop demands it of sees only its set-up, and a large approval asks again', async () => {
  await w.call('owner', 'POST', '/shops/qinghe/settings', {
    second_factor: { roles: ['supervisor'], step_up_above_minor: 10_000, step_up_within_min: 5 },
  })
  const door = await atTheDoor()
  await knock(door, 'supervisor')
  await door.getByRole('heading', { name: '请先设置两步验证' }).waitFor()
  expect(await door.locator('.rail a').count()).toBe(0)
  const { secret } = await enrol(door)
  await door.locator('.qr, .emp').first().waitFor()

  await order(w, { orderNo: 'D1', title: '羊毛开衫', paid: 30_000, state: 'signed' })
  const opened = await w.call<{ case_id: string }>('agent', 'POST', '/shops/qinghe/cases', {
    order_no: 'D1',
    channel: 'chat',
    text: '袖口开线了',
  })
  await w.call('agent', 'POST', `/shops/qinghe/cases/${opened.case_id}/approvals`, {
    subject: 'payout',
    means: 'small_payment',
    amount_minor: 15_000,
    note: '袖口开线，补偿',
  })
  await w.moveTo(w.now() + 6 * 60_000)
  await door.goto(`${w.base}/approvals`)
  await door.locator('.apx .btn.pri').click()
  await door.locator('.apx .btn.pri').click()
  await door.getByText('请再验证一次身份').waitFor()
  await door.getByLabel('验证码').fill(shows(secret, w.now()))
  await door.getByRole('button', { name: '验证并继续' }).click()
  await door.getByText('没有待审批').first().waitFor()
  await door.context().close()
})

it('a role of the shop’s own hides what it must in a page that is open', async () => {
  await order(w, { orderNo: 'D2', title: '羊毛围巾', paid: 20_000, state: 'signed' })
  const opened = await w.call<{ case_id: string }>('agent', 'POST', '/shops/qinghe/cases', {
    order_no: 'D2',
    channel: 'chat',
    text: '起球了',
  })
  const agent = await w.as('agent')
  await agent.goto(`${w.base}/cases/qinghe/${opened.case_id}`)
  await agent
    .getByRole('button', { name: /查看明文|看明文/ })
    .first()
    .waitFor()

  const owner = await w.as('owner')
  await owner.goto(`${w.base}/settings?tab=roles`)
  await owner.getByRole('button', { name: '新建角色' }).click()
  await owner.getByLabel('名称').fill('实习客服')
  await owner.getByRole('checkbox', { name: '退款', exact: true }).uncheck()
  await owner.getByRole('checkbox', { name: '查看明文', exact: true }).uncheck()
  await owner.getByRole('button', { name: '保存角色' }).click()
  await owner.locator('.rolepick').getByText('实习客服').waitFor()
  await owner.goto(`${w.base}/settings?tab=staff`)
  const row = owner.locator('tr', { hasText: '林小满' })
  await row.getByRole('button', { name: '换角色' }).click()
  await row.getByRole('combobox').selectOption({ label: '实习客服' })
  await row.getByText(/售后客服 · 实习客服/).waitFor()

  // the open session is refused at once, and the page follows
  const answer = await agent.evaluate(
    async (id) =>
      (
        await fetch(`/api/v1/shops/qinghe/cases/${id}/refunds`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'x-requested-with': 'aftercare',
            'idempotency-key': 'k1',
            'if-match': '1',
          },
          body: JSON.stringify({ reason: 'x' }),
        })
      ).status,
    opened.case_id,
  )
  expect(answer).toBe(403)
  await agent.reload()
  await agent.locator('.dact').waitFor()
  expect(await agent.getByRole('button', { name: /查看明文|看明文/ }).count()).toBe(0)
  await agent.goto(`${w.base}/settings`)
  await agent.getByText('实习客服（售后客服）').waitFor()
})

it('two buyers are said to be one person, and a block list refuses nothing', async () => {
  await order(w, { orderNo: 'D4', title: '羊毛手套', paid: 10_000, state: 'signed' })
  await w.call('owner', 'POST', '/shops/qinghe/cases', { order_no: 'D4', channel: 'chat', text: '少了一只' })
  await order(w, { orderNo: 'D3', title: '羊毛帽', paid: 10_000, state: 'signed' })
  const opened = await w.call<{ case_id: string }>('owner', 'POST', '/shops/qinghe/cases', {
    order_no: 'D3',
    channel: 'chat',
    text: '掉色，要退货',
    request: { kind: 'return_refund', reason: 'defect' },
  })
  const owner = await w.as('owner')
  await owner.goto(`${w.base}/cases/qinghe/${opened.case_id}`)
  const actions = async () => {
    await owner.locator('.dact').waitFor()
    return owner.locator('.dact').textContent()
  }
  const before = await actions()
  await owner.getByText('依据：', { exact: false }).first().waitFor()
  await owner.getByRole('button', { name: '是同一人' }).first().click()
  await owner.getByText('合并身份后的其他工单', { exact: false }).waitFor()
  await owner.getByRole('button', { name: '标记买家' }).click()
  await owner.getByRole('button', { name: '黑名单' }).click()
  await owner.getByRole('textbox', { name: '原因', exact: true }).fill('冒用他人订单')
  await owner.getByRole('button', { name: '标记', exact: true }).click()
  await owner.locator('.mark.block').getByText('冒用他人订单').waitFor()
  await owner.reload()
  expect(await actions()).toBe(before)
})
