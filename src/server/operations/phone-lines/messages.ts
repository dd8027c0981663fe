/** What callers and whoever is rung are told. */
import { catalogue } from '../../platform/messages/catalogue.ts'

export const say = catalogue('phone-lines', {
  greeting: 'This is the on-call line of {line}. Please wait while we reach somebody.',
  'somebody-calls': 'A call on the line {line}. Press 1 to take it.',
  connected: 'You are connected.',
  elsewhere: 'The call is no longer here.',
  missed: 'Nobody could answer. Whoever is on call is being paged now. Leave a message after the tone.',
  thanks: 'Thank you. Goodbye.',
  'needs-gateway': 'No telephone gateway is set (SMS_GATEWAY).',
})
