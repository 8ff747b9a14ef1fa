import { describe, expect, it } from 'vitest'
import { Intent } from './intent'

describe('the key of a command', () => {
  it('stays over retries of the same content and is new for everything else', () => {
    const intent = new Intent()
    const first = intent.keyFor({ amount_minor: 5000 })
    expect(intent.keyFor({ amount_minor: 5000 })).toBe(first)
    const changed = intent.keyFor({ amount_minor: 4000 })
    expect(changed).not.toBe(first)
    intent.done()
    expect(intent.keyFor({ amount_minor: 4000 })).not.toBe(changed)
  })
})
