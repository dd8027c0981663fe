/** A page by e-mail: readable as plain text on a watch, one link, nothing that acts when opened. */
import type { SendResult } from '../../../../domain/operations/paging/intent.ts'
import { describeInstant } from '../../../../domain/time/describe-instant.ts'
import type { Platform } from '../../../platform/context.ts'
import { html } from '../../../platform/http/html.ts'
import { sendMail } from '../../../platform/mail.ts'
import type { PageMessage } from '../message.ts'
import type { IntentRow } from '../intent-store.ts'

const REPEATED = 'You may have received this message before: the outcome of an earlier attempt is unknown.'

const textOf = (message: PageMessage, pagedAt: string): string =>
  [
    ...message.lines,
    '',
    `Paged ${pagedAt}`,
    '',
    'Take it (one button, opening the link changes nothing):',
    message.acknowledgeUrl,
    '',
    'Look at it:',
    message.pageUrl,
    ...(message.maybeRepeated ? ['', REPEATED] : []),
  ].join('\n')

const htmlOf = (message: PageMessage, pagedAt: string): string =>
  html`<div style="font:16px/1.45 system-ui,sans-serif;max-width:36rem">
    ${message.lines.map((line, index) => html`<p style="margin:.3rem 0">${index === 0 ? html`<strong>${line}</strong>` : line}</p>`)}
    <p style="margin:.6rem 0">Paged ${pagedAt}</p>
    <p style="margin:1.2rem 0">
      <a
        href="${message.acknowledgeUrl}"
        style="display:inline-block;padding:.8rem 1.4rem;background:#1f4fd8;color:#fff;border-radius:.5rem;text-decoration:none;font-weight:650"
        >Take this page</a
      >
    </p>
    <p style="margin:.6rem 0"><a href="${message.pageUrl}">Look at it</a></p>
    ${message.maybeRepeated ? html`<p>${REPEATED}</p>` : ''}
  </div>`.html

export const sendByEmail = async (
  platform: Platform,
  intent: IntentRow,
  message: PageMessage,
): Promise<SendResult> => {
  const pagedAt = describeInstant(intent.intended_at, message.to.zone)
  const outcome = await sendMail(platform, {
    to: message.to.email,
    subject: message.subject,
    text: textOf(message, pagedAt),
    html: htmlOf(message, pagedAt),
    messageId: intent.id,
    headers: { 'x-fortnight-page': intent.page_id, 'x-priority': '1' },
  })
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'accepted', detail: `accepted by the mail server: ${outcome.reply}` }
    case 'refused':
      return { kind: 'refused', detail: `refused by the mail server: ${outcome.reason}` }
    case 'later':
      return { kind: 'later', detail: outcome.reason }
    case 'off':
      return { kind: 'refused', detail: 'no mail server is set (SMTP_URL)' }
  }
}
