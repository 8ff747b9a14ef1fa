// Which language the person reads. Owns the stored choice; holds no texts.

export type Language = 'zh' | 'en'

const PLACE = 'aftercare.language'

let current: Language = stored()

function stored(): Language {
  const kept = globalThis.localStorage?.getItem(PLACE)
  return kept === 'en' ? 'en' : 'zh'
}

/** Chinese unless English was chosen. */
export const language = (): Language => current

export function keepLanguage(next: Language): void {
  current = next
  localStorage.setItem(PLACE, next)
}
