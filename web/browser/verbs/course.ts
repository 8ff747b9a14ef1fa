// Promises, tasks and the course of the case. Owns these verbs on the screen.
import { act, chooseFact, submit } from '../hands'
import type { Verbs } from '../player'
import type { Fields } from '../story'

export const course: Verbs = {
  async promise(page, step, sheet) {
    await act(page, '登记承诺')
    await sheet.getByLabel('承诺什么').fill(String(step.text))
    await sheet.getByLabel('哪个组').selectOption(String(step.team))
    await sheet.getByLabel('几小时内').fill(String(step.due_in_h ?? 24))
    await this.fillMoney(sheet, /^金额/, step.amount)
    await submit(page)
  },
  async keep(page, step, sheet) {
    await page.locator('.uw').getByRole('button', { name: '已兑现' }).last().click()
    await sheet.getByLabel(/^凭据/).fill(String(step.proof))
    await submit(page)
  },
  async renegotiate(page, step, sheet) {
    const buttons = page.locator('.uw').getByRole('button', { name: '改约', exact: true })
    await (typeof step.which === 'number' ? buttons.nth(step.which - 1) : buttons.last()).click()
    await sheet.getByLabel('几小时内').fill(String(step.due_in_h ?? this.hoursTo(step.due_at)))
    await sheet.getByLabel('原因').fill(String(step.reason ?? ''))
    await submit(page)
  },
  async task(page, step, sheet) {
    await act(page, '派任务')
    await sheet.getByLabel('哪个组').selectOption(String(step.team))
    await sheet.getByLabel('几小时内').fill(String(step.due_in_h ?? 24))
    await sheet.getByLabel('要做什么').fill(String(step.text))
    await submit(page)
  },
  async take(page) {
    const buttons = page.locator('.uw').getByRole('button', { name: '领取', exact: true })
    await buttons.last().waitFor()
    const before = await buttons.count()
    await buttons.last().click()
    await page.waitForFunction(
      (count) => [...document.querySelectorAll('.uw button')].filter((it) => it.textContent === '领取').length < count,
      before,
    )
  },
  async done(page, step, sheet) {
    await page.locator('.uw').getByRole('button', { name: '完成', exact: true }).last().waitFor()
    const rows = page.locator('.uw', { hasText: '处理中', has: page.getByRole('button', { name: '完成', exact: true }) })
    const row = (await rows.count())
      ? rows.last()
      : page.locator('.uw', { has: page.getByRole('button', { name: '完成', exact: true }) }).last()
    await row.getByRole('button', { name: '完成', exact: true }).click()
    await sheet.getByLabel('结果', { exact: true }).fill(String(step.note ?? '办好了') || '办好了')
    const given = Object.entries((step.facts ?? {}) as Fields)
    for (const [at, [name, value]] of given.entries()) {
      await chooseFact(sheet, this.facts, name, value)
      if (at < given.length - 1) await sheet.getByRole('button', { name: '再登记一项' }).click()
    }
    await submit(page)
  },
  async cancel_task(page) {
    const buttons = page.locator('.uw').getByRole('button', { name: '取消任务', exact: true })
    await buttons.last().waitFor()
    const before = await buttons.count()
    await buttons.last().click()
    await buttons.nth(before - 1).waitFor({ state: 'detached' })
  },
  async assign(page, step, sheet) {
    await act(page, '转交')
    await sheet.getByLabel('转给').selectOption(String(step.staff))
    await submit(page)
  },
  async wait(page, step, sheet) {
    await act(page, '稍后')
    await sheet.getByLabel('等谁').selectOption(String(step.on))
    await sheet.getByLabel('几小时后提醒').fill(step.until_h === undefined ? '' : String(step.until_h))
    await sheet.getByLabel('原因').fill(String(step.reason ?? ''))
    await submit(page)
  },
  async close(page, step, sheet) {
    await act(page, '归档')
    const result = sheet.getByLabel('处理结果').first()
    await result.selectOption(String(step.result))
    await sheet.getByLabel('怎么确认的').selectOption(String(step.confirmation))
    if (step.satisfaction) await sheet.getByRole('button', { name: `${step.satisfaction} 分` }).click()
    await submit(page)
    await page.getByRole('button', { name: '重新打开' }).waitFor()
  },
  async reopen(page, step, sheet) {
    await page.getByRole('button', { name: '重新打开' }).click()
    const reason = sheet.getByLabel('原因')
    if (await reason.locator(`option[value="${step.reason}"]`).count()) await reason.selectOption(String(step.reason))
    await submit(page)
  },
}
