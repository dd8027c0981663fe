/** A page by e-mail: readable as plain text on a watch, one link, nothing that acts when opened. */
import type { SendResult } from '../../../../domain/operations/paging/intent.ts'
import type { Platform } from '../../../platform/context.ts'
import { html } from '../../../platform/http/html.ts'
import { sendMail } from '../../../platform/mail.ts'
import { writtenIn } from '../../../platform/messages/languages.ts'
import { momentFor } from '../../../platform/messages/moments.ts'
import { say } from '../messages.ts'
import type { PageMessage } from '../message.ts'
import type { IntentRow } from '../intent-store.ts'

/** A list of pages is looked at before it is taken: one link does for both. */
const wayOn = (message: PageMessage): string[] =>
  message.bundle
    ? [say(message.to, 'bundle-take'), message.acknowledgeUrl]
    : [
        say(message.to, 'mail-take'),
        message.acknowledgeUrl,
        '',
        say(message.to, 'mail-look'),
        message.pageUrl,
      ]

const textOf = (message: PageMessage, paged: string): string =>
  [
    ...message.lines,
    '',
    paged,
    '',
    ...wayOn(message),
    ...(message.maybeRepeated ? ['', say(message.to, 'mail-repeated')] : []),
  ].join('\n')

const htmlOf = (message: PageMessage, paged: string): string => {
  const { lang, dir } = writtenIn(message.to)
  return html`<div lang="${lang}" dir="${dir}" style="font:16px/1.45 system-ui,sans-serif;max-width:36rem">
    ${message.lines.map((line, index) => html`<p style="margin:.3rem 0">${index === 0 ? html`<strong>${line}</strong>` : line}</p>`)}
    <p style="margin:.6rem 0">${paged}</p>
    <p style="margin:1.2rem 0">
      <a
        href="${message.acknowledgeUrl}"
        style="display:inline-block;padding:.8rem 1.4rem;background:#1f4fd8;color:#fff;border-radius:.5rem;text-decoration:none;font-weight:650"
        >${say(message.to, message.bundle ? 'bundle-take-button' : 'mail-take-button')}</a
      >
    </p>
    ${message.bundle ? '' : html`<p style="margin:.6rem 0"><a href="${message.pageUrl}">${say(message.to, 'mail-look-link')}</a></p>`}
    ${message.maybeRepeated ? html`<p>${say(message.to, 'mail-repeated')}</p>` : ''}
  </div>`.html
}

export const sendByEmail = async (
  platform: Platform,
  intent: IntentRow,
  message: PageMessage,
): Promise<SendResult> => {
  const paged = say(message.to, 'mail-paged', { when: momentFor(message.to, intent.intended_at) })
  const outcome = await sendMail(platform, {
    to: message.to.email,
    subject: message.subject,
    text: textOf(message, paged),
    html: htmlOf(message, paged),
    messageId: message.sentAs,
    headers: {
      ...(message.bundle
        ? { 'x-fortnight-bundle': message.bundle.id }
        : { 'x-fortnight-page': intent.page_id }),
      'x-priority': '1',
    },
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
