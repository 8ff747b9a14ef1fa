// Drafts of cases left and come back to, and the case that was open last. In memory only: they quote buyers.
import type { CaseAt } from '@/api/useCommand'
import type { Draft } from './Composer'

export const kept = new Map<string, Draft>()

let last: { at: CaseAt; title: string } | undefined

export const visit = (at: CaseAt, title: string): void => {
  last = { at, title }
}

/** Where a text found elsewhere would be written into. */
export const lastCase = () => last
