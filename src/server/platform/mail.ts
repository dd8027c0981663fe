/** Hands one mail to the SMTP server and says honestly what came of it. Queues and retries are tasks, not ours. */
import type { Transporter } from 'nodemailer'
import type { Platform } from './context.ts'

export type Mail = {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html?: string
  /** The same id at each attempt lets a mail client fold a repeated send into one. */
  readonly messageId: string
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * accepted: the server took it (250), which is not yet delivered; refused: it said 5xx, trying again is useless;
 * later: it said 4xx or could not be reached; off: no SMTP_URL is set.
 */
export type MailOutcome =
  | { readonly kind: 'accepted'; readonly reply: string }
  | { readonly kind: 'refused' | 'later'; readonly reason: string }
  | { readonly kind: 'off' }

/** All that sending needs of a platform: the watch, which has none, sends, too. */
type Mailing = { readonly config: Pick<Platform['config'], 'SMTP_URL' | 'MAIL_FROM'> }

const PATIENCE_MS = 10_000
const transports = new WeakMap<Mailing, Transporter>()

const loadMailer = () => import('nodemailer')

/** Loaded at the start where mail is sent at all, so that no page waits for it; others do without its 12 MB. */
export const prepareMail = async ({ config }: Mailing): Promise<void> => {
  if (config.SMTP_URL) await loadMailer()
}

/** One connection at a time per mail: a pool would keep half-dead connections across a mail server's restart. */
const transportOf = async (platform: Mailing, url: string): Promise<Transporter> => {
  const known = transports.get(platform)
  if (known) return known
  const { createTransport } = await loadMailer()
  const parsed = new URL(url)
  const transport = createTransport({
    host: parsed.hostname,
    port: Number(parsed.port) || (parsed.protocol === 'smtps:' ? 465 : 587),
    secure: parsed.protocol === 'smtps:',
    ...(parsed.username
      ? { auth: { user: decodeURIComponent(parsed.username), pass: decodeURIComponent(parsed.password) } }
      : {}),
    // A password never travels in the clear; a relay on this very machine may be plain.
    requireTLS:
      parsed.protocol === 'smtp:' &&
      parsed.username !== '' &&
      !['localhost', '127.0.0.1', '[::1]'].includes(parsed.hostname),
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  transports.set(platform, transport)
  return transport
}

export const canMail = (platform: Platform): boolean => platform.config.SMTP_URL !== undefined

export const sendMail = async (platform: Mailing, mail: Mail): Promise<MailOutcome> => {
  const { SMTP_URL, MAIL_FROM } = platform.config
  if (!SMTP_URL) return { kind: 'off' }
  try {
    const sent = await (
      await transportOf(platform, SMTP_URL)
    ).sendMail({
      from: MAIL_FROM,
      to: mail.to,
      subject: mail.subject,
      text: mail.text,
      ...(mail.html ? { html: mail.html } : {}),
      messageId: `<${mail.messageId}@fortnight>`,
      headers: { 'auto-submitted': 'auto-generated', ...mail.headers },
    })
    return { kind: 'accepted', reply: String(sent.response).slice(0, 200) }
  } catch (error) {
    const { responseCode, message } = error as { responseCode?: number; message: string }
    const reason = message.slice(0, 200)
    return { kind: responseCode !== undefined && responseCode >= 500 ? 'refused' : 'later', reason }
  }
}
