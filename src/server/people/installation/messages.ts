/** What the setup page says. */
import { catalogue } from '../../platform/messages/catalogue.ts'

export const say = catalogue('installation', {
  'setup-title': 'Set up Fortnight',
  'setup-text': 'You become the first administrator. Everybody else is invited by you.',
  'setup-do': 'Create the administrator',
  'setup-faulty': 'Nothing was created yet. Please look at the fields marked red.',
  organisation: 'Your organisation',
  name: 'Your name',
  handle: 'Handle',
  'handle-hint': 'Short, lower case: what you sign in with.',
  email: 'E-mail address',
  password: 'Password',
  'password-hint': 'At least twelve characters; a few words in a row are fine.',
  zone: 'Time zone',
  'zone-hint': 'Such as Europe/Stockholm.',
})
