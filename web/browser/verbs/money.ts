// What is asked, offered, approved and paid. Owns these verbs on the screen.
import { act, line, submit } from '../hands'
import type { Verbs } from '../player'
import { instant, wall } from '../times'

export const money: Verbs = {
  async request(page, step, sheet) {
    await act(page, '登记诉求')
    await sheet.getByLabel('诉求类型').selectOption(String(step.kind))
    await sheet.getByLabel('原因').fill(this.word('request.problem', step.reason))
    await this.fillMoney(sheet, /^金额/, step.amount)
    await this.picks(page, step.lines)
    await submit(page)
  },
  async withdraw(page) {
    await page.locator('.rq').getByRole('button', { name: '买家撤回' }).last().click()
    await page.locator('.rq').getByText('已撤回').first().waitFor()
  },
  async change(page, step, sheet) {
    await page.locator('.rq').getByRole('button', { name: '修改', exact: true }).last().click()
    if (step.kind) await sheet.getByLabel('诉求类型').selectOption(String(step.kind))
    await this.fillMoney(sheet, /^金额/, step.amount)
    await submit(page)
  },
  async refuse_request(page, step, sheet) {
    await page.locator('.rq').getByRole('button', { name: '拒绝申请' }).last().click()
    await sheet.getByLabel('原因').fill(String(step.reason))
    const proof = sheet.getByLabel('凭证')
    if (step.proof && (await proof.locator('option').count()) > 1) await proof.selectOption({ index: 1 })
    await submit(page)
  },
  async agree(page, step, sheet) {
    await act(page, '同意退货')
    const method =
      { self_sent: '买家寄回', pickup: '上门取件', none: '不用寄回' }[String(step.method ?? 'self_sent')] ?? '买家寄回'
    await sheet.getByRole('button', { name: method }).click()
    await submit(page)
  },
  async offer(page, step, sheet) {
    const { advice } = await this.view()
    const rung = advice?.ladder.find((it) => it.rung === step.rung)
    // A rung that is left out of the list can still be offered in words of one's own.
    if (rung && rung.possible !== false) {
      await page.locator('li.rg', { hasText: rung.title.zh }).first().getByRole('button', { name: '提出' }).click()
    } else {
      await act(page, '提方案')
      await sheet.getByLabel('解决方案').selectOption(String(step.remedy))
    }
    if (step.means) await sheet.getByLabel('方式').selectOption(String(step.means))
    await this.fillMoney(sheet, '金额', step.amount)
    if (step.by_when)
      await sheet
        .getByLabel('最晚什么时候办好')
        .fill(wall(instant(String(step.by_when), this.world.now(), Date.parse(this.story.start))))
    for (const [name, label] of [
      ['what', '我们做什么'],
      ['why', '为什么是这个'],
      ['buyer_must', '买家要做什么'],
      ['follows', '之后会怎样'],
    ] as const) {
      const field = sheet.getByLabel(label)
      if (step[name]) await field.fill(String(step[name]))
      else if ((await field.inputValue()) === '') await field.fill('照我们说好的办')
    }
    await this.picks(page, step.lines)
    await sheet.locator('footer .btn.pri').click()
    await page.locator('form.sheet[aria-label="发出方案"], form.sheet[aria-label="申请审批"]').waitFor()
  },
  async send(page, step, sheet) {
    const ready = page.locator('form.sheet[aria-label="发出方案"]')
    if (!(await ready.count())) await page.locator('.uw').getByRole('button', { name: '发出方案' }).last().click()
    await sheet.getByLabel('几小时内有效').fill(String(step.valid_for_h ?? 48))
    await submit(page)
  },
  async answer(page, step) {
    const yes = step.answer === 'accepted'
    const buttons = page.locator('.uw').getByRole('button', { name: yes ? '买家接受' : '买家拒绝' })
    await buttons.last().waitFor()
    const before = await buttons.count()
    await buttons.last().click()
    await page.waitForFunction(
      ([name, count]) =>
        [...document.querySelectorAll('.uw button')].filter((it) => it.textContent === name).length < Number(count),
      [yes ? '买家接受' : '买家拒绝', before] as const,
    )
  },
  async ask(page, step, sheet) {
    if (!(await page.locator('form.sheet[aria-label="申请审批"]').count())) {
      if (step.subject === 'offer') await page.locator('.uw').getByRole('button', { name: '申请审批' }).last().click()
      else await act(page, '申请审批')
    }
    const subject = sheet.getByLabel('审批什么')
    if (await subject.count()) await subject.selectOption(String(step.subject))
    await this.fillMoney(sheet, '金额', step.amount)
    await sheet.getByLabel('为什么值得').fill(String(step.note ?? '') || '比另一条路便宜')
    await submit(page)
  },
  async approve(page, step) {
    const row = page.locator('.uw', { hasText: '待审批' }).last()
    await row.getByRole('button', { name: '同意', exact: true }).click()
    await row.getByLabel('附言').fill(String(step.note ?? ''))
    await row.getByRole('button', { name: /^同意 ¥/ }).click()
    await page.locator('.uw', { hasText: '已同意' }).first().waitFor()
  },
  async refund(page, step, sheet) {
    await act(page, '退款')
    const lines = line(step.lines)
    await this.picks(page, step.lines)
    const part = lines.reduce((sum, it) => sum + (it.amount ?? 0), 0)
    if (part > 0) {
      await sheet.getByLabel('只退一部分').fill(part.toFixed(2))
      const keeps = sheet.getByLabel('货留给买家')
      await keeps.setChecked(lines.every((it) => it.quantity === 0))
    }
    if (step.freight !== undefined) await sheet.getByLabel('退运费').fill(String(step.freight))
    await sheet.getByLabel('原因').fill(String(step.reason ?? '退款'))
    await sheet.locator('.comp').waitFor()
    const seen = sheet.getByLabel('我已看到此前赔付')
    if (await seen.count()) await seen.setChecked(true)
    if (step.before_return) await sheet.getByLabel('货还没收回').setChecked(true)
    await submit(page, true)
  },
  async payout(page, step, sheet) {
    await act(page, '赔付')
    await sheet.getByLabel('方式').selectOption(String(step.means))
    await this.fillMoney(sheet, '金额', step.amount)
    await sheet.getByLabel('给买家的话').fill(String(step.reason ?? ''))
    await sheet.getByLabel('谁来打').selectOption(String(step.payer ?? 'platform'))
    if (step.due_in_h) await sheet.getByLabel('财务几小时内打款').fill(String(step.due_in_h))
    await submit(page, true)
  },
  async settle(page, step, sheet) {
    const done = (step.outcome ?? 'succeeded') === 'succeeded'
    await page
      .locator('.uw')
      .getByRole('button', { name: done ? '已办成，填流水号' : '没有办成' })
      .last()
      .click()
    await sheet.getByLabel('流水号').fill(String(step.serial ?? 'LS-1'))
    if (step.note) await sheet.getByLabel('说明').fill(String(step.note))
    await submit(page)
  },
}
