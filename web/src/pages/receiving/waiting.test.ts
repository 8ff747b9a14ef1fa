import { beforeEach, expect, it } from 'vitest'
import { Refused, Unreachable } from '@/api/client'
import { MOST, putDown, sendAll, type Waiting } from './waiting'

const scan = (n: number): Waiting => ({ shop: 'tm', waybill: `SF${n}`, key: `k${n}` })
beforeEach(() => localStorage.clear())

it('keeps numbers only, each parcel once, and no more than there is room for', () => {
  for (let n = 0; n < MOST; n++) expect(putDown(scan(n))).toBe(true)
  expect(putDown({ ...scan(3), key: 'another' })).toBe(true)
  expect(putDown(scan(MOST))).toBe(false)
  const kept = JSON.parse(localStorage.getItem('aftercare.scans') ?? '[]') as Waiting[]
  expect(kept.length).toBe(MOST)
  expect(Object.keys(kept[0] ?? {}).sort()).toEqual(['key', 'shop', 'waybill'])
})

it('sends in order under the first keys and stops where no answer comes', async () => {
  for (let n = 0; n < 4; n++) putDown(scan(n))
  const sent: string[] = []
  const send = async (it: Waiting) => {
    if (it.key === 'k2') throw new Unreachable('no')
    sent.push(it.key)
    if (it.key === 'k1') throw new Refused(404, 'not_found', {}, 'no')
  }
  expect(await sendAll(send)).toBe(2)
  expect(sent).toEqual(['k0', 'k1'])
  expect(await sendAll(async (it) => sent.push(it.key))).toBe(2)
  expect(sent).toEqual(['k0', 'k1', 'k2', 'k3'])
  expect(localStorage.getItem('aftercare.scans')).toBeNull()
})
