// Commands and questions of working together: words that leave later. Owns addresses and shapes.
import type { Both } from '@/i18n'
import type { CaseCommand } from './commands'

const on = <B>(path: string): CaseCommand<B> => ({ path, versioned: false })
type Empty = Record<string, never>

/** Words that have neither left nor been cancelled. */
export interface Later {
  id: string
  channel: string
  /** Leaves by itself; else it lies ready to be pasted at its time. */
  by_itself: boolean
  text?: string | null
  send_at: string
  unless_answered: boolean
  state: 'waiting' | 'held'
  reasons: { code: string; message: Both }[]
  allowed_from?: string | null
  /** Times at which it could not leave. */
  tries: number
  actor?: string | null
}

export const sendLater = on<{
  channel: string
  text: string
  marks?: string[]
  script?: string
  knowledge?: string
  send_at: string
  unless_answered: boolean
}>('later')
/** Without a time: now. */
export const changeLater = (id: string) => on<{ text?: string; send_at?: string }>(`later/${id}/change`)
export const cancelLater = (id: string) => on<Empty>(`later/${id}/cancel`)
