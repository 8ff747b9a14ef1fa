import { expect, it } from 'vitest'
import { entire, Scanned } from './useScanner'

function type(keys: string, gap: number, end = 'Enter'): string | undefined {
  const scanned = new Scanned()
  let now = 1000
  for (const key of keys) {
    now += gap
    const code = /\d/.test(key) ? `Digit${key}` : `Key${key}`
    expect(scanned.press({ code, key: 'Process' }, now)).toBeUndefined()
  }
  return scanned.press({ code: end, key: end }, now + gap)
}

it('reads a waybill that comes as fast as a scanner, whatever the input method makes of the keys', () => {
  expect(type('SF1234567890', 8)).toBe('SF1234567890')
  expect(type('YT883620471195', 30, 'Tab')).toBe('YT883620471195')
})
it('hears through the Shift of a capital letter', () => {
  const scanned = new Scanned()
  let now = 1000
  for (const key of 'SF1234') {
    scanned.press({ code: 'ShiftLeft', key: 'Shift' }, now + 1)
    now += 8
    scanned.press({ code: /\d/.test(key) ? `Digit${key}` : `Key${key}`, key }, now)
  }
  expect(scanned.press({ code: 'Enter', key: 'Enter' }, now + 8)).toBe('SF1234')
})
it('takes the whole number of a scanner that paused in the middle', () => {
  const field = document.createElement('input')
  field.value = 'zt99887766'
  expect(entire('887766', field)).toBe('zt99887766')
  field.value = '中'
  expect(entire('ZT99887766', field)).toBe('ZT99887766')
  expect(entire('ZT99887766', document.body)).toBe('ZT99887766')
})
it('leaves a key after a burst alone', () => {
  const scanned = new Scanned()
  for (let at = 0; at < 5; at++) scanned.press({ code: 'Digit1', key: '1' }, 1000 + at * 5)
  expect(scanned.running()).toBe(true)
  scanned.press({ code: 'Backspace', key: 'Backspace' }, 2000)
  expect(scanned.running()).toBe(false)
})
it('leaves typing by hand alone', () => expect(type('SF1234567890', 60)).toBeUndefined())
it('leaves short bursts alone', () => expect(type('SF12', 8)).toBeUndefined())
