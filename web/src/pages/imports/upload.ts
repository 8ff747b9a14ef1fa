// A file on its way to the desk, part after part. Owns going on where an upload was cut off; keeps nothing in the browser.
import { post } from '@/api/client'
import { type Job, jobsPath } from './jobs'

/** Bytes of a part, as the desk wants them. */
const PART = 1 << 20

interface Opened {
  id: string
  wants: number
  arrived: number
  state: Job['state']
}

function base64(blob: Blob): Promise<string> {
  return new Promise((done, fail) => {
    const reader = new FileReader()
    reader.onload = () => done(String(reader.result).replace(/^[^,]*,/, ''))
    reader.onerror = () => fail(reader.error ?? new Error('unreadable'))
    reader.readAsDataURL(blob)
  })
}

/** Sends the rest of a file; `told` hears how much has arrived. Answers the job's id. */
export async function upload(
  shop: string,
  file: File,
  going: Job | undefined,
  told: (arrived: number, id: string) => void,
): Promise<string> {
  let at: Opened =
    going ?? (await post<Opened>(jobsPath(shop), { name: file.name, size: file.size }, { key: crypto.randomUUID() }))
  while (at.state === 'uploading') {
    told(at.arrived, at.id)
    const piece = file.slice(at.wants * PART, (at.wants + 1) * PART)
    at = await post<Opened>(jobsPath(shop, `/${at.id}/parts`), { n: at.wants, base64: await base64(piece) })
  }
  return at.id
}
