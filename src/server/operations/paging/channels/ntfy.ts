/** A page by ntfy: the loudest priority for P1, and buttons that open; nothing acts by itself. */
import type { SendResult } from '../../../../domain/operations/paging/intent.ts'
import { publishToNtfy } from '../../../platform/carriers/ntfy.ts'
import type { Platform } from '../../../platform/context.ts'
import { say } from '../messages.ts'
import type { PageMessage } from '../message.ts'

/** Theirs counts upwards: 5 rings through the silence of a phone that allows it. */
const loudness = (priority: number): 3 | 4 | 5 => (priority === 1 ? 5 : priority === 2 ? 4 : 3)

export const sendByNtfy = (platform: Platform, topic: string, message: PageMessage): Promise<SendResult> =>
  publishToNtfy(platform, {
    topic,
    title: message.subject,
    message: [...message.lines, ...(message.maybeRepeated ? [say(message.to, 'mail-repeated')] : [])].join(
      '\n',
    ),
    priority: loudness(message.priority),
    click: message.pageUrl,
    actions: [
      ...(message.bundle
        ? []
        : [{ label: say(message.to, 'push-acknowledge'), url: message.acknowledgeUrl }]),
      { label: say(message.to, 'push-open'), url: message.pageUrl },
    ],
  })
