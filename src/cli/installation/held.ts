/** `fortnight held`: what would fire if this restored installation were released. */
import { parseArgs } from 'node:util'
import {
  installationAreaRoutes,
  type HeldShape,
  type WaitingTask,
} from '../../contract/installation/installation.ts'
import { call } from '../shell/call.ts'
import { needConnection } from '../shell/connection.ts'
import type { Command, Io } from '../shell/io.ts'
import { printable, table } from '../shell/table.ts'

const minute = 60_000
const hour = 60 * minute

/** How long ago, roughly; a person decides by it whether a page still matters. */
export const agoOf = (at: number, now: number): string => {
  const ms = now - at
  const size = Math.abs(ms)
  const text =
    size < 2 * minute
      ? `${Math.round(size / 1000)} s`
      : size < 2 * hour
        ? `${Math.round(size / minute)} min`
        : `${(size / hour).toFixed(1)} h`
  return ms >= 0 ? `${text} ago` : `in ${text}`
}

const taskRow = (task: WaitingTask, now: number): string[] => [
  task.id,
  task.kind,
  agoOf(task.dueAt, now),
  task.fromBackup ? 'backup' : 'since',
  task.person ? `${task.person.name} by ${task.channel ?? '?'}` : '',
  task.page ? `${task.page.environment}: ${task.page.title}` : '',
]

const section = (title: string, lines: readonly string[]): string[] => ['', title, ...lines]

const describe = (reply: HeldShape, now: number): string[] => {
  const { held } = reply
  if (!held) return ['Not held: everything goes its way.']
  const age = held.backup ? ` The backup was taken ${agoOf(held.backup.takenAt, now)}.` : ''
  const kinds = reply.kinds.map((row) => [
    row.kind,
    String(row.waiting),
    String(row.due),
    String(row.fromBackup),
    row.standsStill ? 'stands still' : 'goes on',
  ])
  const pages = reply.pages.map((page) => [
    page.priority,
    page.status,
    page.environment,
    agoOf(page.requestedAt, now),
    page.fromBackup ? 'backup' : 'since',
    page.title,
  ])
  const alerts = reply.alerts.map((alert) => [
    alert.priority,
    alert.environment.slug,
    alert.seenSince ? 'reported since the restore' : 'silent since the restore',
    alert.name,
  ])
  const { notClosed, seenSince } = reply.alertCounts
  return [
    `Held since ${new Date(held.since).toISOString().slice(0, 16)}Z (${agoOf(held.since, now)}). ${printable(held.reason)}${age}`,
    ...section('What waits', table(['kind', 'waiting', 'due', 'from backup', ''], kinds)),
    ...(reply.tasks.length > 0
      ? section(
          'What would fire',
          table(
            ['task', 'kind', 'due', 'from', 'whom', 'page'],
            reply.tasks.map((task) => taskRow(task, now)),
          ),
        )
      : []),
    ...(pages.length > 0
      ? section('Pages', table(['priority', 'status', 'environment', 'requested', 'from', 'title'], pages))
      : []),
    ...section(
      `Alerts: ${notClosed} not closed, ${seenSince} of them reported by their source since the restore`,
      alerts.length > 0 ? table(['priority', 'environment', 'source', 'name'], alerts) : [],
    ),
    '',
    'Release with `fortnight release --reason "…"`; `--expire ID`, `--expire KIND` or `--expire-all` lets things lapse.',
  ]
}

const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values } = parseArgs({ args: [...argv], options: { json: { type: 'boolean' } } })
  const reply = await call(needConnection(io.env), installationAreaRoutes.showHeld, {})
  if (values.json === true) io.out(JSON.stringify(reply, null, 2))
  else for (const line of describe(reply, Date.now())) io.out(line)
  return 0
}

export const held: Command = {
  usage: 'fortnight held [--json]',
  about: 'Show what would fire if this restored installation were released',
  run,
}
