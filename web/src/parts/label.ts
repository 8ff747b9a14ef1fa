// What a clock is called. Owns the choice between the desk's label and the screen's word for its kind.
import type { Both } from '@/i18n'
import { both, word } from '@/i18n'
import { language } from '@/i18n/language'

/** The label as the playbook gives it; one given in Chinese only is told by its kind to others. */
export function clockLabel(deadline: { label?: Both; clock: string }): string {
  const kind = word('clock', deadline.clock)
  if (language() !== 'zh' && typeof deadline.label === 'string' && kind !== deadline.clock) return kind
  return both(deadline.label) || kind
}
