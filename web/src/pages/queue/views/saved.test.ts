import { describe, expect, it } from 'vitest'
import { asked, plain, readNarrow, type SavedView, searchOf } from './saved'

const saved = (shows: SavedView['shows']): SavedView => ({ id: 'v', name: '小额', shared: false, removable: true, shows })

describe('a saved view', () => {
  it('is an address, and the address is asked as it is', () => {
    const search = searchOf(saved({ view: 'all', shop: null, narrow: { most_minor: 0, unowned: false }, sort: 'amount' }))
    expect(search).toEqual({ view: 'all', narrow: { most_minor: 0 }, sort: 'amount', saved: 'v' })
    expect(asked(search.narrow, search.sort)).toEqual({ most_minor: '0', sort: 'amount' })
    expect(asked({ scenarios: ['a', 'b'], unowned: true }, 'time')).toEqual({ scenarios: 'a,b', unowned: 'true' })
  })

  it('says nothing where nothing is narrowed', () => {
    expect(plain({ scenarios: [], unowned: false, severity: null })).toBeUndefined()
    expect(searchOf(saved({ view: 'mine' })).narrow).toBeUndefined()
  })

  it('reads from an address only what can be meant', () => {
    expect(readNarrow('x')).toBeUndefined()
    expect(readNarrow({ least_minor: -1, most_minor: 2.5, severity: 7, unowned: 'yes', scenarios: [1, 'a'] })).toEqual({
      scenarios: ['a'],
    })
  })
})
