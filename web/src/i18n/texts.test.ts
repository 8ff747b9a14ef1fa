// Texts: nothing hard-coded on the screen, a sentence for every event of the desk, both languages with the same facts.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { en } from './en'
import { zh } from './zh'

function files(folder: string, fits: RegExp): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? files(path, fits) : fits.test(path) ? [path] : []
  })
}

const flat = (texts: object, at = ''): [string, string][] =>
  Object.entries(texts).flatMap(([key, text]) =>
    typeof text === 'string' ? [[`${at}${key}`, text]] : flat(text, `${at}${key}.`),
  )

describe('texts', () => {
  it('name the same facts in both languages', () => {
    const facts = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((hit) => hit[1]).sort()
    const english = new Map(flat(en))
    for (const [key, text] of flat(zh)) expect([key, facts(english.get(key) ?? '')]).toEqual([key, facts(text)])
  })

  it('stand in the catalogues, not in the screens', () => {
    const screens = files('src', /\.tsx?$/).filter((path) => !/i18n|\.test\.|src\/test/.test(path))
    const written = screens.flatMap((path) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .map((line) => line.replace(/\/\/.*|\/\*.*?\*\/|^\s*\*.*/g, ''))
        // The numerals of vouchers are characters, not words.
        .filter((line) => /[\u4e00-\u9fff]/.test(line) && !path.endsWith('parts/money.ts'))
        .map((line) => `${path}: ${line.trim()}`),
    )
    expect(written).toEqual([])
  })

  it('say every event of the desk as a sentence', () => {
    const rust = files('../crates/app/src', /\.rs$/)
      .map((path) => readFileSync(path, 'utf8'))
      .join('\n')
    const kinds = [
      ...rust.matchAll(
        /(?:\.event\(\s*|moved\(change, |events\.push\(\(|vec!\[\(\s*|=> (?="(?:refund|payout)_))"([a-z]+_[a-z_]+)"/g,
      ),
    ].map((hit) => hit[1] ?? '')
    expect(kinds.length).toBeGreaterThan(10)
    const unsaid = [...new Set(kinds)].filter(
      (kind) => !(kind in zh.events) && !['contact_in', 'contact_out', 'note_added'].includes(kind),
    )
    expect(unsaid).toEqual([])
  })
})
