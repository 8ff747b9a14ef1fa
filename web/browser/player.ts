// Plays a story on the screen: what staff do by clicks, what the world does by its own interfaces. Owns the verbs of the case.
import type { Locator, Page } from 'playwright-core'
import { act, chooseFact, composer, line, type Picks, pickLines, submit } from './hands'
import type { Fields, Story } from './story'
import { instant, wall } from './times'
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

/** The screen has one word for each of these. */
const mood = (of: unknown): string => ({ worried: 'anxious', furious: 'angry' })[String(of)] ?? String(of)

export const actor = (step: Fields): string => String(step.as ?? USUALLY[String(step.do)] ?? 'agent')

export class Player {
  private facts: FactRow[] = []
  caseId = ''

  constructor(
    private readonly world: World,
    private readonly story: Story,
    private readonly shop: string,
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

  private word(fact: string, code: unknown): string {
    return this.facts.find((it) => it.name === fact)?.values.find((it) => it.code === code)?.zh ?? String(code)
  }

  private mark(mark: string): string {
    return this.facts.find((it) => it.name === mark || it.name === `contact.${mark}`)?.zh ?? mark
  }

  private async open(page: Page, step: Fields): Promise<void> {
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

  private title(orderNo: unknown, no: number): string {
    const orders = [...(this.story.given?.order ?? []), ...this.story.step.filter((it) => it.do === 'order')]
    const order = orders.find((it) => it.order === orderNo) ?? orders[0]
    const row = (order?.lines as Fields[] | undefined)?.[no - 1]
    return String(row?.title ?? row?.sku ?? '')
  }

  /** Begins with a script, which brings its marks; the words are the story's own. */
  private async pickScript(page: Page, id: string): Promise<void> {
    const { advice } = await this.view()
    const script = advice?.scripts?.find((it) => it.id === id && !it.missing?.length)
    if (!script) return
    const box = page.locator('.cmp')
    await box.getByRole('button', { name: '发给买家', exact: true }).click()
    await box.getByRole('button', { name: /^选话术/ }).click()
    await box.locator('.scripts input').fill(script.title.zh)
    await box.locator('.scripts li > button').first().click()
  }

  private async scan(page: Page, step: Fields): Promise<void> {
    await page.goto(`${this.world.base}/receiving`)
    await page.getByLabel('运单号', { exact: true }).fill(String(step.waybill))
    await page.getByRole('button', { name: '对单' }).click()
    await page.locator('.ib').waitFor()
  }

  private async inspect(page: Page, step: Fields): Promise<void> {
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

  private async handover(page: Page, step: Fields): Promise<void> {
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

  private async takeOver(page: Page): Promise<void> {
    await page.goto(`${this.world.base}/handover`)
    const take = page.getByRole('button', { name: '接下', exact: true })
    await take.first().click()
    await take.first().waitFor({ state: 'detached' })
  }

  /** Forms ask for whole hours from now. */
  private hoursTo(text: unknown): number {
    return Math.ceil((instant(String(text), this.world.now(), Date.parse(this.story.start)) - this.world.now()) / 3_600_000)
  }

  private async fillMoney(sheet: Locator, label: string | RegExp, amount: unknown): Promise<void> {
    if (amount !== undefined) await sheet.getByLabel(label).fill(String(amount))
  }

  private picks(page: Page, lines: unknown): Promise<void> {
    return lines === undefined
      ? Promise.resolve()
      : pickLines(page.locator('form.sheet'), line(lines), (no) => this.title(undefined, no))
  }

  private readonly verbs: Record<string, (this: Player, page: Page, step: Fields, sheet: Locator) => Promise<void>> = {
    async say(page, step) {
      if (step.script) await this.pickScript(page, String(step.script))
      await composer(
        page,
        '发给买家',
        String(step.text),
        ((step.marks as string[]) ?? []).map((it) => this.mark(it)),
        String(step.channel ?? 'chat'),
      )
    },
    async hear(page, step) {
      await composer(
        page,
        '买家说的',
        String(step.text),
        ((step.marks as string[]) ?? []).map((it) => this.mark(it)),
        String(step.channel ?? 'chat'),
      )
    },
    async note(page, step) {
      await composer(
        page,
        '内部备注',
        String(step.text),
        ((step.marks as string[]) ?? []).map((it) => this.mark(it)),
      )
    },
    async diagnose(page, step, sheet) {
      await act(page, '定责')
      await sheet.getByLabel('原因').selectOption(String(step.cause))
      await sheet.getByLabel('责任方', { exact: true }).selectOption(String(step.party))
      if (step.note) await sheet.getByLabel('说明').fill(String(step.note))
      await submit(page)
    },
    async facts(page, step, sheet) {
      await act(page, '登记查明的情况')
      const given = Object.entries(step.facts as Fields)
      for (const [at, [name, value]] of given.entries()) {
        await chooseFact(sheet, this.facts, name, value)
        if (at < given.length - 1) await sheet.getByRole('button', { name: '再登记一项' }).click()
      }
      await submit(page)
    },
    async classify(page, step, sheet) {
      await act(page, '分类')
      if (step.scenario) await sheet.getByLabel('场景').selectOption(String(step.scenario))
      if (step.severity) await sheet.getByLabel('轻重').selectOption(String(step.severity))
      if (step.emotion) await sheet.getByLabel('情绪').selectOption(mood(step.emotion))
      if (step.class) await sheet.getByLabel('投诉大类').selectOption(String(step.class))
      await submit(page)
    },
    async evidence(page, step, sheet) {
      await act(page, '凭证')
      await sheet.getByLabel('名称').fill(String(step.name ?? 'photo.jpg'))
      await sheet.getByLabel('类型').selectOption(String(step.kind ?? 'photo'))
      await sheet.getByLabel('谁给的').selectOption(String(step.giver ?? 'buyer'))
      await submit(page)
    },
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
    async change(page, step, sheet) {
      await page.locator('.rq').getByRole('button', { name: '修改', exact: true }).last().click()
      if (step.kind) await sheet.getByLabel('诉求类型').selectOption(String(step.kind))
      await this.fillMoney(sheet, /^金额/, step.amount)
      await submit(page)
    },
    async cancel_task(page) {
      const buttons = page.locator('.uw').getByRole('button', { name: '取消任务', exact: true })
      const before = await buttons.count()
      await buttons.last().click()
      await buttons.nth(before - 1).waitFor({ state: 'detached' })
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
      const before = await buttons.count()
      await buttons.last().click()
      await page.waitForFunction(
        (count) => [...document.querySelectorAll('.uw button')].filter((it) => it.textContent === '领取').length < count,
        before,
      )
    },
    async done(page, step, sheet) {
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
}

export type { Picks }
