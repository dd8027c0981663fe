/** Sentences about handing over. */
export const handOver = {
  title: 'Hand-over',
  next: '{incoming} takes over from {outgoing}',
  nobody: 'nobody',
  never: 'Duty does not change hands in the next two months.',
  'no-note': 'Nobody wrote a note for it yet.',
  'written-by': 'written by {name}, {when}',
  write: 'Write note',
  change: 'Change note',
  'for-you': 'You take over {schedule}',
  'form-title': 'Note for who takes over',
  'form-text':
    'Drafted from what is open. It is sent when their shift begins; until then it can be changed. Duty moves by the rota, whether anybody reads it or not.',
  text: 'Note',
  'draft-again': 'Begin again from what is open now',
  save: 'Keep note',
  saved: 'Kept. It is sent on {when}.',
  'saved-sent': 'Kept and sent.',
  earlier: 'Note of {when}',
} as const
