// Texts of the screen in the reader's language. Owns how they are looked up; the words stand in zh/ and en/.
import i18next from 'i18next'
import { en } from './en/index'
import { keepLanguage, type Language, language } from './language'
import { zh } from './zh/index'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof zh }
  }
}

void i18next.init({
  lng: language(),
  fallbackLng: 'zh',
  resources: { zh: { translation: zh }, en: { translation: en } },
  interpolation: { escapeValue: false },
  returnNull: false,
  initAsync: false,
})

export function setLanguage(next: Language): void {
  keepLanguage(next)
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en'
  void i18next.changeLanguage(next)
}

/** A text that the desk sends in both languages. */
export type Both = { zh: string; en: string } | string | null | undefined

export function both(text: Both): string {
  if (!text) return ''
  return typeof text === 'string' ? text : text[language()]
}

/** Texts in the language of now: put together once, for a page asks for hundreds of them and mostly with the same values. */
const kept = new Map<string, string>()
/** Then all are forgotten: values are without end. */
const MOST_KEPT = 5_000
i18next.on('languageChanged', () => kept.clear())

function keep(key: string, look: () => string): string {
  const known = kept.get(key)
  if (known !== undefined) return known
  const text = look()
  if (kept.size >= MOST_KEPT) kept.clear()
  kept.set(key, text)
  return text
}

/** A text that need not be there; otherwise what is given. */
export const textOr = (key: string, otherwise: string): string =>
  keep(`${key}|${otherwise}`, () => i18next.t(key as never, { defaultValue: otherwise }) as string)

/** The word for a code of the desk; a code without a word shows as itself. */
export const word = (kind: string, code: string | null | undefined): string =>
  code ? textOr(`words.${kind}.${code.replaceAll('.', '_')}`, code) : ''

const look = i18next.t.bind(i18next)

/** A text by its key, with the values that stand in it. */
export const t = ((key: string, values?: Record<string, unknown>) =>
  keep(values ? key + JSON.stringify(values) : key, () =>
    String(look(key as never, values as never)),
  )) as unknown as typeof i18next.t

const texts = { t }

/** The texts, for a component. The whole screen is mounted anew when the language changes (see main.tsx), so nothing is listened to. */
export const useTranslation = (): typeof texts => texts

/** Hears of another language. */
export function onLanguage(heard: () => void): () => void {
  i18next.on('languageChanged', heard)
  return () => i18next.off('languageChanged', heard)
}

export default i18next
