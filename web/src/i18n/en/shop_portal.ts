// Texts of the workbench about the buyer's own page, English.
import type { Texts } from '../zh'
import type { shopPortal as zh } from '../zh/shop_portal'

export const shopPortal: Texts<typeof zh> = {
  portal_settings: {
    title: 'Buyer’s own page',
    note: 'With the order number and the last four digits of the phone, buyers see progress, report problems with photos and answer offers. Off by default.',
    on: 'The page is on',
    marketplace: 'Also serve orders of {{platform}}',
    marketplace_note: 'A marketplace may count a link of the shop’s own as leading its buyers away; read its rules first.',
    address: 'Address for buyers',
  },
  portal_reply: { send: 'Send to the buyer’s page' },
}
