// Chinese texts. Owns their sum; each file one part of the screen.
import { caseTexts } from './case'
import { events } from './events'
import { keys, palette } from './keys'
import { pages } from './pages'
import { sheets } from './sheets'
import { words } from './words'

export const zh = { ...pages, ...caseTexts, keys, palette, sheet: sheets, events, words }

/** The same keys with any text: what another language has to say. */
export type Texts<T> = { [K in keyof T]: T[K] extends string ? string : Texts<T[K]> }
