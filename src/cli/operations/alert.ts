/** `fortnight alert`: one alert from a shell, with the verbs that the web offers. */
import { parseArgs } from 'node:util'
import { alertRoutes } from '../../contract/operations/alerts.ts'
import type { ReplyOf } from '../../contract/route.ts'
import { call } from '../shell/call.ts'
import { needConnection, type Connection } from '../shell/connection.ts'
import { usageFault, type Command, type Io } from '../shell/io.ts'
import { jsonText, printable } from '../shell/printable.ts'
import { accountNamed } from './account-named.ts'
import { wallTime } from '../shell/when.ts'
import { snoozeTime } from './snooze-time.ts'

type Detail = ReplyOf<typeof alertRoutes.getAlert>

const options = {
  for: { type: 'string' },
  to: { type: 'string' },
  policy: { type: 'string' },
  reason: { type: 'string' },
  json: { type: 'boolean' },
} as const

type Asked = {
  readonly connection: Connection
  readonly alertId: string
  /** What follows the alert's id. */
  readonly words: readonly string[]
  readonly values: { [K in keyof typeof options]?: K extends 'json' ? boolean : string }
}

const until = (text: string | undefined): number => {
  const at = text === undefined ? undefined : snoozeTime(text, Date.now())
  if (at === undefined) throw usageFault('Say how long: --for 45m, 2h, 1d, or a time such as 07:30.')
  return at
}

const tagsOf = (words: readonly string[]) => {
  const add = words.flatMap((word) => (word.startsWith('+') ? [word.slice(1)] : []))
  const remove = words.flatMap((word) => (word.startsWith('-') ? [word.slice(1)] : []))
  if (add.length + remove.length === 0 || add.length + remove.length < words.length)
    throw usageFault('Say which tags: +disk adds, after -- also -disk takes away.')
  return { add, remove }
}

const verbs: Readonly<Record<string, (asked: Asked) => Promise<Detail | undefined>>> = {
  show: ({ connection, alertId }) => call(connection, alertRoutes.getAlert, { alertId }),
  ack: ({ connection, alertId }) => call(connection, alertRoutes.acknowledgeAlert, { alertId }),
  unack: ({ connection, alertId }) => call(connection, alertRoutes.unacknowledgeAlert, { alertId }),
  snooze: ({ connection, alertId, values }) =>
    call(connection, alertRoutes.snoozeAlert, { alertId, until: until(values.for) }),
  wake: ({ connection, alertId }) => call(connection, alertRoutes.endSnooze, { alertId }),
  escalate: ({ connection, alertId, values }) =>
    call(connection, alertRoutes.escalateAlert, {
      alertId,
      ...(values.policy === undefined ? {} : { policy: values.policy }),
    }),
  assign: async ({ connection, alertId, values }) => {
    if (values.to === undefined) throw usageFault('Say to whom: --to handle, or --to nobody.')
    const owner = values.to === 'nobody' ? null : await accountNamed(connection, values.to)
    return call(connection, alertRoutes.assignAlert, { alertId, owner })
  },
  call: async ({ connection, alertId, values }) => {
    if (values.to === undefined) throw usageFault('Say whom to call in: --to handle.')
    const id = await accountNamed(connection, values.to)
    return call(connection, alertRoutes.addResponder, { alertId, target: { kind: 'account', id } })
  },
  note: ({ connection, alertId, words }) => {
    if (words.length === 0) throw usageFault('Say what to note.')
    return call(connection, alertRoutes.noteOnAlert, { alertId, note: words.join(' ') })
  },
  tag: ({ connection, alertId, words }) =>
    call(connection, alertRoutes.tagAlert, { alertId, ...tagsOf(words) }),
  close: async ({ connection, alertId, values }) => {
    if (!values.reason?.trim()) throw usageFault('Say why: --reason.')
    await call(connection, alertRoutes.closeAlert, { alertId, reason: values.reason })
    return call(connection, alertRoutes.getAlert, { alertId })
  },
}

const standing = (alert: Detail): string => {
  const taker = alert.acknowledgedBy?.name ?? 'somebody'
  if (alert.snoozedUntil !== null) return `asleep until ${wallTime(alert.snoozedUntil)}`
  return alert.status === 'acknowledged' ? `taken by ${taker}` : alert.status
}

const print = (io: Io, { url }: Connection, alert: Detail): void => {
  io.out(`${alert.priority} ${alert.environment.slug}: ${printable(alert.name)} (${standing(alert)})`)
  if (alert.summary !== alert.name) io.out(`  ${printable(alert.summary)}`)
  if (alert.owner) io.out(`  owner: ${printable(alert.owner.name)}`)
  if (alert.tags.length > 0) io.out(`  tags: ${alert.tags.map(printable).join(', ')}`)
  io.out(`${url}/alerts/${alert.id}`)
}

export const alertCommand: Command = {
  usage:
    'fortnight alert show|ack|unack|snooze|wake|escalate|assign|call|note|tag|close ALERT [--for 2h] [--to handle] [--policy name] [--reason text]',
  about: 'Work one alert: `fortnight alerts` lists their ids.',
  run: async (argv, io) => {
    const { positionals, values } = parseArgs({ args: [...argv], options, allowPositionals: true })
    const [verb = '', alertId = '', ...words] = positionals
    const run = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
    if (!run) throw usageFault(`Say what to do: ${Object.keys(verbs).join(', ')}.`)
    if (!/^[0-9a-f-]{36}$/.test(alertId)) throw usageFault('An alert is named by its id.')
    const connection = needConnection(io.env)
    const alert = await run({ connection, alertId, words, values })
    if (alert && values.json) io.out(jsonText(alert))
    else if (alert) print(io, connection, alert)
    return 0
  },
}
