// Talk and finding out: words, evidence, facts, cause. Owns these verbs on the screen.
import { act, chooseFact, composer, mood, submit } from '../hands'
import type { Verbs } from '../player'
import type { Fields } from '../story'

export const talk: Verbs = {
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
}
