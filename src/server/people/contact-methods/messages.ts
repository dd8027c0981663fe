/** What a code says that proves a way to reach somebody. */
import { catalogue } from '../../platform/messages/catalogue.ts'

export const say = catalogue('contact-methods', {
  'code-subject': 'Your code for Fortnight: {code}',
  'code-text':
    'Enter {code} in Fortnight so that pages can reach you here. It works for 15 minutes. If you did not ask for it, ignore this message: nothing follows.',
  'needs-mail': 'No mail server is set here (SMTP_URL).',
  'needs-ntfy': 'No ntfy server is set here (NTFY_SERVER).',
})
