/** The second path: the auditor writes to every administrator by itself, through no queue and no other process. */
import type { Config } from '../platform/config.ts'
import { IN_ENGLISH, type Reader } from '../platform/messages/languages.ts'
import { momentFor } from '../platform/messages/moments.ts'
import { saidTo } from '../platform/messages/said.ts'
import { say } from './messages.ts'
import type { Administrator } from './snapshot.ts'
import { isAboutAPage, wordsOf, type Words } from './words.ts'

export type MailSettings = Pick<Config, 'SMTP_URL' | 'MAIL_FROM'>

/** What a mail is about: an alarm of the table, or one that could not be written there. */
export type Told = {
  /** As it stands in the log; a mail says it in the words of its reader. */
  readonly title: string
  readonly words: (reader: Reader) => Words
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
  const about = isAboutAPage(alarm.kind)
  const words = (reader: Reader): Words => {
    const { title, advice } = wordsOf(reader, alarm.kind)
    return {
      title: about ? title : say(reader, 'title-about', { title, subject: alarm.subject }),
      advice,
    }
  }
  return {
    title: words(IN_ENGLISH).title,
    words,
    detail: alarm.detail,
    sinceAt: alarm.sinceAt,
    ...(about ? { url: `${baseUrl}/pages/${alarm.subject}` } : {}),
  }
}

/** The database itself does not answer: the one alarm that stands in no table. */
export const databaseAway = (sinceAt: number, baseUrl: string): Told => {
  const words = (reader: Reader): Words => ({
    title: say(reader, 'database-away'),
    advice: say(reader, 'database-away-advice', { address: `${baseUrl}/health/ready` }),
  })
  const detail = 'The watch process keeps trying.'
  return { title: words(IN_ENGLISH).title, words, detail, sinceAt }
}

/** One mail for everything that is due, grouped by what is wrong; the first twenty of each are named. */
export const composeMail = (
  reader: Reader,
  alarms: readonly Told[],
  baseUrl: string,
): { subject: string; text: string } => {
  const groups = [...Map.groupBy(alarms, ({ title }) => title).values()]
  const text = groups.flatMap((each) => [
    each[0]!.words(reader).title,
    ...each
      .slice(0, MOST_NAMED)
      .flatMap(({ detail, sinceAt, url }) => [
        `  ${say(reader, 'since', { when: momentFor(reader, sinceAt), detail: saidTo(reader, detail) })}`,
        ...(url ? [`  ${url}`] : []),
      ]),
    ...(each.length > MOST_NAMED
      ? [`  ${say(reader, 'more-of-kind', { count: each.length - MOST_NAMED })}`]
      : []),
    `  ${say(reader, 'what-to-do', { advice: each[0]!.words(reader).advice })}`,
    '',
  ])
  const title = groups[0]?.[0]?.words(reader).title ?? ''
  const count = groups.length - 1
  return {
    subject: (count > 0
      ? say(reader, 'subject-more', { title, count })
      : say(reader, 'subject', { title })
    ).slice(0, 180),
    text: [
      ...text,
      say(reader, 'all-alarms', { address: `${baseUrl}/api/alarms` }),
      say(reader, 'who-writes'),
    ].join('\n'),
  }
}

/** Told when at least one administrator's mail was accepted. Loaded when first needed: an idle watch stays small. */
export const openTell = (settings: MailSettings, baseUrl: string): Tell => {
  const mailing = { config: settings }
  return async (administrators, alarms, { messageId }) => {
    if (!settings.SMTP_URL) return { told: false, answer: 'no mail server is set' }
    const { sendMail } = await import('../platform/mail.ts')
    const outcomes = await Promise.all(
      administrators.map((administrator, index) =>
        sendMail(mailing, {
          to: administrator.email,
          ...composeMail(administrator, alarms, baseUrl),
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
