/** Which ways work in this installation, and how a code goes out on each. */
import { CONTACT_KINDS, type ContactKind } from '../../../domain/people/contact-methods/contact-method.ts'
import type { Carried } from '../../platform/carriers/carried.ts'
import { canMattermost, postToMattermost } from '../../platform/carriers/mattermost.ts'
import { canNtfy, publishToNtfy } from '../../platform/carriers/ntfy.ts'
import { canSlack, postToSlack } from '../../platform/carriers/slack.ts'
import { canCall, canText, placeCall, sendText } from '../../platform/carriers/telephony.ts'
import { sendWebhook } from '../../platform/carriers/webhook.ts'
import type { Platform } from '../../platform/context.ts'
import { canMail, sendMail } from '../../platform/mail.ts'
import { writtenIn, type Reader } from '../../platform/messages/languages.ts'
import { say } from './messages.ts'
import type { Target } from './target.ts'

/** Whether a way of this kind could carry anything here. */
export const worksHere = (platform: Platform, kind: ContactKind): boolean => {
  switch (kind) {
    case 'email':
      return canMail(platform)
    case 'sms':
      return canText(platform)
    case 'voice':
      return canCall(platform)
    case 'slack':
      return canSlack(platform)
    case 'mattermost':
      return canMattermost(platform)
    case 'ntfy':
      return canNtfy(platform)
    case 'webhook':
      return true
  }
}

/** What this installation lacks for a way to work, said to the reader; null where it works. */
export const lackOf = (platform: Platform, kind: ContactKind, reader: Reader): string | null => {
  if (worksHere(platform, kind)) return null
  switch (kind) {
    case 'email':
      return say(reader, 'needs-mail')
    case 'sms':
      return say(reader, 'needs-sms')
    case 'voice':
      return say(reader, 'needs-voice')
    case 'slack':
      return say(reader, 'needs-slack')
    case 'mattermost':
      return say(reader, 'needs-mattermost')
    case 'ntfy':
      return say(reader, 'needs-ntfy')
    case 'webhook':
      return null
  }
}

export const waysHere = (platform: Platform, reader: Reader) =>
  CONTACT_KINDS.map((kind) => {
    const why = lackOf(platform, kind, reader)
    return { kind, works: why === null, why }
  })

export type CodeLetter = { readonly id: string; readonly code: string; readonly reader: Reader }

const mailCode = async (
  platform: Platform,
  address: string,
  { id, code, reader }: CodeLetter,
): Promise<Carried> => {
  const outcome = await sendMail(platform, {
    to: address,
    subject: say(reader, 'code-subject', { code }),
    text: say(reader, 'code-text', { code }),
    messageId: id,
  })
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'accepted', detail: `accepted by the mail server: ${outcome.reply}` }
    case 'off':
      return { kind: 'refused', detail: 'no mail server is set (SMTP_URL)' }
    default:
      return { kind: outcome.kind, detail: outcome.reason }
  }
}

export const carryCode = (
  platform: Platform,
  kind: ContactKind,
  { address, key = '' }: Target,
  letter: CodeLetter,
): Promise<Carried> => {
  const { id, code, reader } = letter
  switch (kind) {
    case 'email':
      return mailCode(platform, address, letter)
    case 'sms':
      return sendText(platform, { to: address, id, text: say(reader, 'code-text', { code }) })
    case 'voice':
      return placeCall(platform, {
        to: address,
        id,
        lang: writtenIn(reader).lang,
        // Digit by digit: a voice would otherwise read a number of hundreds of thousands.
        words: [say(reader, 'code-spoken', { code: [...code].join(', ') })],
      })
    case 'slack':
      return postToSlack(platform, { to: address, text: say(reader, 'code-text', { code }) })
    case 'mattermost':
      return postToMattermost(platform, { to: address, text: say(reader, 'code-text', { code }) })
    case 'ntfy':
      return publishToNtfy(platform, {
        topic: address,
        title: say(reader, 'code-subject', { code }),
        message: say(reader, 'code-text', { code }),
        priority: 3,
      })
    case 'webhook':
      return sendWebhook(
        platform,
        { url: address, key: Buffer.from(key, 'base64') },
        { id, payload: { type: 'contact-method.code', code, text: say(reader, 'code-text', { code }) } },
      )
  }
}
