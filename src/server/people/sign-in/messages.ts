/** What the demo's door says. */
import { catalogue } from '../../platform/messages/catalogue.ts'

export const say = catalogue('sign-in', {
  'demo-title': 'Fortnight demo',
  'demo-who': 'Who do you want to be?',
  'demo-text': 'Everybody here is invented, and everything can be tried.',
  'contact-of': 'contact of {customer}',
})
