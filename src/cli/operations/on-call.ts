/** `fortnight who`, `override`, `swap`: duty from a shell. Times without an offset are those of this machine's clock. */
import { parseArgs } from 'node:util'
import { awayRoutes } from '../../contract/operations/away.ts'
import { onCallRoutes, type OnCallReply } from '../../contract/operations/on-call.ts'
import { swapRoutes, type SwapReply } from '../../contract/operations/swaps.ts'
import { meRoutes } from '../../contract/people/sign-in.ts'
import type { ReplyOf } from '../../contract/route.ts'
import { call } from '../shell/call.ts'
import { needConnection, type Connection } from '../shell/connection.ts'
import { CommandFault, usageFault, type Command, type Io } from '../shell/io.ts'
import { jsonText, printable } from '../shell/printable.ts'
import { table } from '../shell/table.ts'
import { instantFrom, wallTime } from '../shell/when.ts'
import { accountNamed } from './account-named.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/

const namesIn = (onCall: OnCallReply): string =>
  onCall.kind === 'nobody'
    ? onCall.onPurpose
      ? 'NOBODY (on purpose)'
      : 'NOBODY'
    : [onCall, ...onCall.also]
        .map(({ person, forwardedFrom }) =>
          forwardedFrom ? `${person.name} (for ${forwardedFrom.name})` : person.name,
        )
        .join(', ')

/** Exit 1 where nobody is on call: scripts ask it so. */
const who = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { at: { type: 'string' }, 'known-at': { type: 'string' }, json: { type: 'boolean' } },
  })
  const [schedule] = positionals
  const now = Date.now()
  const reply = await call(needConnection(io.env), onCallRoutes.whoIsOnCall, {
    ...(values.at === undefined ? {} : { at: instantFrom(values.at, 'at', now) }),
    ...(values['known-at'] === undefined
      ? {}
      : { knownAt: instantFrom(values['known-at'], 'known-at', now) }),
  })
  const rows = reply.rows.filter(
    (row) => schedule === undefined || row.schedule.slug === schedule || row.schedule.id === schedule,
  )
  if (schedule !== undefined && rows.length === 0)
    throw new CommandFault(`No schedule is called ${schedule}.`)
  if (values.json) io.out(jsonText(rows))
  else if (rows.length === 0)
    io.out('There is no schedule yet. Make one under On call, or with `fortnight apply`.')
  else
    table(
      ['SCHEDULE', 'ON CALL', 'UNTIL', 'NEXT'],
      rows.map(({ schedule: { slug }, onCall, next }) => [
        slug,
        namesIn(onCall),
        onCall.until === null ? '' : wallTime(onCall.until),
        next ? `${next.person.name} from ${wallTime(next.from)}` : '',
      ]),
      io.columns,
    ).forEach(io.out)
  return rows.some(({ onCall }) => onCall.kind === 'nobody') ? 1 : 0
}

export const whoCommand: Command = {
  usage: 'fortnight who [SCHEDULE] [--at 2026-12-24T09:00] [--known-at TIME] [--json]',
  about:
    'Who is on call, now or at a time, or as the rotas were known at a time. Exit 1 where nobody is on call.',
  run: who,
}

const overrideOptions = {
  who: { type: 'string' },
  from: { type: 'string' },
  until: { type: 'string' },
  rotation: { type: 'string', multiple: true },
  reason: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** `me`: whoever's token it is. */
const personFor = async (connection: Connection, name: string): Promise<string | null> => {
  if (name === 'nobody') return null
  if (name !== 'me') return accountNamed(connection, name)
  return (await call(connection, meRoutes.getMe, {})).account.id
}

const override = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: overrideOptions,
  })
  const connection = needConnection(io.env)
  const [schedule, id] = positionals[0] === 'remove' ? positionals.slice(1) : positionals
  if (schedule === undefined) throw usageFault('Name the schedule: fortnight override primary --who me …')
  if (positionals[0] === 'remove') {
    if (id === undefined || !UUID.test(id))
      throw usageFault('Name the override by its id: fortnight override remove primary ID.')
    await call(connection, onCallRoutes.removeOverride, { schedule, override: id })
    io.out('The override was taken away.')
    return 0
  }
  if (values.who === undefined) throw usageFault('Say who: --who handle, --who me, or --who nobody.')
  const now = Date.now()
  const { override: made, findings } = await call(connection, onCallRoutes.addOverride, {
    schedule,
    accountId: await personFor(connection, values.who),
    from: instantFrom(values.from ?? 'now', 'from', now),
    to: instantFrom(values.until, 'until', now),
    ...(values.rotation ? { rotationIds: values.rotation } : {}),
    ...(values.reason === undefined ? {} : { reason: values.reason }),
  })
  if (values.json) io.out(jsonText(made))
  else {
    const name = printable(made.person?.name ?? 'Nobody, on purpose,')
    io.out(`${name} is on call from ${wallTime(made.from)} to ${wallTime(made.to)} (${made.id}).`)
    for (const { detail } of findings) io.err(`  ${printable(detail)}`)
  }
  return 0
}

export const overrideCommand: Command = {
  usage:
    'fortnight override SCHEDULE --who handle|me|nobody [--from now] --until 2026-12-24T09:00 [--rotation id] [--reason text] | override remove SCHEDULE ID',
  about: 'Put somebody on call for a while, whatever the rota says; or take that away again.',
  run: override,
}

const forwardOptions = {
  who: { type: 'string' },
  to: { type: 'string' },
  from: { type: 'string' },
  until: { type: 'string' },
  reason: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** Whose it is: one's own unless somebody is named, which needs the right to change rotas. */
const forward = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: forwardOptions,
  })
  const connection = needConnection(io.env)
  if (positionals[0] === 'remove') {
    const [, id = ''] = positionals
    if (!UUID.test(id)) throw usageFault('Name the forwarding by its id: fortnight forward remove ID.')
    await call(connection, awayRoutes.removeForwarding, { forwarding: id })
    io.out('The forwarding was ended.')
    return 0
  }
  if (values.to === undefined || values.to === 'nobody' || values.who === 'nobody')
    throw usageFault('Say who answers: --to handle.')
  const now = Date.now()
  const accountId = await personFor(connection, values.who ?? 'me')
  const toAccountId = await personFor(connection, values.to)
  const made = await call(connection, awayRoutes.addForwarding, {
    ...(accountId === null ? {} : { accountId }),
    toAccountId: toAccountId ?? '',
    from: instantFrom(values.from ?? 'now', 'from', now),
    to: instantFrom(values.until, 'until', now),
    ...(values.reason === undefined ? {} : { reason: values.reason }),
  })
  const { person, answers, from, to, id } = made
  if (values.json) io.out(jsonText(made))
  else
    io.out(
      `${printable(answers.name)} answers for ${printable(person.name)} from ${wallTime(from)} to ${wallTime(to)} (${id}).`,
    )
  return 0
}

export const forwardCommand: Command = {
  usage:
    'fortnight forward --to handle [--who handle|me] [--from now] --until 2026-12-24T09:00 [--reason text] | forward remove ID',
  about: 'Let somebody else answer for you for a while, in every rota; or end that.',
  run: forward,
}

const swapOptions = {
  with: { type: 'string' },
  from: { type: 'string' },
  until: { type: 'string' },
  'for-from': { type: 'string' },
  'for-until': { type: 'string' },
  note: { type: 'string' },
  json: { type: 'boolean' },
} as const
type SwapValues = { [K in keyof typeof swapOptions]?: K extends 'json' ? boolean : string }

const standing: Readonly<Record<SwapReply['status'], string>> = {
  offered: 'waits for an answer',
  accepted: 'agreed',
  declined: 'declined',
  withdrawn: 'taken back',
  expired: 'not answered in time',
  void: 'void',
}

const describe = ({ legs }: SwapReply): string =>
  legs
    .map(
      ({ giver, taker, from, to }) => `${taker.name} for ${giver.name}, ${wallTime(from)} to ${wallTime(to)}`,
    )
    .join('; ')

const offer = (connection: Connection, schedule: string, values: SwapValues): Promise<SwapReply> => {
  if (values.with === undefined) throw usageFault('Say with whom: --with handle.')
  const now = Date.now()
  const stretch = (from: 'from' | 'for-from', until: 'until' | 'for-until') => ({
    from: instantFrom(values[from], from, now),
    to: instantFrom(values[until], until, now),
  })
  const isTrade = values['for-from'] !== undefined || values['for-until'] !== undefined
  return call(connection, swapRoutes.offerSwap, {
    schedule,
    with: values.with,
    give: stretch('from', 'until'),
    ...(isTrade ? { take: stretch('for-from', 'for-until') } : {}),
    ...(values.note === undefined ? {} : { note: values.note }),
  })
}

const answerTo = async (connection: Connection, verb: string, swap: string): Promise<SwapReply> => {
  if (!UUID.test(swap)) throw usageFault('A swap is named by its id; `fortnight swap` lists them.')
  switch (verb) {
    case 'accept':
      return (await call(connection, swapRoutes.acceptSwap, { swap })).swap
    case 'decline':
      return call(connection, swapRoutes.declineSwap, { swap })
    case 'withdraw':
      return call(connection, swapRoutes.withdrawSwap, { swap })
    default:
      throw usageFault('Say what to do: offer, accept, decline, withdraw; nothing lists swaps.')
  }
}

const list = (io: Io, { rows }: ReplyOf<typeof swapRoutes.listSwaps>): void => {
  if (rows.length === 0) io.out('Nobody asks for a swap. `fortnight swap offer` asks for one.')
  else
    table(
      ['SWAP', 'SCHEDULE', 'STANDS', 'WHAT'],
      rows.map((row) => [row.id, row.schedule.slug, standing[row.status], describe(row)]),
      io.columns,
    ).forEach(io.out)
}

const swap = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: swapOptions })
  const connection = needConnection(io.env)
  const [verb, named = ''] = positionals
  if (verb === undefined) {
    const reply = await call(connection, swapRoutes.listSwaps, {})
    if (values.json) io.out(jsonText(reply.rows))
    else list(io, reply)
    return 0
  }
  if (verb === 'offer' && named === '') throw usageFault('Name the schedule: fortnight swap offer primary …')
  const row =
    verb === 'offer' ? await offer(connection, named, values) : await answerTo(connection, verb, named)
  if (values.json) io.out(jsonText(row))
  else {
    io.out(`${row.id} ${standing[row.status]}: ${printable(describe(row))}`)
    for (const warning of row.warnings) io.err(`  ${printable(warning)}`)
  }
  return 0
}

export const swapCommand: Command = {
  usage:
    'fortnight swap [offer SCHEDULE --with handle --from TIME --until TIME [--for-from TIME --for-until TIME] [--note text] | accept|decline|withdraw SWAP] [--json]',
  about:
    'Ask a colleague to take your shift, or to trade two; answer such a question. Nothing moves until they accept.',
  run: swap,
}
