/** What the page of an invitation says. */
import { catalogue } from '../../platform/messages/catalogue.ts'

export const say = catalogue('accounts', {
  'invitation-title': 'Set your password',
  welcome: 'Welcome to Fortnight',
  'sign-in-as': 'You sign in as {handle}.',
  'choose-password': 'Choose a password of at least twelve characters.',
  password: 'Password',
  'set-password': 'Set password and sign in',
})
