import { renderHook } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { hear, type KeyMap, listed, nameOf, turnKeys, useKeys } from './keys'

const press = (key: string, more: Partial<KeyboardEventInit> & { on?: HTMLElement; keyCode?: number } = {}) => {
  const { on = document.body, ...init } = more
  const event = new KeyboardEvent('keydown', { key, cancelable: true, ...init })
  Object.defineProperty(event, 'target', { value: on })
  hear(event)
  return event
}
function bound(map: KeyMap) {
  return renderHook(() => useKeys(map))
}
function counted(...names: string[]) {
  const pressed: string[] = []
  return { pressed, map: Object.fromEntries(names.map((name) => [name, () => void pressed.push(name)])) }
}

describe('keys', () => {
  it.each([
    ['j', {}, 'j'],
    ['J', { shiftKey: true }, 'Shift+j'],
    ['?', { shiftKey: true }, '?'],
    ['Enter', { ctrlKey: true, shiftKey: true }, 'Ctrl+Shift+Enter'],
    ['k', { metaKey: true }, 'Ctrl+k'],
    ['¡', { altKey: true, code: 'Digit1' }, 'Alt+1'],
  ])('%s is named', (key, held, name) => expect(nameOf(new KeyboardEvent('keydown', { key, ...held }))).toBe(name))

  it('go two by two where a sequence is bound, and alone otherwise', () => {
    const { pressed, map } = counted('g q', '1', 'f 1')
    const { unmount } = bound(map)
    for (const key of ['g', 'q', 'f', '1', '1', 'q']) press(key)
    expect(pressed).toEqual(['g q', 'f 1', '1'])
    unmount()
    press('1')
    expect(pressed).toHaveLength(3)
  })

  it('are silent in fields, while composing, and when turned off; chords are not', () => {
    const { pressed, map } = counted('j', 'Ctrl+Enter')
    const { unmount } = bound(map)
    const field = document.createElement('textarea')
    press('j', { on: field })
    press('j', { isComposing: true })
    turnKeys(false)
    press('j')
    press('Enter', { ctrlKey: true, on: field })
    turnKeys(true)
    expect(pressed).toEqual(['Ctrl+Enter'])
    unmount()
  })

  it('do what came last, and are listed by their labels', () => {
    const said: string[] = []
    const below = bound({ a: { label: 'below', run: () => said.push('below') }, b: { label: 'other', run: () => {} } })
    const above = bound({ a: { label: 'above', run: () => said.push('above') } })
    press('a')
    expect(listed().map((row) => [row.keys, row.label])).toEqual([
      ['A', 'above'],
      ['B', 'other'],
    ])
    above.unmount()
    press('a')
    expect(said).toEqual(['above', 'below'])
    below.unmount()
  })
})
