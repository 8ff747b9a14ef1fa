// Texts of the side window, English.
import type { Texts } from '../zh/index'
import type { side as zh } from '../zh/side'

export const side: Texts<typeof zh> = {
  title: 'Side window',
  paste: 'Paste an order, a waybill, the last digits of a phone',
  at_once: 'found at once',
  again: 'Search again',
  hint: 'Keep it beside the platform’s own chat: paste any number and see what is due, the next step, and words ready to send. Nothing the platform knows is typed again.',
  found: '{{count}} cases, choose one',
  open_new: 'Open a new problem',
  say: 'Words ready to send',
  next: 'Next step',
  no_next: 'Nothing has to be done right now',
  on_platform: 'Do it in the full case',
  full: 'Full case',
  later: 'Later',
  refunded: 'Refunded',
  on_the_way: 'On its way',
  paid_out: 'Paid out',
  refundable: 'Refundable',
  promise: 'Promise: {{text}}',
}
