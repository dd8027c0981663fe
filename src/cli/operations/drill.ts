/** `fortnight drill`: rings a drill from a shell, follows it to its end, and says afterwards what woke one. */
import { parseArgs } from 'node:util'
import { setTimeout as pause } from 'node:timers/promises'
import { drillRoutes, type DrillDetailReply } from '../../contract/operations/drills.ts'
import { describeDuration } from '../../domain/time/instant.ts'
import { call } from '../shell/call.ts'
import { needConnection, type Connection } from '../shell/connection.ts'
import { usageFault, type Command, type Io } from '../shell/io.ts'
import { jsonText, printable } from '../shell/printable.ts'
import { table } from '../shell/table.ts'
import { accountNamed } from './account-named.ts'

const LOOK_EVERY_MS = 2_000
const ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/

type Step = DrillDetailReply['steps'][number]

const lineOf = (drill: DrillDetailReply, { what, at, person, channel, detail }: Step): string =>
  [
    `+${describeDuration(at - drill.askedAt)}`.padEnd(12),
    what.padEnd(14),
    [person?.name, channel, detail]
      .filter((part) => part)
      .map((part) => printable(String(part)))
      .join(' · '),
  ].join(' ')

const outcomeOf = (drill: DrillDetailReply): string => {
  switch (drill.status) {
    case 'proved':
      return `Proved: ${printable(drill.takenBy?.name ?? 'somebody')} took it.`
    case 'missed':
      return `MISSED (${drill.why}). Administrators are told.`
    default:
      return `It rings. Taken within ${describeDuration(drill.dueAt - drill.askedAt)} it is proved.`
  }
}

const print = (io: Io, { url }: Connection, drill: DrillDetailReply): void => {
  for (const step of drill.steps) io.out(lineOf(drill, step))
  if (drill.overruledRule)
    io.out(`The routing rule ${drill.overruledRule} would have held a real alert back.`)
  io.out(outcomeOf(drill))
  io.out(`${url}/on-call?view=drills`)
}

/** Until it is taken or missed: its own deadline ends the wait. */
const follow = async (connection: Connection, drillId: string): Promise<DrillDetailReply> => {
  for (;;) {
    const drill = await call(connection, drillRoutes.getDrill, { drillId })
    if (drill.endedAt !== null) return drill
    await pause(LOOK_EVERY_MS)
  }
}

const start = async (
  io: Io,
  environment: string,
  person: string | undefined,
  wait: boolean,
  json: boolean,
) => {
  const connection = needConnection(io.env)
  const asked = await call(connection, drillRoutes.startDrill, {
    environment,
    ...(person === undefined ? {} : { person: await accountNamed(connection, person) }),
  })
  const drill = wait
    ? await follow(connection, asked.id)
    : await call(connection, drillRoutes.getDrill, { drillId: asked.id })
  if (json) io.out(jsonText(drill))
  else print(io, connection, drill)
  return drill.status === 'missed' ? 1 : 0
}

const list = async (io: Io, environment: string | undefined, json: boolean): Promise<number> => {
  const { rows } = await call(needConnection(io.env), drillRoutes.listDrills, {
    limit: 50,
    ...(environment === undefined ? {} : { environment }),
  })
  if (json) io.out(jsonText(rows))
  else if (rows.length === 0) io.out('No drill has been rung yet: `fortnight drill acme-prod` rings one.')
  else
    table(
      ['DRILL', 'ENVIRONMENT', 'WHOM', 'ASKED', 'OUTCOME', 'BY'],
      rows.map((row) => [
        row.id,
        row.environment.slug,
        row.person?.name ?? 'by policy',
        `${describeDuration(Math.max(0, Date.now() - row.askedAt))} ago`,
        row.status,
        row.takenBy?.name ?? '',
      ]),
      io.columns,
    ).forEach(io.out)
  return 0
}

/** `--none`: it reached me, and no app made a sound I would wake by. */
const woke = async (io: Io, drillId: string, ways: readonly string[], none: boolean): Promise<number> => {
  if (!ID.test(drillId)) throw usageFault('A drill is named by its id; `fortnight drill list` shows them.')
  if (ways.length === 0 && !none) throw usageFault('Say which app: web-push, or the id of a way; or --none.')
  const connection = needConnection(io.env)
  const drill = await call(connection, drillRoutes.answerDrill, { drillId, woke: none ? [] : [...ways] })
  for (const { method, channel, woke: did } of drill.apps)
    io.out(
      `${channel}${method === channel ? '' : ` (${method})`}: ${did ? 'wakes you' : 'does not wake you'}`,
    )
  return 0
}

export const drillCommand: Command = {
  usage:
    'fortnight drill ENVIRONMENT [--person handle] [--wait] [--json] | drill list [ENVIRONMENT] | drill woke DRILL web-push|WAY… | --none',
  about: 'Ring a paging drill through the whole path; --wait follows it and exits 1 when it is missed.',
  run: async (argv, io) => {
    const { positionals, values } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        person: { type: 'string' },
        wait: { type: 'boolean' },
        none: { type: 'boolean' },
        json: { type: 'boolean' },
      },
    })
    const [first, second, ...rest] = positionals
    if (first === undefined) throw usageFault('Say which environment to ring: fortnight drill acme-prod.')
    if (first === 'list') return list(io, second, values.json === true)
    if (first === 'woke') return woke(io, second ?? '', rest, values.none === true)
    if (second !== undefined) throw usageFault('One environment at a time.')
    return start(io, first, values.person, values.wait === true, values.json === true)
  },
}
