// English texts: every key of the Chinese ones, or it does not compile.
import type { Texts, zh } from '../zh'
import { caseTexts } from './case'
import { events } from './events'
import { keys, palette } from './keys'
import { pages } from './pages'
import { sheets } from './sheets'
import { words } from './words'

export const en: Texts<typeof zh> = { ...pages, ...caseTexts, keys, palette, sheet: sheets, events, words }
