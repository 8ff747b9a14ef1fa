// The buyer's own page. Owns the frame: the shop's name, the language, one view at a time, the buttons at the foot.
import '../styles/tokens.css'
import './portal.css'
import { caseFoot, caseView } from './case'
import { type Child, h, show } from './dom'
import { findView } from './find'
import { orderFoot, orderView } from './order'
import { reportFoot, reportView } from './report'
import { draw, onChange, refresh, state, wentBack } from './state'
import { language, switchLanguage, texts } from './words'

const VIEWS: Record<typeof state.view, [() => HTMLElement, () => Child[]]> = {
  find: [findView, () => []],
  order: [orderView, orderFoot],
  case: [caseView, caseFoot],
  report: [reportView, reportFoot],
}

const root = document.getElementById('portal') as HTMLElement

function head(): HTMLElement {
  const turn = () => {
    switchLanguage()
    state.note = ''
    state.trouble = ''
    draw()
  }
  const other = language() === 'zh-CN' ? 'en' : 'zh-CN'
  return h(
    'header',
    { class: 'head' },
    h(
      'div',
      { class: 'row' },
      h('span', { class: 'name grow' }, state.page?.shop.title ?? texts().title),
      h('button', { type: 'button', class: 'lang', lang: other, onclick: turn }, texts().switch_to),
    ),
  )
}

onChange((moved) => {
  const focused = document.activeElement?.id
  const [view, foot] = VIEWS[state.view]
  document.documentElement.lang = language()
  document.title = texts().title
  const feet = foot()
  show(root, head(), view(), feet.length > 0 && h('footer', { class: 'foot' }, h('div', { class: 'row' }, ...feet)))
  if (moved) {
    if ((state.view === 'case' || state.view === 'report') && !history.state?.inside) history.pushState({ inside: true }, '')
    window.scrollTo(0, 0)
    root.querySelector('h1')?.focus()
  } else if (focused) document.getElementById(focused)?.focus()
})

const dark = window.matchMedia('(prefers-color-scheme: dark)')
const dress = () => document.documentElement.setAttribute('data-theme', dark.matches ? 'dark' : 'light')
dress()
dark.addEventListener?.('change', dress)

window.addEventListener('popstate', wentBack)

// Whoever comes back to the page sees what has happened meanwhile; what is being written is left alone.
document.addEventListener('visibilitychange', () => {
  const idle = !state.busy && (state.view === 'order' || state.view === 'case') && !document.querySelector('textarea')
  if (document.visibilityState === 'visible' && state.page && idle)
    refresh().then(
      () => draw(),
      () => undefined,
    )
})

draw()
