/** `fortnight ack`, `pages`, `alerts`: the night from a shell. */
import { parseArgs } from 'node:util'
import { alertRoutes } from '../../contract/operations/alerts.ts'
import { pageRoutes } from '../../contract/operations/pages.ts'
import { describeDuration } from '../../domain/time/instant.ts'
import { call } from '../shell/call.ts'
import { needConnection, type Connection } from '../shell/connection.ts'
import { CommandFault, type Command, type Io } from '../shell/io.ts'
import { jsonText, printable } from '../shell/printable.ts'
import { table } from '../shell/table.ts'

const ID = /^[0-9a-f]{8}-/
const since = (at: number): string => `${describeDuration(Math.max(0, Date.now() - at))} ago`

const listOf = (argv: readonly string[]) =>
  parseArgs({
    args: [...argv],
    options: {
      environment: { type: 'string', short: 'e' },
      all: { type: 'boolean' },
      json: { type: 'boolean' },
    },
  }).values

const print = (
  io: Io,
  json: boolean | undefined,
  rows: readonly unknown[],
  head: readonly string[],
  cells: readonly (readonly string[])[],
  empty: string,
): number => {
  if (json) io.out(jsonText(rows))
  else if (rows.length === 0) io.out(empty)
  else table(head, cells, io.columns).forEach(io.out)
  return 0
}

export const alertsCommand: Command = {
  usage: 'fortnight alerts [--environment acme-prod] [--all] [--json]',
  about: 'List open alerts; --all shows closed ones too.',
  run: async (argv, io) => {
    const values = listOf(argv)
    const input = {
      limit: 100,
      ...(values.all ? {} : { status: 'not-closed' as const }),
      ...(values.environment ? { environment: values.environment } : {}),
    }
    const { rows } = await call(needConnection(io.env), alertRoutes.listAlerts, input)
    const cells = rows.map((row) => [
      row.id,
      row.priority,
      row.snoozedUntil ? 'asleep' : row.status,
      row.environment.slug,
      since(row.startsAt),
      row.name,
      row.summary,
    ])
    return print(
      io,
      values.json,
      rows,
      ['ALERT', '', 'STATUS', 'ENVIRONMENT', 'SINCE', 'NAME', 'SUMMARY'],
      cells,
      'No alert is open.',
    )
  },
}

export const pagesCommand: Command = {
  usage: 'fortnight pages [--environment acme-prod] [--all] [--json]',
  about: 'List pages that nobody has resolved; --all shows all.',
  run: async (argv, io) => {
    const values = listOf(argv)
    const input = {
      limit: 100,
      ...(values.all ? {} : { status: 'unresolved' as const }),
      ...(values.environment ? { environment: values.environment } : {}),
    }
    const { rows } = await call(needConnection(io.env), pageRoutes.listPages, input)
    const cells = rows.map((row) => [
      row.id,
      row.priority,
      row.acknowledgedBy ? `taken by ${row.acknowledgedBy.name}` : row.status,
      row.environment.slug,
      since(row.requestedAt),
      row.title,
    ])
    return print(
      io,
      values.json,
      rows,
      ['PAGE', '', 'STATUS', 'ENVIRONMENT', 'PAGED', 'WHAT'],
      cells,
      'No page is open.',
    )
  },
}

/** What `ack` means without an id: the one page that rings; with several, the person must say which. */
const ringing = async (connection: Connection): Promise<string> => {
  const { rows } = await call(connection, pageRoutes.listPages, { status: 'open', limit: 20 })
  const [only, ...others] = rows
  if (!only) throw new CommandFault('No page is ringing.')
  if (others.length > 0) {
    const lines = rows.map(
      (row) => `  ${row.id}  ${row.priority} ${row.environment.slug}: ${printable(row.title)}`,
    )
    throw new CommandFault(`Several pages are ringing. Say which:\n${lines.join('\n')}`)
  }
  return only.id
}

export const ackCommand: Command = {
  usage: 'fortnight ack [PAGE]',
  about: 'Take a page; without an id the one that is ringing.',
  run: async (argv, io) => {
    const { positionals } = parseArgs({ args: [...argv], allowPositionals: true })
    const connection = needConnection(io.env)
    const given = positionals[0]
    if (given !== undefined && !ID.test(given))
      throw new CommandFault('A page is named by its id; `fortnight pages` lists them.', 3)
    const page = await call(connection, pageRoutes.acknowledgePage, {
      pageId: given ?? (await ringing(connection)),
    })
    io.out(`You have it: ${page.priority} ${page.environment.slug}: ${printable(page.title)}`)
    for (const alert of page.alerts.slice(0, 10))
      io.out(
        `  ${alert.priority} ${printable(`${alert.name}: ${alert.summary}`)} (since ${since(alert.startsAt)})`,
      )
    io.out(`${connection.url}/pages/${page.id}`)
    return 0
  },
}
