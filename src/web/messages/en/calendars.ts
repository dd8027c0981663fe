/** Sentences about duty in one's own calendar. */
export const calendars = {
  title: 'In your calendar',
  empty: 'A secret link shows your shifts in any calendar program, and follows every change of the rota.',
  add: 'Link',
  person: 'My shifts',
  team: 'Team {name}',
  schedule: 'Rota {name}',
  hint: 'ends in …{hint}',
  revoke: 'Revoke',
  'revoke-name': 'Revoke the link to {what} that ends in {hint}',
  revoked: 'Revoked. Calendars that used it show nothing new.',
  'make-title': 'A link for your calendar',
  'make-text': 'Whoever has the link can read it, without signing in. Revoke it when it went astray.',
  of: 'What it shows',
  make: 'Make link',
  made: 'The link is shown this once. Give it to your calendar program as a subscription.',
  done: 'Done',
} as const
