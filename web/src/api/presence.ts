// Being on a case. Owns the signs of life and who else is there; nothing waits for it, and what fails is tried with the next sign.
import { useEffect, useState } from 'react'
import { useAfterPaint } from '@/parts/afterPaint'
import { farewell, post } from './client'
import { onPresence } from './live'
import type { Here, Person } from './together'
import { type CaseAt, casePath } from './useCommand'

/** Well within the time a sign lasts. */
const EVERY_MS = 20_000
/** Whoever has not typed for this long is looking only. */
const RESTS_MS = 15_000

const sign = (at: CaseAt, doing: 'looking' | 'replying') => post<Here>(casePath(at, 'presence'), { doing })

/** Says that one is here, or writing as long as `text` changes; answers the others. */
export function usePresence(at: CaseAt, id: string | undefined, text: string): Person[] {
  const [people, setPeople] = useState<Person[]>([])
  const replying = useTyping(text)
  useAfterPaint(() => {
    let gone = false
    const say = () => {
      if (document.visibilityState === 'hidden') return
      sign(at, replying ? 'replying' : 'looking').then(
        (here) => gone || setPeople(here.people),
        () => {},
      )
    }
    say()
    const repeating = setInterval(say, EVERY_MS)
    document.addEventListener('visibilitychange', say)
    return () => {
      gone = true
      clearInterval(repeating)
      document.removeEventListener('visibilitychange', say)
    }
  }, [at, replying])
  useEffect(() => onPresence((here) => here.case_id === at.id && setPeople(here.people)), [at])
  useAfterPaint(() => {
    const leave = () => farewell(casePath(at, 'presence'), { doing: 'left' })
    window.addEventListener('pagehide', leave)
    return () => {
      window.removeEventListener('pagehide', leave)
      leave()
    }
  }, [at])
  return people.filter((one) => one.staff_id !== id)
}

function useTyping(text: string): boolean {
  const [typing, setTyping] = useState(false)
  useEffect(() => {
    if (!text) return setTyping(false)
    setTyping(true)
    const rest = setTimeout(() => setTyping(false), RESTS_MS)
    return () => clearTimeout(rest)
  }, [text])
  return typing
}
