/** The second path: the auditor writes to every administrator by itself, through no queue and no other process. */
import { describeInstant } from '../../domain/time/describe-instant.ts'
import type { Config } from '../platform/config.ts'
import type { Administrator } from './snapshot.ts'
import { isAboutAPage, wordsOf } from './words.ts'

export type MailSettings = Pick<Config, 'SMTP_URL' | 'MAIL_FROM'>

/** What a mail is about: an alarm of the table, or one that could not be written there. */
export type Told = {
  readonly title: string
  readonly advice: string
  readonly detail: string
  readonly sinceAt: number
  readonly url?: string
}

export type Telling = { readonly told: boolean; readonly answer: string }
export type Tell = (
  administrators: readonly Administrator[],
  alarms: readonly Told[],
  about: { readonly messageId: string; readonly now: number },
) => Promise<Telling>

const MOST_NAMED = 20

export const toldOf = (
  alarm: { kind: string; subject: string; detail: string; sinceAt: number },
  baseUrl: string,
): Told => {
  const { title, advice } = wordsOf(alarm.kind)
  const about = isAboutAPage(alarm.kind)
  return {
    title: about ? title : `${title} (${alarm.subject})`,
    advice,
    detail: alarm.detail,
    sinceAt: alarm.sinceAt,
    ...(about ? { url: `${baseUrl}/pages/${alarm.subject}` } : {}),
  }
}

/** One mail for everything that is due, grouped by what is wrong; the first twenty of each are named. */
export const composeMail = (alarms: readonly Told[], baseUrl: string): { subject: string; text: string } => {
  const groups = [...Map.groupBy(alarms, ({ title }) => title)]
  const more = groups.length > 1 ? ` (and ${groups.length - 1} more)` : ''
  const text = groups.flatMap(([title, each]) => [
    title,
    ...each
      .slice(0, MOST_NAMED)
      .flatMap(({ detail, sinceAt, url }) => [
        `  since ${describeInstant(sinceAt, 'UTC')}: ${detail}`,
        ...(url ? [`  ${url}`] : []),
      ]),
    ...(each.length > MOST_NAMED ? [`  and ${each.length - MOST_NAMED} more of the kind`] : []),
    `  What to do: ${each[0]?.advice ?? ''}`,
    '',
  ])
  return {
    subject: `[Fortnight alarm] ${groups[0]?.[0] ?? ''}${more}`.slice(0, 180),
    text: [
      ...text,
      `All alarms: ${baseUrl}/api/alarms`,
      'Written by the watch process, which looks after paging itself; it writes about the same thing every 15 minutes at most.',
    ].join('\n'),
  }
}

/** Told when at least one administrator's mail was accepted. Loaded when first needed: an idle watch stays small. */
export const openTell = (settings: MailSettings, baseUrl: string): Tell => {
  const mailing = { config: settings }
  return async (administrators, alarms, { messageId }) => {
    if (!settings.SMTP_URL) return { told: false, answer: 'no mail server is set' }
    const { sendMail } = await import('../platform/mail.ts')
    const { subject, text } = composeMail(alarms, baseUrl)
    const outcomes = await Promise.all(
      administrators.map(({ email }, index) =>
        sendMail(mailing, {
          to: email,
          subject,
          text,
          messageId: `${messageId}.${index}`,
          headers: { 'x-fortnight-alarm': '1', 'x-priority': '1' },
        }),
      ),
    )
    const accepted = outcomes.filter(({ kind }) => kind === 'accepted').length
    const refusal = outcomes.find(({ kind }) => kind === 'refused' || kind === 'later')
    const reason = refusal && 'reason' in refusal ? `; ${refusal.reason}` : ''
    return { told: accepted > 0, answer: `${accepted} of ${outcomes.length} accepted${reason}`.slice(0, 300) }
  }
}
