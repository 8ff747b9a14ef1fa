// Every scenario's typical case, worked to its end on the screen: the suite's story files, played by clicks.
import { readdirSync } from 'node:fs'
import { afterEach, expect, it } from 'vitest'
import { actor, Player } from './player'
import { Outside, readStory } from './story'
import { type World, world } from './world'

/** The scenarios' stories of the suite. */
const SCENARIOS = readdirSync('../stories')
  .filter((name) => /^b\d\d_.*\.toml$/.test(name))
  .map((name) => name.replace('.toml', ''))
  .sort()
/** What the story runner asks and a person at the screen does not. */
const QUESTIONS = new Set(['check', 'preview', 'expect', 'call', 'together', 'faults', 'callbacks', 'restart'])
const SHOP = 'qinghe'

let w: World | undefined
afterEach(async () => {
  await w?.end()
  w = undefined
})

it.each(SCENARIOS)('%s', async (name) => {
  const story = readStory(name)
  // Refusals are the runner's to try; the screen does what is allowed.
  const steps = story.step.filter((step) => !step.refused && !QUESTIONS.has(String(step.do)))
  const roles = [...new Set(['agent', 'admin', ...steps.map(actor)])]
  w = await world({ start: story.start, roles, shop: SHOP })
  const outside = new Outside(w, story, SHOP)
  const player = new Player(w, story, SHOP)
  await outside.given()
  for (const [at, step] of steps.entries()) {
    try {
      await outside.timePasses(step)
      if (!(await outside.plays(step))) await player.play(step)
      // What became due by it happens before the next step, as with a clock that runs.
      await w.moveTo(w.now())
    } catch (problem) {
      throw new Error(`step ${at + 1}, ${step.do}: ${problem instanceof Error ? problem.message : problem}`)
    }
  }
  const end = await player.view()
  const closes = steps.findLast((step) => step.do === 'close')
  expect([end.case.open, end.case.result]).toEqual([false, closes?.result])
})
