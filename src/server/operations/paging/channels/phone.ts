/** A page by text message and by call: what, where, how bad, and how to take it; the rest is behind the link. */
import type { SendResult } from '../../../../domain/operations/paging/intent.ts'
import { placeCall, sendText } from '../../../platform/carriers/telephony.ts'
import type { Platform } from '../../../platform/context.ts'
import { writtenIn } from '../../../platform/messages/languages.ts'
import type { PageMessage } from '../message.ts'
import { say } from '../messages.ts'

export const sendByText = (platform: Platform, to: string, message: PageMessage): Promise<SendResult> =>
  sendText(platform, {
    to,
    id: message.sentAs,
    text: [
      message.subject,
      ...message.lines.slice(0, 1),
      say(message.to, message.bundle ? 'bundle-text-take' : 'text-take', { number: message.number }),
      message.pageUrl,
      ...(message.maybeRepeated ? [say(message.to, 'text-repeated')] : []),
    ].join('\n'),
  })

export const sendByCall = (platform: Platform, to: string, message: PageMessage): Promise<SendResult> =>
  placeCall(platform, {
    to,
    id: message.sentAs,
    lang: writtenIn(message.to).lang,
    words: [say(message.to, 'call-greeting'), message.subject, ...message.lines.slice(0, 2)],
    ask: say(message.to, message.bundle ? 'bundle-call-ask' : 'call-ask'),
  })
