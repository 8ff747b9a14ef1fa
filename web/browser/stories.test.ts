// The suite's stories, worked to their end on the screen: what staff do is played by clicks. Owns which stories cannot be, and why.
import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { actor, Player } from './player'
import { type Fields, Outside, readStory, type Story } from './story'
import { type World, world } from './world'

const STORIES = readdirSync('../stories')
  .filter((name) => name.endsWith('.toml'))
  .map((name) => name.replace('.toml', ''))
  .sort()
/** What the story runner asks and a person at the screen does not. */
const QUESTIONS = new Set(['check', 'preview', 'expect'])
/** Steps that nobody takes at a screen. */
const NOT_BY_HAND: Record<string, string> = {
  together: 'several clients send the same call at once',
  restart: 'the program is stopped and started again',
  call: 'the API itself is asked',
}
const SHOP = 'qinghe'

/** Why a story is not played; nothing when it is. */
function reason(story: Story): string | undefined {
  const verb = story.step.map((step) => String(step.do)).find((it) => it in NOT_BY_HAND)
  return verb && NOT_BY_HAND[verb]
}

for (const name of STORIES) {
  const story = readStory(name)
  const why = reason(story)
  if (why) it.skip(`${name}: not played, ${why}`, () => undefined)
  else it.concurrent(name, () => play(story))
}

async function play(story: Story): Promise<void> {
  // Refusals are the runner's to try, and a call sent again with its key; the screen does what is allowed, once.
  const repeated = (step: Fields, at: number) => step.key && story.step.findIndex((it) => it.key === step.key) < at
  const steps = story.step.filter((step, at) => !step.refused && !repeated(step, at) && !QUESTIONS.has(String(step.do)))
  const roles = [...new Set(['agent', 'admin', ...steps.map(actor)])]
  const desk = await world({ start: story.start, roles, shop: SHOP })
  try {
    const outside = new Outside(desk, story, SHOP)
    const player = new Player(desk, story, SHOP)
    await outside.given()
    for (const [at, step] of steps.entries()) {
      await take(desk, outside, player, step).catch(async (problem: Error) => {
        await shot(desk, actor(step))
        throw new Error(`step ${at + 1}, ${step.do}: ${problem.message}`)
      })
    }
    const end = await player.view()
    // A case opened after the last end stays open.
    const closes = steps.findLast((step) => step.do === 'close' || step.do === 'open' || step.do === 'reopen')
    if (closes?.do === 'close') expect([end.case.open, end.case.result]).toEqual([false, closes.result])
  } finally {
    await desk.end()
  }
}

/** What the one who failed was looking at, in the folder named by `AFTERCARE_SHOTS`. */
async function shot(desk: World, who: string): Promise<void> {
  const folder = process.env.AFTERCARE_SHOTS
  if (!folder) return
  const page = await desk.as(who)
  await page.screenshot({ path: `${folder}/${Date.now()}-${who}.png` })
}

async function take(desk: World, outside: Outside, player: Player, step: Fields): Promise<void> {
  await outside.timePasses(step)
  if (!(await outside.plays(step))) await player.play(step)
  // What became due by it, and the platform's callbacks, come before the next step.
  await desk.settle()
}
