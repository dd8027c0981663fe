/** A page as a direct message in Mattermost, with a button that takes it. */
import type { SendResult } from '../../../../domain/operations/paging/intent.ts'
import { postToMattermost } from '../../../platform/carriers/mattermost.ts'
import type { Platform } from '../../../platform/context.ts'
import type { PageMessage } from '../message.ts'
import { say } from '../messages.ts'

export const sendByMattermost = (
  platform: Platform,
  username: string,
  message: PageMessage,
): Promise<SendResult> =>
  postToMattermost(platform, {
    to: username,
    text: [
      message.subject,
      ...message.lines,
      ...(message.maybeRepeated ? [say(message.to, 'text-repeated')] : []),
    ].join('\n'),
    button: {
      label: say(message.to, message.bundle ? 'bundle-chat-take' : 'push-acknowledge'),
      subject: message.sentAs,
    },
    link: { label: say(message.to, 'push-open'), url: message.pageUrl },
  })
