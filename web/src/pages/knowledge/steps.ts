// The steps of a macro in words. Owns the sentence of each and what a new one starts as.
import { valueWord } from '@/api/catalogue'
import { FLAGS } from '@/api/commands'
import type { Entry, Step } from '@/api/knowledge'
import { t, word } from '@/i18n'
import { language } from '@/i18n/language'

/** What people call a text, in their language. */
export const titleOf = (entry: Entry): string => (language() === 'en' && entry.content.title_en) || entry.content.title_zh

export const STEP_KINDS = ['note', 'remark', 'flag', 'class', 'assign', 'wait'] as const
export type StepKind = (typeof STEP_KINDS)[number]
/** As many as the desk takes. */
export const MOST_STEPS = 8

export const flagWord = (flag: string): string => word('flag', String(FLAGS.indexOf(flag as (typeof FLAGS)[number])))

export function fresh(kind: StepKind): Step {
  switch (kind) {
    case 'note':
    case 'remark':
      return { do: kind, text: '' }
    case 'flag':
      return { do: 'flag', flag: 'red' }
    case 'class':
      return { do: 'class', class: 'product' }
    case 'assign':
      return { do: 'assign', to: 'me' }
    case 'wait':
      return { do: 'wait', on: 'buyer', until_h: 24, reason: '' }
  }
}

/** Whether nothing of it is left open. */
export const isWhole = (step: Step): boolean =>
  !('text' in step && !step.text.trim()) && !('reason' in step && (!step.reason.trim() || !(step.until_h >= 1)))

export function stepWord(step: Step): string {
  switch (step.do) {
    case 'note':
      return t('together.step.note', { text: step.text })
    case 'remark':
      return t('together.step.remark', { text: step.text })
    case 'flag':
      return t('together.step.flag', { flag: flagWord(step.flag) })
    case 'class':
      return t('together.step.class', { class: valueWord('case.class', step.class) })
    case 'assign':
      return step.to === 'me' ? t('together.step.mine') : t('together.step.assign', { to: step.to })
    case 'wait':
      return t('together.step.wait', { on: word('party', step.on), hours: step.until_h, reason: step.reason })
  }
}
