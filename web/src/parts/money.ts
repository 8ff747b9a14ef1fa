// Money as people read it. Owns formats of minor units; computes nothing about money.
import { language } from '@/i18n/language'

const digits = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** `123456` → `1,234.56`; absent shows as a dash, which is not zero. */
export function amount(minor: number | null | undefined): string {
  return minor === null || minor === undefined ? '—' : digits.format(minor / 100)
}

/** `123456` → `¥1,234.56`. */
export function yuan(minor: number | null | undefined, currency = 'CNY'): string {
  const sign = currency === 'CNY' ? '¥' : currency === 'GBP' ? '£' : `${currency} `
  return minor === null || minor === undefined ? '—' : sign + digits.format(minor / 100)
}

/** What a person typed as an amount, in minor units; nothing when it is no amount. Absent and zero differ. */
export function typedMinor(text: string): number | undefined {
  const plain = text.trim().replace(/[,，¥￥\s]/g, '')
  if (!/^\d{1,9}(\.\d{0,2})?$/.test(plain)) return undefined
  const [whole = '0', part = ''] = plain.split('.')
  return Number(whole) * 100 + Number(part.padEnd(2, '0'))
}

/** Minor units as they stand in a field. */
export const typed = (minor: number | null | undefined): string =>
  minor === null || minor === undefined ? '' : (minor / 100).toFixed(2)

const NUMERALS = '零壹贰叁肆伍陆柒捌玖'
const PLACES = ['', '拾', '佰', '仟']
const GROUPS = ['', '万', '亿']

function group(number: number): string {
  let text = ''
  let gap = false
  for (let place = 3; place >= 0; place--) {
    const digit = Math.floor(number / 10 ** place) % 10
    if (digit === 0) {
      gap = text !== ''
    } else {
      text += (gap ? '零' : '') + NUMERALS[digit] + PLACES[place]
      gap = false
    }
  }
  return text
}

/** The amount in capital numerals as on Chinese vouchers; in English plain digits with the currency. */
export function inWords(minor: number): string {
  if (language() === 'en') return `CNY ${digits.format(minor / 100)}`
  const whole = Math.floor(minor / 100)
  const [jiao, fen] = [Math.floor(minor / 10) % 10, minor % 10]
  let text = ''
  for (let at = 2; at >= 0; at--) {
    const part = Math.floor(whole / 10 ** (at * 4)) % 10_000
    if (part === 0) continue
    text += (text !== '' && part < 1000 ? '零' : '') + group(part) + GROUPS[at]
  }
  text = text === '' ? (jiao || fen ? '' : '零元') : `${text}元`
  if (!jiao && !fen) return `${text}整`
  return text + (jiao ? `${NUMERALS[jiao]}角` : text ? '零' : '') + (fen ? `${NUMERALS[fen]}分` : '')
}
