// English texts of the person behind a buyer: identities, marks, history.
import type { Texts } from '../zh/index'
import type { person as zh } from '../zh/person'

export const person: Texts<typeof zh> = {
  kind: { risk: 'Risk note', block: 'Block list' },
  signal: {
    account: 'same account',
    phone: 'same phone',
    phone_tail: 'same end of phone',
    name: 'same name',
    order: 'same order',
  },
  maybe: 'Perhaps the same person: {{who}} ({{shop}})',
  because: 'Because of: {{signals}}',
  more: '{{count}} more may be the same person',
  same: 'Same person',
  apart: 'No',
  also: 'Same person: {{who}} ({{shop}})',
  said: 'said {{who}}, {{at}}',
  undo: 'Undo',
  history: '{{count}} other cases of this person',
  mark: 'Mark the buyer',
  mark_by: '{{who}}, {{at}}; ends {{until}}',
  decides_nothing: 'For people to read; nothing is refused by it.',
  reason: 'Reason',
  reason_place: 'What happened, and what to mind',
  days: 'Ends after so many days (365 at most)',
  set: 'Mark',
  end: 'Lift',
  erased: 'The buyer’s data was erased',
}
