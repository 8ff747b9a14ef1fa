// Texts of the screen in the reader's language. Owns how they are looked up; the words stand in zh/ and en/.
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en } from './en/index'
import { keepLanguage, type Language, language } from './language'
import { zh } from './zh/index'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof zh }
  }
}

void i18next.use(initReactI18next).init({
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

/** The word for a code of the desk; a code without a word shows as itself. */
export function word(kind: string, code: string | null | undefined): string {
  if (!code) return ''
  return i18next.t(`words.${kind}.${code.replaceAll('.', '_')}` as never, { defaultValue: code }) as string
}

export const t = i18next.t.bind(i18next)
export default i18next
