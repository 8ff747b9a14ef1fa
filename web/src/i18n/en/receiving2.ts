// English texts of scanning: what is heard twice, unfinished, or cannot be sent.
import type { Texts } from '../zh/index'
import type { receiving2 as zh } from '../zh/receiving2'

export const receiving2: Texts<typeof zh> = {
  again: '{{waybill}} was just scanned: it is the parcel in hand; nothing was booked twice',
  unfinished: 'The parcel in hand is not finished. Press Enter first, then scan {{waybill}}',
  kept: 'No network: {{waybill}} is kept here and sent by itself later, once',
  full: '{{most}} scans are kept here already; {{waybill}} was not taken down. Wait for the network',
  offline: 'Offline: {{count}} scans to be sent (at most {{most}}). Numbers only; they are sent by themselves',
  next: 'On the shelf of unknown parcels; next one',
  seen: '{{count}} scanned',
  over: '{{count}} scanned, {{due}} expected; count them',
}
