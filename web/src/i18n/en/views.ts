// Texts of saved views and of narrowing the queue, English.
import type { Texts, zh } from '../zh'

export const views: Texts<typeof zh.views> = {
  own: 'Saved views',
  shared_mark: 'shared',
  filter: 'Filter',
  keys: 'Go to a saved view',
  shop_keys: 'Go to a shop',
  scenario: 'Scenario',
  any: 'Any',
  least: 'Amount from',
  most: 'Amount to',
  severity: 'Severity',
  or_worse: '{{level}} or worse',
  unowned: 'Nobody’s',
  sort: 'Order',
  order_amount: 'By amount, largest first',
  by_time: 'By time',
  by_amount: 'By amount',
  keep: 'Keep as a view',
  name: 'Name',
  name_first: 'Give it a name first',
  shared: 'For everybody',
  save: 'Keep',
  drop: 'Remove “{{name}}”',
}
