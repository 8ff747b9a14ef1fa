// Texts of answering a buyer's request, English.
import type { Texts } from '../zh'
import type { answer as zh } from '../zh/answer'

export const answer: Texts<typeof zh> = {
  title: 'Answer the request',
  proposed: 'Chosen for: {{why}}; may be changed',
  by_facts: 'the facts recorded',
  do: 'Answer the request',
  note: 'This request has had no answer, so the case cannot be closed; where it was made on the platform, the platform decides at zero. Choose an answer, then close.',
  follows: 'Closing comes next. A buyer who does not agree may change the request, and the case goes back to negotiation.',
  agree: 'Agree to what was asked',
  agree_why: 'Opens the return, refund or payout form; amounts are checked first',
  agree_do: 'Agree',
  terms: 'Propose other terms',
  terms_why: 'Send another offer; accepted, it is the answer',
  terms_do: 'Make an offer',
  refuse: 'Refuse, with the reason',
  refuse_why: 'The reason is kept with the case; a request on the platform is refused there too, and the buyer reads why',
  refuse_do: 'Refuse',
  ask_withdraw: 'Ask the buyer to take it back',
  ask_withdraw_why: 'Puts the words into the reply, to be changed before they leave; nobody is pressed',
  ask_withdraw_do: 'Write',
  withdrawn: 'The buyer took it back',
  withdrawn_why: 'Withdrawn on the platform, or no longer wanted: record it',
  withdrawn_do: 'Record it',
}
