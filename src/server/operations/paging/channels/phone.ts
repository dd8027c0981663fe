/** A page by text message and by call: what, where, how bad, and how to take it; the rest is behind the link. */
import type { SendResult } from '../../../../domain/operations/paging/intent.ts'
import { placeCall, sendText } from '../../../platform/carriers/telephony.ts'
import type { Platform } from '../../../platform/context.ts'
import { writtenIn } from '../../../platform/messages/languages.ts'
import type { IntentRow } from '../intent-store.ts'
import type { PageMessage } from '../message.ts'
import { say } from '../messages.ts'
import { replyNumberOf } from '../telephony/reply-number.ts'

type Promised = Pick<IntentRow, 'id' | 'page_id'>

export const sendByText = (
  platform: Platform,
  to: string,
  intent: Promised,
  message: PageMessage,
): Promise<SendResult> =>
  sendText(platform, {
    to,
    id: intent.id,
    text: [
      message.subject,
      ...message.lines.slice(0, 1),
      say(message.to, 'text-take', { number: replyNumberOf(platform, intent.page_id) }),
      message.pageUrl,
      ...(message.maybeRepeated ? [say(message.to, 'text-repeated')] : []),
    ].join('\n'),
  })

export const sendByCall = (
  platform: Platform,
  to: string,
  intent: Promised,
  message: PageMessage,
): Promise<SendResult> =>
  placeCall(platform, {
    to,
    id: intent.id,
    lang: writtenIn(message.to).lang,
    words: [say(message.to, 'call-greeting'), message.subject, ...message.lines.slice(0, 2)],
    ask: say(message.to, 'call-ask'),
  })
