import { describe, expect, it } from 'vitest'
import { Refused, Unreachable } from '@/api/client'
import { endOf } from './held'

describe('an undo that was not done', () => {
  it('says that money has left only when the desk says so', () => {
    const refused = (code: string) => endOf(new Refused(409, code, {}, ''))
    expect(refused('already_left')).toBe('late')
    expect(refused('effect_ended')).toBe('undone')
    expect([refused('not_signed_in'), refused('busy'), endOf(new Unreachable())]).toEqual(['silent', 'silent', 'silent'])
  })
})
