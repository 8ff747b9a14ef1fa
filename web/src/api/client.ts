// The one way to the desk's API. Owns headers, errors and the desk's clock; knows no page and keeps nothing personal.
import { language } from '@/i18n/language'

/** A clear no of the desk: stable code, facts, and a text in the reader's language. Nothing was changed. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly params: Record<string, string>,
    message: string,
  ) {
    super(message)
  }
}

/** No answer came: the command may or may not have been carried out. Repeating it with the same key is safe. */
export class Unreachable extends Error {}

export interface Write {
  /** Names the intent: the same key on a repeat of the same intent. */
  key: string
  /** The version of the case that the person saw. */
  version?: number
}

const ROOT = '/api/v1'

/** Milliseconds the desk's clock is ahead of this machine's; refreshed by every answer. */
let ahead = 0
const listeners = new Set<() => void>()

/** The desk's time in epoch milliseconds; a desk with a hand-moved clock is followed too. */
export const deskNow = (): number => Date.now() + ahead

/** Called whenever the desk's clock turns out to have moved by more than a second. */
export function onClockMoved(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

let signedOut: () => void = () => {}

/** What happens when the desk says that nobody is signed in. */
export function onSignedOut(then: () => void): void {
  signedOut = then
}

let lessAllowed: () => void = () => {}

/** What happens when the desk refuses what the screen thought allowed: the role may have changed meanwhile. */
export function onNotAllowed(then: () => void): void {
  lessAllowed = then
}

/** Asks once what runs now is done: a key press paints before its page's questions go out. */
export const get = async <T>(path: string, signal?: AbortSignal): Promise<T> => {
  await new Promise((then) => setTimeout(then))
  return call<T>('GET', path, undefined, {}, signal)
}

export const post = <T>(path: string, body: unknown, write?: Write): Promise<T> => {
  const headers: Record<string, string> = { 'X-Requested-With': 'aftercare' }
  if (write) headers['Idempotency-Key'] = write.key
  if (write?.version !== undefined) headers['If-Match'] = String(write.version)
  return call<T>('POST', path, body, headers)
}

/** Says something while the page is being left; no answer is waited for. */
export const farewell = (path: string, body: unknown): void => {
  const headers = { 'Content-Type': 'application/json', 'X-Requested-With': 'aftercare' }
  fetch(ROOT + path, { method: 'POST', headers, body: JSON.stringify(body), credentials: 'same-origin', keepalive: true }).catch(
    () => {},
  )
}

export const remove = <T>(path: string): Promise<T> =>
  call<T>('DELETE', path, undefined, { 'X-Requested-With': 'aftercare', 'Idempotency-Key': crypto.randomUUID() })

/** A document that is not JSON. */
export async function text(path: string, signal?: AbortSignal): Promise<string> {
  const answer = await reach('GET', path, undefined, {}, signal)
  return answer.text()
}

/** Where a file of the API can be linked to. */
export const href = (path: string): string => ROOT + path

async function call<T>(
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
  signal?: AbortSignal,
): Promise<T> {
  const answer = await reach(method, path, body, headers, signal)
  const content = await answer.text()
  return (content ? JSON.parse(content) : {}) as T
}

async function reach(method: string, path: string, body: unknown, extra: Record<string, string>, signal?: AbortSignal) {
  const headers: Record<string, string> = { 'Accept-Language': language(), ...extra }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  let answer: Response
  try {
    answer = await fetch(ROOT + path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      credentials: 'same-origin',
      ...(signal ? { signal } : {}),
    })
  } catch (problem) {
    if (signal?.aborted) throw problem
    throw new Unreachable(String(problem))
  }
  follow(answer.headers.get('X-Desk-Time'))
  if (answer.ok) return answer
  throw await refusal(answer)
}

function follow(time: string | null): void {
  if (!time) return
  const next = Date.parse(time) - Date.now()
  if (Number.isNaN(next)) return
  const moved = Math.abs(next - ahead) > 1000
  ahead = next
  if (moved) for (const listener of listeners) listener()
}

async function refusal(answer: Response): Promise<Error> {
  const said = (await answer.json().catch(() => null)) as {
    code?: string
    params?: Record<string, string>
    message?: string
  } | null
  if (!said?.code) return new Unreachable(`HTTP ${answer.status}`)
  if (said.code === 'not_signed_in') signedOut()
  if (said.code === 'not_allowed') lessAllowed()
  return new Refused(answer.status, said.code, said.params ?? {}, said.message ?? said.code)
}
