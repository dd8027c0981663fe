/** A page as a direct message in Slack, with a button that takes it. */
import type { SendResult } from '../../../../domain/operations/paging/intent.ts'
import { postToSlack } from '../../../platform/carriers/slack.ts'
import type { Platform } from '../../../platform/context.ts'
import type { PageMessage } from '../message.ts'
import { say } from '../messages.ts'

export const TAKE_ACTION = 'take-page'

export const sendBySlack = (platform: Platform, member: string, message: PageMessage): Promise<SendResult> =>
  postToSlack(platform, {
    to: member,
    text: [
      message.subject,
      ...message.lines,
      ...(message.maybeRepeated ? [say(message.to, 'text-repeated')] : []),
    ].join('\n'),
    buttons: [
      {
        label: say(message.to, message.bundle ? 'bundle-chat-take' : 'push-acknowledge'),
        action: TAKE_ACTION,
        value: message.sentAs,
      },
      { label: say(message.to, 'push-open'), url: message.pageUrl },
    ],
  })
