// English texts: every key of the Chinese ones, or it does not compile.
import type { Texts, zh } from '../zh'
import { caseTexts } from './case'
import { editor } from './editor'
import { events } from './events'
import { knowledge } from './knowledge'
import { pages } from './pages'
import { sheets } from './sheets'
import { words } from './words'

export const en: Texts<typeof zh> = { ...pages, ...caseTexts, editor, knowledge, sheet: sheets, events, words }
