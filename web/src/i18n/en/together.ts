// Texts of working together: the hold before money leaves. English.
import type { Texts } from '../zh'
import type { together as zh, togetherEvents as zhEvents } from '../zh/together'

export const togetherEvents: Texts<typeof zhEvents> = {
  taken_back: 'Undid {{kind}} {{amount}}; nothing was paid',
  later_written: 'Words to the buyer at {{send_at}}',
  later_changed: 'Scheduled words changed: {{send_at}}',
  later_cancelled: 'Scheduled words cancelled',
  later_held: 'Scheduled words could not leave',
  later_left: 'Scheduled words are due',
}

export const together: Texts<typeof zh> = {
  held: {
    title: 'Money about to leave',
    key: 'Undo the money just sent',
    undo: 'Undo',
    held: '{{what}} {{amount}}',
    in: 'leaves in {{count}} s',
    undoing: 'Undoing {{what}} {{amount}}',
    undone: 'Undone; {{amount}} was not paid',
    left: '{{what}} {{amount}} handed in',
    late: '{{amount}} had left already',
    silent: 'No answer; {{amount}} can be undone again',
  },
  later: {
    title: 'Scheduled words',
    button: 'Later',
    at: 'When',
    hour: 'In 1 hour',
    evening: 'Today 18:00',
    morning: 'Tomorrow 10:00',
    careful: 'If the buyer writes first, keep it for me',
    itself: 'Leaves by itself; the contact rules are asked again then',
    by_hand: 'You are reminded to paste it; the contact rules are asked again then',
    set: 'Schedule',
    leaves: 'Leaves {{at}}',
    held: 'Not sent',
    tries: 'tried {{count}} times',
    again: 'Try now',
    from: 'Send {{at}}',
    edit: 'Change',
    drop: 'Cancel',
    text: 'Text',
    save: 'Save',
  },
}
