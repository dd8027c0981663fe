/** A page by signed webhook; its id is the promise's own, so that a receiver drops a repeat. */
import type { SendResult } from '../../../../domain/operations/paging/intent.ts'
import { sendWebhook } from '../../../platform/carriers/webhook.ts'
import type { Platform } from '../../../platform/context.ts'
import type { PageMessage } from '../message.ts'
import type { IntentRow } from '../intent-store.ts'
import { priorityName } from '../present.ts'

export const sendByWebhook = (
  platform: Platform,
  to: { readonly url: string; readonly key: Uint8Array },
  intent: Pick<IntentRow, 'page_id'>,
  message: PageMessage,
): Promise<SendResult> =>
  sendWebhook(platform, to, {
    id: message.sentAs,
    payload: {
      ...(message.bundle
        ? { type: 'pages', bundle: message.bundle.id, pages: message.bundle.pages }
        : { type: 'page', page: intent.page_id }),
      priority: priorityName(message.priority),
      title: message.subject,
      lines: message.lines,
      url: message.pageUrl,
      // A page with one button; opening it changes nothing.
      acknowledgeUrl: message.acknowledgeUrl,
      maybeRepeated: message.maybeRepeated,
    },
  })
