// English texts: every key of the Chinese ones, or it does not compile.
import type { Texts, zh } from '../zh'
import { answer } from './answer'
import { board } from './board'
import { bulk } from './bulk'
import { caseTexts } from './case'
import { door } from './door'
import { editor } from './editor'
import { events } from './events'
import { imports } from './imports'
import { insight } from './insight'
import { keys, palette } from './keys'
import { knowledge } from './knowledge'
import { pack } from './pack'
import { pages } from './pages'
import { person } from './person'
import { receiving2 } from './receiving2'
import { sheets } from './sheets'
import { shopPortal } from './shop_portal'
import { side } from './side'
import { together, togetherEvents } from './together'
import { views } from './views'
import { webhooks } from './webhooks'
import { words } from './words'

export const en: Texts<typeof zh> = {
  ...pages,
  ...caseTexts,
  ...shopPortal,
  ...insight,
  answer,
  board,
  bulk,
  door,
  editor,
  imports,
  keys,
  knowledge,
  pack,
  palette,
  person,
  receiving2,
  side,
  sheet: sheets,
  together,
  events: { ...events, ...togetherEvents },
  views,
  webhooks,
  words,
}
