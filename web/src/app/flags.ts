// F, then a digit: the order's flag. Owns the two keys; what is flagged is the page's.
import { FLAGS } from '@/api/commands'
import { t } from '@/i18n'
import type { KeyMap } from './keys'

export const flagKeys = (set: (name: (typeof FLAGS)[number]) => void): KeyMap =>
  Object.fromEntries(
    FLAGS.map((name, color) => {
      const run = () => set(name)
      return [`f ${color}`, color === 1 ? { label: t('keys.flag'), shown: 'F 0–5', run } : run]
    }),
  )
