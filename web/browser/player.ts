// Plays a story on the screen: what staff do by clicks, what the world does by its own interfaces. Owns the verbs that have a page of their own; those of the case stand in `verbs/`.
import type { Locator, Page } from 'playwright-core'
import { line, mood, pickLines } from './hands'
import type { Fields, Story } from './story'
import { instant } from './times'
import { course } from './verbs/course'
import { goods } from './verbs/goods'
import { money } from './verbs/money'
import { talk } from './verbs/talk'
import type { World } from './world'

interface View {
  case: { id: string; open: boolean; stage: string; result: string; version: number }
  advice?: {
    scripts?: { id: string; title: { zh: string }; missing?: string[] }[]
    ladder: { rung: string; title: { zh: string }; possible?: boolean | null }[]
    closing?: { results: { id: string; title: { zh: string } }[] }
  }
  order?: { lines: { line_no: number; title: string }[] } | null
}

interface FactRow {
  name: string
  zh: string
  type: string
  values: { code: string; zh: string }[]
}

/** Who does it when the story does not say. */
const USUALLY: Record<string, string> = {
  approve: 'lead',
  decline: 'lead',
  refuse_request: 'supervisor',
  settle: 'finance',
  keep: 'finance',
  take: 'warehouse',
  done: 'warehouse',
  scan: 'warehouse',
  inspect: 'warehouse',
  send_goods: 'warehouse',
  carrier_claim: 'parcel_desk',
  settle_claim: 'parcel_desk',
  take_over: 'night',
}

export const actor = (step: Fields): string => String(step.as ?? USUALLY[String(step.do)] ?? 'agent')

/** The verbs of the case, each a few clicks in the open form. */
export type Verbs = Record<string, (this: Player, page: Page, step: Fields, sheet: Locator) => Promise<void>>

export class Player {
  facts: FactRow[] = []
  caseId = ''

  constructor(
    readonly world: World,
    readonly story: Story,
    readonly shop: string,
  ) {}

  async view(): Promise<View> {
    return this.world.call<View>('admin', 'GET', `/shops/${this.shop}/cases/${this.caseId}`)
  }

  /** Carries out one step of the case on the screen of whoever does it. */
  async play(step: Fields): Promise<void> {
    if (this.facts.length === 0) this.facts = await this.world.call<FactRow[]>('admin', 'GET', '/facts')
    const who = actor(step)
    const page = await this.world.as(who)
    const verb = String(step.do)
    if (verb === 'open') return this.open(page, step)
    if (verb === 'scan') return this.scan(page, step)
    if (verb === 'inspect') return this.inspect(page, step)
    if (verb === 'handover') return this.handover(page, step)
    if (verb === 'take_over') return this.takeOver(page)
    const address = `${this.world.base}/cases/${this.shop}/${this.caseId}`
    if (page.url() !== address) await page.goto(address)
    await page.locator('.cmain').waitFor()
    const play = this.verbs[verb]
    if (!play) throw new Error(`no hand for ${verb}`)
    await play.call(this, page, step, page.locator('form.sheet'))
  }

  word(fact: string, code: unknown): string {
    return this.facts.find((it) => it.name === fact)?.values.find((it) => it.code === code)?.zh ?? String(code)
  }

  mark(mark: string): string {
    return this.facts.find((it) => it.name === mark || it.name === `contact.${mark}`)?.zh ?? mark
  }

  async open(page: Page, step: Fields): Promise<void> {
    const request = (step.request ?? {}) as Fields
    await page.goto(`${this.world.base}/new`)
    await page.getByLabel('订单号').fill(String(step.order ?? ''))
    if (step.order) await page.getByText('找到订单').waitFor()
    const channel =
      { chat: '平台聊天', phone: '电话', mail: '邮件', platform: '平台申请' }[String(step.channel ?? 'chat')] ?? '平台聊天'
    await page.getByRole('button', { name: channel, exact: true }).click()
    if (step.external_ref) await page.getByLabel('平台售后单号').fill(String(step.external_ref))
    await page.getByLabel('买家怎么说').fill(String(step.text ?? ''))
    if (request.kind) {
      await page.getByLabel('诉求类型').selectOption(String(request.kind))
      await page.getByLabel('原因').fill(this.word('request.problem', request.reason))
      if (request.amount !== undefined) await page.getByLabel('金额').fill(String(request.amount))
      await pickLines(page, line(request.lines), (no) => this.title(step.order, no))
    }
    if (step.emotion || step.severity || step.scenario) await page.getByText('分类（系统会自动建议').click()
    if (step.emotion) await page.getByLabel('情绪').selectOption(mood(step.emotion))
    if (step.severity) await page.getByLabel('轻重').selectOption(String(step.severity))
    if (step.scenario) await page.getByLabel('场景').selectOption(String(step.scenario))
    await page.getByRole('button', { name: '登记并打开' }).click()
    await page.waitForURL(/\/cases\//)
    this.caseId = page.url().split('/').at(-1) ?? ''
  }

  title(orderNo: unknown, no: number): string {
    const orders = [...(this.story.given?.order ?? []), ...this.story.step.filter((it) => it.do === 'order')]
    const order = orders.find((it) => it.order === orderNo) ?? orders[0]
    const row = (order?.lines as Fields[] | undefined)?.[no - 1]
    return String(row?.title ?? row?.sku ?? '')
  }

  /** Begins with a script, which brings its marks; the words are the story's own. */
  async pickScript(page: Page, id: string): Promise<void> {
    const { advice } = await this.view()
    const script = advice?.scripts?.find((it) => it.id === id && !it.missing?.length)
    if (!script) return
    const box = page.locator('.cmp')
    await box.getByRole('button', { name: '发给买家', exact: true }).click()
    await box.getByRole('button', { name: /^选话术/ }).click()
    await box.locator('.scripts input').fill(script.title.zh)
    await box.locator('.scripts li > button').first().click()
  }

  async scan(page: Page, step: Fields): Promise<void> {
    await page.goto(`${this.world.base}/receiving`)
    await page.getByLabel('运单号', { exact: true }).fill(String(step.waybill))
    await page.getByRole('button', { name: '对单' }).click()
    await page.locator('.ib').waitFor()
  }

  async inspect(page: Page, step: Fields): Promise<void> {
    const words: Record<string, string> = {
      good: '良品',
      not_intact: '不完好',
      damaged: '破损',
      wrong: '非本店商品',
      missing: '缺失',
    }
    const pieces = page.locator('.piece')
    let at = 0
    for (const unit of step.units as Fields[]) {
      for (let n = 0; n < Number(unit.quantity ?? 1); n++, at++) {
        const piece = pieces.nth(at)
        await piece.getByRole('button', { name: words[String(unit.condition)], exact: true }).click()
        if (unit.note) await piece.getByLabel('说明', { exact: true }).fill(String(unit.note))
      }
    }
    await page.getByLabel('照片张数').fill(String(step.photos ?? 2))
    if (step.video !== false) await page.getByText('已录验收视频', { exact: true }).click()
    await page.getByRole('button', { name: /完成验收/ }).click()
    await page.locator('.ib').waitFor({ state: 'detached' })
  }

  async handover(page: Page, step: Fields): Promise<void> {
    // The page offers one's own cases.
    await page.goto(`${this.world.base}/cases/${this.shop}/${this.caseId}`)
    await page.locator('.cmain').waitFor()
    const mine = page.getByRole('button', { name: '我来办' })
    if (await mine.count()) {
      await mine.click()
      await mine.waitFor({ state: 'detached' })
    }
    await page.goto(`${this.world.base}/handover`)
    if (step.to) await page.getByLabel('交给').selectOption(String(step.to))
    const hand = page.getByRole('button', { name: /^交出 [1-9]/ })
    await page.getByText(/^我要交的 [1-9]/).waitFor()
    await hand.click()
    await page.getByText('没有等人接的单').waitFor({ state: 'detached' })
  }

  async takeOver(page: Page): Promise<void> {
    await page.goto(`${this.world.base}/handover`)
    const take = page.getByRole('button', { name: '接下', exact: true })
    await take.first().click()
    await take.first().waitFor({ state: 'detached' })
  }

  /** Forms ask for whole hours from now. */
  hoursTo(text: unknown): number {
    return Math.ceil((instant(String(text), this.world.now(), Date.parse(this.story.start)) - this.world.now()) / 3_600_000)
  }

  async fillMoney(sheet: Locator, label: string | RegExp, amount: unknown): Promise<void> {
    if (amount !== undefined) await sheet.getByLabel(label).fill(String(amount))
  }

  picks(page: Page, lines: unknown): Promise<void> {
    return lines === undefined
      ? Promise.resolve()
      : pickLines(page.locator('form.sheet'), line(lines), (no) => this.title(undefined, no))
  }

  readonly verbs: Verbs = { ...talk, ...money, ...goods, ...course }
}
