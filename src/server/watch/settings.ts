/**
 * The few settings of the watch, read without the table of all settings: that would cost twelve megabytes for the rest of
 * its life. Whoever starts it has checked them; what is missing here has the same defaults as there.
 */
import type { HeartbeatSettings } from './heartbeat-out.ts'
import type { MailSettings } from './tell-administrators.ts'

export type WatchSettings = {
  readonly connectionString: string
  readonly mail: MailSettings
  /** Whether pages can go out by mail: the engine's way, not ours. */
  readonly pagesByMail: boolean
  readonly baseUrl: string
  /** Where the server may be asked how it is: its public address, and the one on this machine. */
  readonly serverAddresses: readonly string[]
  readonly heartbeat: HeartbeatSettings
}

type Environment = Readonly<Record<string, string | undefined>>

export const readWatchSettings = (env: Environment): WatchSettings => {
  const given = (name: string): string | undefined => env[name] || undefined
  const connectionString = given('DATABASE_URL')
  if (!connectionString)
    throw new Error(
      'The watch needs DATABASE_URL. `npm start` starts one by itself; by hand name the database it looks after.',
    )
  const local = `http://localhost:${given('PORT') ?? '4280'}`
  const baseUrl = (given('BASE_URL') ?? local).replace(/\/+$/, '')
  return {
    connectionString,
    // A second way to send is worth most when the first is what failed.
    mail: {
      SMTP_URL: given('ALARM_SMTP_URL') ?? given('SMTP_URL'),
      MAIL_FROM: given('MAIL_FROM') ?? 'Fortnight <fortnight@localhost>',
    },
    pagesByMail: given('SMTP_URL') !== undefined,
    baseUrl,
    serverAddresses: [...new Set([baseUrl, local])],
    heartbeat: {
      urls: (given('HEARTBEAT_URL') ?? '').split(',').filter((url) => url !== ''),
      everyMs: Number(given('HEARTBEAT_SECONDS') ?? '60') * 1_000,
      allowInside: given('WEBHOOK_ALLOW_HTTP') === 'true',
    },
  }
}
