// F, then a digit: the order's flag; Ctrl Alt and the digit the same in one chord. Owns the keys; what is flagged is the page's.
import { FLAGS } from '@/api/commands'
import { t } from '@/i18n'
import type { KeyMap } from './keys'

export const flagKeys = (set: (name: (typeof FLAGS)[number]) => void): KeyMap =>
  Object.fromEntries(
    FLAGS.flatMap((name, color) => {
      const run = () => set(name)
      const listed = { label: t('keys.flag'), shown: 'F 0–5 · Ctrl Alt 0–5', run }
      return [
        [`f ${color}`, color === 1 ? listed : run],
        [`Ctrl+Alt+${color}`, run],
      ]
    }),
  )
