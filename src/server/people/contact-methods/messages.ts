/** What a code says that proves a way to reach somebody. */
import { catalogue } from '../../platform/messages/catalogue.ts'

export const say = catalogue('contact-methods', {
  'code-subject': 'Your code for Fortnight: {code}',
  'code-text':
    'Enter {code} in Fortnight so that pages can reach you here. It works for 15 minutes. If you did not ask for it, ignore this message: nothing follows.',
  'code-spoken': 'This is Fortnight. Your code is {code}. Enter it so that pages can reach you by phone.',
  'needs-sms': 'No gateway for text messages is set here (SMS_GATEWAY and SMS_FROM).',
  'needs-voice': 'No gateway for calls is set here (SMS_GATEWAY and VOICE_FROM).',
  'needs-mail': 'No mail server is set here (SMTP_URL).',
  'needs-slack': 'No Slack app is set here (SLACK_TOKEN and SLACK_SIGNING_SECRET).',
  'needs-mattermost': 'No Mattermost webhook is set here (MATTERMOST_WEBHOOK).',
  'needs-ntfy': 'No ntfy server is set here (NTFY_SERVER).',
})
