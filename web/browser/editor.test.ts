// Editing a playbook on the screen alone: a cap by its sentence, a fault at its line, draft, the second person, the next case.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { intake, order } from './hands'
import { type World, world } from './world'

let w: World
beforeAll(async () => {
  w = await world()
})
afterAll(() => w?.end())

const rung = (page: Page) => page.locator('[data-block="self_repair"]')
const cap = (page: Page) => rung(page).locator('[data-row="cap"]')

async function editor(who: string): Promise<Page> {
  const page = await w.as(who)
  await page.goto(`${w.base}/playbooks?scenario=bulky_damaged`)
  await page.getByRole('heading', { name: '大件破损' }).waitFor()
  await rung(page).waitFor()
  return page
}

interface Advice {
  advice: { playbook: { version: number }; ladder: { rung: string; cap_minor?: number | null }[] }
}

it('changes a rung, shows faults at their line, and goes live by a second person only', async () => {
  const page = await editor('supervisor')
  expect(await cap(page).textContent()).toContain('取小')

  // by its sentence
  await cap(page).locator('.sen').click()
  await page.getByLabel('上限', { exact: true }).fill('5% of line.paid')
  await page.keyboard.press('Enter')
  await cap(page).getByText('5%').waitFor()
  const text = page.getByLabel('bulky_damaged.toml 的原文')
  expect(await text.inputValue()).toContain('cap = "5% of line.paid"')
  await page.getByText('✓ 每一句都能算').waitFor()

  // a fault at its line as one types, in the text and at its sentence; nothing is kept meanwhile
  const good = await text.inputValue()
  await text.fill(good.replace('cap = "5% of line.paid"', 'cap = "5% of line.payd"'))
  const line = good.slice(0, good.indexOf('cap = "5% of line.paid"')).split('\n').length
  await page.getByText(`第 ${line} 行`, { exact: false }).first().waitFor()
  await cap(page).getByText('是不是 line.paid').waitFor()
  await page.keyboard.press('Control+s')
  await page.locator('.pub .rfc').getByText('有 1 处错误').waitFor()

  // unsaved text stays while one looks elsewhere
  await page.getByRole('link', { name: /^B10/ }).click()
  await page.getByRole('heading', { name: '换货' }).waitFor()
  await page.getByRole('link', { name: /^B9/ }).click()
  expect(await text.inputValue()).toContain('line.payd')
  await text.fill(good)
  await page.getByText('✓ 每一句都能算').waitFor()

  // order by the keyboard
  await page.locator('[data-block="part_sent"] .blk-t').focus()
  await page.keyboard.press('Alt+ArrowUp')
  const first = page.locator('#sec-offer .blk').first()
  await page.waitForFunction(() => document.querySelector('#sec-offer .blk')?.getAttribute('data-block') === 'part_sent')
  await page.waitForFunction(() => document.activeElement?.closest('.blk')?.getAttribute('data-block') === 'part_sent')
  await page.keyboard.press('Alt+ArrowDown')
  await page.waitForFunction(() => document.querySelector('#sec-offer .blk')?.getAttribute('data-block') === 'self_repair')
  expect(await first.getAttribute('data-block')).toBe('self_repair')

  // the difference as sentences
  await page.getByRole('button', { name: '改动', exact: true }).click()
  await page.locator('.dif .out').getByText('取小').waitFor()
  await page.locator('.dif .in_').getByText('5%').waitFor()
  expect(await page.locator('.dif').count()).toBe(1)

  // draft, refused for the same person
  await page.keyboard.press('Control+s')
  await page.locator('header .ms.draft').getByText('第 2 版草稿').waitFor()
  await page.getByLabel('改了什么、为什么').fill('自修补偿上限降到 5%')
  await page.keyboard.press('Control+Shift+P')
  await page.locator('.pub .rfc').getByText('不能发布自己编辑的').waitFor()

  // a second person publishes
  const admin = await editor('admin')
  await admin.getByText('您不是起草人').waitFor()
  await admin.getByLabel('改了什么、为什么').fill('自修补偿上限降到 5%')
  await admin.keyboard.press('Control+Shift+P')
  await admin.locator('header .tag').getByText('第 2 版生效中').waitFor()
  await admin.getByRole('button', { name: '版本', exact: true }).click()
  await admin.locator('.his').getByText('自修补偿上限降到 5%').waitFor()
  await admin.getByRole('button', { name: '流程文件', exact: true }).click()
  await admin.locator('article.md').getByText('第 2 版').waitFor()
})

it('the next case follows the new version', async () => {
  await order(w, { orderNo: 'T2001', title: '橡木衣柜', category: 'furniture', paid: 128_000, state: 'signed', bulky: true })
  const page = await w.as('agent')
  const id = await intake(w, page, { orderNo: 'T2001', text: '柜子侧板裂了一条缝', kind: '补偿', reason: '运输破损' })
  await w.call('agent', 'POST', `/shops/qinghe/cases/${id}/classify`, { scenario: 'bulky_damaged' })
  const view = await w.call<Advice>('agent', 'GET', `/shops/qinghe/cases/${id}`)
  expect(view.advice.playbook.version).toBe(2)
  expect(view.advice.ladder.find((it) => it.rung === 'self_repair')?.cap_minor).toBe(6_400)
})

it('makes a condition from fields and takes it away again', async () => {
  const page = await editor('supervisor')
  const when = rung(page).locator('[data-row="when"]')
  await when.locator('.sen').click()
  await when.getByRole('button', { name: '再加一个条件' }).click()
  await when.getByLabel('哪一项事实').fill('order.bulky')
  await when.getByRole('button', { name: '改', exact: false }).first().click()
  await page.getByText('✓ 每一句都能算').waitFor()
  const text = page.getByLabel('bulky_damaged.toml 的原文')
  expect(await text.inputValue()).toContain('when = ["diagnosis.verified", "repair.self_possible", "order.bulky"]')
  await when.getByRole('button', { name: '去掉', exact: true }).nth(2).click()
  await when.getByRole('button', { name: '去掉', exact: true }).nth(2).waitFor({ state: 'detached' })
  expect(await text.inputValue()).toContain('when = ["diagnosis.verified", "repair.self_possible"]')
  await page.getByRole('button', { name: '放弃改动' }).click()
})

it('does not replace a draft that somebody else kept meanwhile, unless one has looked', async () => {
  const page = await editor('supervisor')
  await cap(page).locator('.sen').click()
  await page.getByLabel('上限', { exact: true }).fill('4% of line.paid')
  await page.keyboard.press('Enter')
  await page.getByText('✓ 每一句都能算').waitFor()
  const admin = await editor('admin')
  await rung(admin).locator('[data-row="limit"] .sen').click()
  await admin.getByLabel('硬上限', { exact: true }).fill('20% of line.paid')
  await admin.keyboard.press('Enter')
  await admin.getByText('✓ 每一句都能算').waitFor()
  await admin.keyboard.press('Control+s')
  await admin.locator('header .ms.draft').getByText('第 3 版草稿').waitFor()

  await page.keyboard.press('Control+s')
  await page.locator('.pub .rfc').getByText('刚被别人改过').waitFor()
  await page.getByRole('button', { name: '看过了，用我的替换' }).click()
  await page.locator('header').getByText('有未存的改动').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: '改动', exact: true }).click()
  await page.locator('.dif .in_').getByText('4%').waitFor()
  expect(await page.locator('.dif').count()).toBe(1)
  // thrown away, the version in force is there again
  await page.getByRole('button', { name: '作废草稿' }).click()
  await page.getByRole('button', { name: '确定作废' }).click()
  await page.locator('header .ms.draft').waitFor({ state: 'detached' })
  await cap(page).getByText('5%').waitFor()
})
