// Texts of the buyer's page: both languages with the same keys and facts, a word for everything the desk can say.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { portal as en } from '@/i18n/en/portal'
import { portal as zh } from '@/i18n/zh/portal'

const flat = (texts: object, at = ''): [string, string][] =>
  Object.entries(texts).flatMap(([key, text]) => (typeof text === 'string' ? [[at + key, text]] : flat(text, `${at}${key}.`)))
const facts = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((hit) => hit[1]).sort()

it('says the same in both languages', () => {
  const said = (texts: object) => flat(texts).map(([key, text]) => [key, facts(text)])
  expect(said(en)).toEqual(said(zh))
})

it('has words for every step and every next thing that the desk tells a buyer', () => {
  const view = readFileSync('../crates/app/src/portal/view.rs', 'utf8')
  const told = view.slice(view.indexOf('const TOLD'), view.indexOf('];', view.indexOf('const TOLD')))
  const steps = [...told.matchAll(/\("(\w+)",/g)].map((hit) => hit[1])
  expect(steps.length).toBeGreaterThan(10)
  expect(steps.filter((step) => !(String(step) in zh.steps))).toEqual([])
  const domain = readFileSync('../crates/domain/src/portal.rs', 'utf8')
  const next = [...domain.matchAll(/^ {8}\w+, "(\w+)", "/gm)].map((hit) => hit[1])
  expect(next.length).toBe(10)
  expect(next.filter((what) => !(String(what) in zh.next))).toEqual([])
})
