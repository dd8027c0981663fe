/** A page as a direct message in Slack, with a button that takes it. */
import type { SendResult } from '../../../../domain/operations/paging/intent.ts'
import { postToSlack } from '../../../platform/carriers/slack.ts'
import type { Platform } from '../../../platform/context.ts'
import type { IntentRow } from '../intent-store.ts'
import type { PageMessage } from '../message.ts'
import { say } from '../messages.ts'

export const TAKE_ACTION = 'take-page'

export const sendBySlack = (
  platform: Platform,
  member: string,
  intent: Pick<IntentRow, 'id'>,
  message: PageMessage,
): Promise<SendResult> =>
  postToSlack(platform, {
    to: member,
    text: [
      message.subject,
      ...message.lines,
      ...(message.maybeRepeated ? [say(message.to, 'text-repeated')] : []),
    ].join('\n'),
    buttons: [
      { label: say(message.to, 'push-acknowledge'), action: TAKE_ACTION, value: intent.id },
      { label: say(message.to, 'push-open'), url: message.pageUrl },
    ],
  })
