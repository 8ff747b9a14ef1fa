// Photos are made smaller on the device, which also leaves out where and with what they were taken. Owns sizes and the thumbnails.

/** Photos handed in at once. */
export const PHOTOS = 6
/** Bytes of one photo. */
const BYTES = 300 * 1024
const SIDES = [1600, 1200, 900, 640]
const QUALITIES = [0.82, 0.7, 0.55]

export interface Photo {
  base64: string
  /** For the thumbnail. */
  url: string
}

async function picture(file: Blob): Promise<ImageBitmap | HTMLImageElement> {
  if (typeof createImageBitmap === 'function') {
    try {
      return await createImageBitmap(file, { imageOrientation: 'from-image' })
    } catch {
      // some web views only read pictures through an element
    }
  }
  const url = URL.createObjectURL(file)
  try {
    return await new Promise((done, fail) => {
      const image = new Image()
      image.onload = () => done(image)
      image.onerror = () => fail(new Error('unreadable'))
      image.src = url
    })
  } finally {
    URL.revokeObjectURL(url)
  }
}

const jpeg = (canvas: HTMLCanvasElement, quality: number): Promise<Blob | null> =>
  new Promise((done) => canvas.toBlob(done, 'image/jpeg', quality))

/** The picture as a JPEG of at most 300 KB; fails for what is no picture. */
export async function smaller(file: Blob): Promise<Photo> {
  const image = await picture(file)
  const canvas = document.createElement('canvas')
  let best: Blob | null = null
  for (const side of SIDES) {
    const scale = Math.min(1, side / Math.max(image.width, image.height))
    canvas.width = Math.max(1, Math.round(image.width * scale))
    canvas.height = Math.max(1, Math.round(image.height * scale))
    const on = canvas.getContext('2d')
    if (!on) throw new Error('unreadable')
    on.fillStyle = '#fff'
    on.fillRect(0, 0, canvas.width, canvas.height)
    on.drawImage(image, 0, 0, canvas.width, canvas.height)
    for (const quality of QUALITIES) {
      best = await jpeg(canvas, quality)
      if (best && best.size <= BYTES) return { base64: await text(best), url: URL.createObjectURL(best) }
    }
  }
  throw new Error('unreadable')
}

const text = (blob: Blob): Promise<string> =>
  new Promise((done, fail) => {
    const reader = new FileReader()
    reader.onload = () => done(String(reader.result).split(',')[1] ?? '')
    reader.onerror = () => fail(new Error('unreadable'))
    reader.readAsDataURL(blob)
  })
