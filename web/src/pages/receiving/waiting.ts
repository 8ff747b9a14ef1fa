// Scans that could not be sent: numbers of parcels only, kept until the desk answers again. Owns their number, their keys and their order;
// each is sent under the key it was first sent with, so that none is booked twice.
import { useCallback, useEffect, useRef, useState } from 'react'
import { post, Unreachable } from '@/api/client'

const PLACE = 'aftercare.scans'
/** More than a warehouse scans in an hour; beyond it the page says stop. */
export const MOST = 500
const AGAIN_MS = 5_000

export interface Waiting {
  shop: string
  waybill: string
  key: string
}

const read = (): Waiting[] => {
  try {
    const kept = JSON.parse(localStorage.getItem(PLACE) ?? '[]') as unknown
    return Array.isArray(kept) ? (kept as Waiting[]) : []
  } catch {
    return []
  }
}
const write = (all: Waiting[]): void =>
  all.length ? localStorage.setItem(PLACE, JSON.stringify(all)) : localStorage.removeItem(PLACE)

/** Puts a scan down; false when there is no room. The same parcel waits once. */
export function putDown(scan: Waiting): boolean {
  const all = read()
  if (all.some((it) => it.shop === scan.shop && it.waybill === scan.waybill)) return true
  if (all.length >= MOST) return false
  write([...all, scan])
  return true
}

/** Sends what waits, oldest first, until there is no answer again. A clear no ends its scan too: the parcel is in somebody's hands. */
export async function sendAll(send: (scan: Waiting) => Promise<unknown>): Promise<number> {
  let sent = 0
  for (const scan of read()) {
    try {
      await send(scan)
    } catch (problem) {
      if (problem instanceof Unreachable) break
    }
    write(read().filter((it) => it.key !== scan.key))
    sent += 1
  }
  return sent
}

/** How many scans wait; they are sent as soon as the desk answers. */
export function useWaiting(onSent: () => void): { count: number; put: (scan: Waiting) => boolean } {
  const [count, setCount] = useState(() => read().length)
  const busy = useRef(false)
  const told = useRef(onSent)
  told.current = onSent
  const flush = useCallback(async () => {
    if (busy.current || read().length === 0) return
    busy.current = true
    const sent = await sendAll(({ shop, waybill, key }) => post(`/shops/${shop}/returns/scan`, { waybill }, { key }))
    busy.current = false
    setCount(read().length)
    if (sent) told.current()
  }, [])
  useEffect(() => {
    const again = setInterval(() => void flush(), AGAIN_MS)
    const now = () => void flush()
    window.addEventListener('online', now)
    void flush()
    return () => {
      clearInterval(again)
      window.removeEventListener('online', now)
    }
  }, [flush])
  const put = (scan: Waiting) => {
    const kept = putDown(scan)
    setCount(read().length)
    return kept
  }
  return { count, put }
}
