/** Every setting of the server in one table: name, sentence, unit, safe default. docs/config.md is generated from it. */
import { z } from 'zod'

const port = z.coerce.number().int().min(0).max(65535)
const url = z.url()

/** A setting's schema and the sentence that explains it; `secret` values are never logged or shown. */
type Setting<T extends z.ZodType> = { readonly schema: T; readonly about: string; readonly secret?: true }
const setting = <T extends z.ZodType>(schema: T, about: string, secret?: true): Setting<T> =>
  secret ? { schema, about, secret } : { schema, about }

export const settings = {
  PORT: setting(port.default(4280), 'TCP port that the web and the API listen on.'),
  HOST: setting(z.string().default('127.0.0.1'), 'Address to listen on; 0.0.0.0 for every interface.'),
  BASE_URL: setting(
    url.optional(),
    'Public address of this installation, used in links and passkeys; default http://localhost:PORT.',
  ),
  FORTNIGHT_DATA: setting(
    z.string().min(1).default('.fortnight'),
    'Data folder: embedded database, blobs, keys. Relative paths start at the working directory.',
  ),
  FORTNIGHT_KEYS: setting(
    z.string().min(1).optional(),
    'Folder of the key files; default FORTNIGHT_DATA/keys. Back it up apart from the data.',
  ),
  FORTNIGHT_ROLES: setting(
    z
      .string()
      .regex(/^(web|engine|worker|watch)(,(web|engine|worker|watch))*$/)
      .optional(),
    'Roles of this process, comma-separated (web, engine, worker, watch); default all: web and engine here, the others as children.',
  ),
  DATABASE_URL: setting(
    z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
      .optional(),
    'PostgreSQL 15 or later; without it the embedded database in FORTNIGHT_DATA is used.',
    true,
  ),
  DATABASE_POOL: setting(
    z.coerce.number().int().min(2).max(100).default(8),
    'Most connections a process opens to the database.',
  ),
  SMTP_URL: setting(
    z
      .string()
      .regex(/^smtps?:\/\//, 'must begin with smtp:// or smtps://')
      .optional(),
    'Mail server, such as smtp://user:password@mail.example.org:587; without it no mail is sent and the rota shows it in red.',
    true,
  ),
  ALARM_SMTP_URL: setting(
    z
      .string()
      .regex(/^smtps?:\/\//, 'must begin with smtp:// or smtps://')
      .optional(),
    'Another mail server for alarms about Fortnight itself, for when the first is what failed; default SMTP_URL.',
    true,
  ),
  MAIL_FROM: setting(z.string().default('Fortnight <fortnight@localhost>'), 'Sender of every mail.'),
  ORGANISATION: setting(
    z.string().min(1).max(100).default('Our team'),
    'Name shown at the top of pages and packs; taken at the first start.',
  ),
  PUSH_CONTACT: setting(
    z
      .string()
      .regex(/^(mailto:|https:)/, 'must begin with mailto: or https:')
      .default('mailto:fortnight@localhost.localdomain'),
    'Contact that push services are given with every message (VAPID subject), mailto: or https:.',
  ),
  PUSH_ALLOW_HTTP: setting(
    z.enum(['true', 'false']).default('false'),
    'true accepts push endpoints without TLS and at private addresses, for a push service of your own on a closed network.',
  ),
  NTFY_SERVER: setting(
    url.optional(),
    'ntfy server that pages may go out on, such as https://ntfy.example.org; without it nobody can add a topic.',
  ),
  NTFY_TOKEN: setting(z.string().min(1).optional(), 'Access token for the ntfy server.', true),
  SMS_GATEWAY: setting(
    z
      .string()
      .regex(/^(twilio|twilio\+http|https?):\/\//, 'must begin with twilio:// or https://')
      .refine((text) => URL.canParse(text), 'must be an address')
      .optional(),
    'Gateway for text messages and calls: twilio://ACCOUNT_SID:AUTH_TOKEN@api.twilio.com, or https://… of your own (docs/phone-gateway.md).',
    true,
  ),
  SMS_GATEWAY_SECRET: setting(
    z.string().min(16).optional(),
    'Secret shared with a gateway of your own: both directions are signed with it.',
    true,
  ),
  SMS_FROM: setting(
    z.string().min(1).max(40).optional(),
    'Number or name that text messages come from; without it none are sent.',
  ),
  VOICE_FROM: setting(
    z
      .string()
      .regex(/^\+[1-9]\d{6,14}$/, 'must be a number such as +46705550123')
      .optional(),
    'Number that calls come from; without it nobody is called.',
  ),
  SLACK_TOKEN: setting(
    z.string().min(1).optional(),
    'Bot token of a Slack app with the scope chat:write; without it nobody can be told in Slack.',
    true,
  ),
  SLACK_SIGNING_SECRET: setting(
    z.string().min(1).optional(),
    'Signing secret of the Slack app; its interactivity posts to BASE_URL/chat/slack/actions.',
    true,
  ),
  SLACK_API: setting(
    url.default('https://slack.com/api'),
    'Web API of Slack, for workspaces that have another.',
  ),
  MATTERMOST_WEBHOOK: setting(
    url.optional(),
    'Incoming webhook of a Mattermost server that may post to anybody; its server must be able to reach BASE_URL for the button.',
    true,
  ),
  WEBHOOK_ALLOW_HTTP: setting(
    z.enum(['true', 'false']).default('false'),
    'true lets people add webhooks without TLS and at private addresses, for receivers on a closed network.',
  ),
  HEARTBEAT_URL: setting(
    z
      .string()
      .refine(
        (text) => text.split(',').every((one) => URL.canParse(one) && /^https?:/.test(one)),
        'must be addresses separated by commas',
      )
      .optional(),
    'Addresses, comma-separated, that hear from us while paging is healthy: a dead man’s switch elsewhere (docs/paging-health.md). https of public names; with WEBHOOK_ALLOW_HTTP any.',
    true,
  ),
  HEARTBEAT_SECONDS: setting(
    z.coerce.number().int().min(10).max(3600).default(60),
    'Time in seconds between two of our heartbeats to HEARTBEAT_URL.',
  ),
  MINIMAL_CONTENT: setting(
    z
      .string()
      .regex(
        /^(email|web-push|sms|voice|slack|mattermost|ntfy|webhook)(,(email|web-push|sms|voice|slack|mattermost|ntfy|webhook))*$/,
        'must be channels separated by commas',
      )
      .optional(),
    'Channels, comma-separated, on which a page says only its priority, its number and the link: email, web-push, sms, voice, slack, mattermost, ntfy, webhook.',
  ),
  ALERT_GROUPING: setting(
    z
      .string()
      .regex(/^[\w./-]{1,100}(,[\w./-]{1,100}){0,2}$/, 'must be one to three names separated by commas')
      .default('group,severity,cluster'),
    'By what the alert list is grouped when somebody groups it and says no other way: one to three labels, `environment` or `priority`.',
  ),
  PAGE_BUNDLING: setting(
    z.enum(['on', 'off']).default('on'),
    'off sends every page as a message of its own, however many there are: for test benches that count messages.',
  ),
  OIDC_ISSUER: setting(url.optional(), 'OpenID Connect issuer for sign-in; needs OIDC_CLIENT_ID.'),
  OIDC_CLIENT_ID: setting(z.string().min(1).optional(), 'Client id at the OpenID Connect issuer.'),
  OIDC_CLIENT_SECRET: setting(
    z.string().min(1).optional(),
    'Client secret at the OpenID Connect issuer.',
    true,
  ),
  LOG_LEVEL: setting(
    z.enum(['debug', 'info', 'warn', 'error']).default('info'),
    'Least severe log line that is written.',
  ),
  SEAL_SECONDS: setting(
    z.coerce.number().int().min(1).max(60).default(30),
    'Longest time in seconds before received alerts are sealed into the ledger.',
  ),
  TRUST_PROXY: setting(
    z
      .string()
      .regex(/^(true|false|[1-9])$/, 'must be true, false or the number of proxies, 1 to 9')
      .default('false'),
    'true when a reverse proxy in front sets X-Forwarded-For and X-Forwarded-Proto; a number where several stand in a row. What a client puts before the entries of these proxies is not believed.',
  ),
} as const

export type SettingName = keyof typeof settings
type Values = { readonly [K in SettingName]: z.output<(typeof settings)[K]['schema']> }

/** The settings with what follows from them: `baseUrl` without a trailing slash. */
export type Config = Values & { readonly baseUrl: string }

/** All faults at once, one a line, so that nobody fixes settings one restart at a time. */
export class ConfigFault extends Error {}

const hasAccount = (address: string): boolean => {
  const { username, password } = new URL(address)
  return username !== '' && password !== ''
}

const checkTogether = (values: Values): string[] => {
  const faults: string[] = []
  if (values.OIDC_ISSUER && !values.OIDC_CLIENT_ID) faults.push('OIDC_ISSUER needs OIDC_CLIENT_ID as well.')
  if (values.OIDC_CLIENT_ID && !values.OIDC_ISSUER) faults.push('OIDC_CLIENT_ID needs OIDC_ISSUER as well.')
  if (values.SLACK_TOKEN && !values.SLACK_SIGNING_SECRET)
    faults.push('SLACK_TOKEN needs SLACK_SIGNING_SECRET as well: without it anybody could press its buttons.')
  if (values.SMS_GATEWAY?.startsWith('http') && !values.SMS_GATEWAY_SECRET)
    faults.push('SMS_GATEWAY needs SMS_GATEWAY_SECRET as well, unless it is twilio://.')
  if (values.SMS_GATEWAY?.startsWith('twilio') && !hasAccount(values.SMS_GATEWAY))
    faults.push('SMS_GATEWAY needs account and token: without a token anybody could sign its callbacks.')
  if (values.HEARTBEAT_URL?.includes('http://') && values.WEBHOOK_ALLOW_HTTP !== 'true')
    faults.push('HEARTBEAT_URL must be https, unless WEBHOOK_ALLOW_HTTP is true.')
  if (values.SMS_GATEWAY && !values.SMS_FROM && !values.VOICE_FROM)
    faults.push('SMS_GATEWAY needs SMS_FROM, VOICE_FROM or both.')
  return faults
}

/** Reads the environment; throws ConfigFault that lists every fault with what to do. Empty values count as unset. */
export const readConfig = (env: Readonly<Record<string, string | undefined>>): Config => {
  const faults: string[] = []
  const entries = Object.entries(settings).map(([name, { schema, about, ...rest }]) => {
    const given = env[name] === '' ? undefined : env[name]
    const parsed = (schema as z.ZodType).safeParse(given)
    if (parsed.success) return [name, parsed.data]
    const shown = 'secret' in rest ? 'its value' : JSON.stringify(given)
    faults.push(`${name}: ${shown} is not usable (${parsed.error.issues[0]?.message}). ${about}`)
    return [name, undefined]
  })
  const values = Object.fromEntries(entries) as Values
  if (faults.length === 0) faults.push(...checkTogether(values))
  if (faults.length > 0)
    throw new ConfigFault(`The configuration has ${faults.length} fault(s):\n${faults.join('\n')}`)
  const baseUrl = (values.BASE_URL ?? `http://localhost:${values.PORT}`).replace(/\/+$/, '')
  return { ...values, baseUrl }
}
