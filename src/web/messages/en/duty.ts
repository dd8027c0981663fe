/** Who is on call, in words; apart, because the home view needs no more of the on-call views. */
export const duty = {
  next: 'Next',
  until: 'until {when}',
  from: 'from {when}',
  nobody: 'Nobody',
  'nobody-now': 'Nobody is on call',
  'nobody-text': 'Pages go to the fallback.',
  'on-purpose': 'on purpose',
  you: 'you',
  'by-override': 'override',
  'answers-for': 'for {name}',
} as const
