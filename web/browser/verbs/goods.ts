// Goods, parcels and the order. Owns these verbs on the screen.
import { act, submit } from '../hands'
import type { Verbs } from '../player'

export const goods: Verbs = {
  async waybill(page, step, sheet) {
    await act(page, '登记退货单号')
    await sheet.getByLabel('快递公司').fill(String(step.carrier))
    await sheet.getByLabel('运单号').fill(String(step.waybill))
    await submit(page)
  },
  async reserve(page, step, sheet) {
    await act(page, '锁库')
    await sheet.getByLabel('商品编码').fill(String(step.sku))
    await sheet.getByLabel('件数').fill(String(step.quantity ?? 1))
    await sheet.getByLabel('锁几小时').fill(String(step.until_h ?? 72))
    await submit(page)
  },
  async send_goods(page, step, sheet) {
    await act(page, '补发换发')
    await sheet
      .getByRole('button', { name: { exchange: '换货', reship: '整件补寄', part: '补寄配件' }[String(step.kind)] ?? '换货' })
      .click()
    await sheet.getByLabel('商品编码').fill(String(step.sku))
    await sheet.getByLabel('件数').fill(String(step.quantity ?? 1))
    if (step.line) await sheet.getByLabel('对应商品行').selectOption(String(step.line))
    await sheet.getByLabel('快递公司').fill(String(step.carrier))
    await sheet.getByLabel('运单号').fill(String(step.waybill))
    await submit(page)
  },
  async freeze(page, step) {
    await act(page, '拦停发货')
    await this.picks(page, step.lines)
    await submit(page)
  },
  async intercept(page) {
    await act(page, '拦截包裹')
    await submit(page)
  },
  async flag(page, step) {
    const names = ['grey', 'red', 'yellow', 'green', 'blue', 'pink']
    const button = page.locator('.flg > button').nth(names.indexOf(String(step.flag)))
    await button.click()
    await page.locator('.flg > button[aria-pressed="true"]').waitFor()
  },
  async remark(page, step) {
    await page
      .locator('.od')
      .getByLabel(/^追加一句/)
      .fill(String(step.text))
    await page.locator('.od').getByRole('button', { name: '追加', exact: true }).click()
    await page.locator('.rmk').getByText(String(step.text)).first().waitFor()
  },
  async change_order(page, step, sheet) {
    await act(page, '改单')
    await sheet.getByLabel('改什么').selectOption(String(step.kind))
    await sheet.getByLabel('改成什么').fill(String(step.text))
    await submit(page)
  },
  async carrier_claim(page, step, sheet) {
    await act(page, '向快递索赔')
    await this.fillMoney(sheet, '金额', step.amount)
    await submit(page)
  },
  async settle_claim(page, step, sheet) {
    await page.locator('.uw').getByRole('button', { name: '登记赔付' }).last().click()
    if (Number(step.paid) === 0) await sheet.getByLabel('快递拒赔').setChecked(true)
    else await sheet.getByLabel('快递赔了多少').fill(String(step.paid))
    await submit(page)
  },
}
