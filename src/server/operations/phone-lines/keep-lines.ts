/** The lines of an environment as people keep them, with their last calls and who would be rung. */
import type { phoneLineRoutes, PhoneLineReply } from '../../../contract/operations/phone-lines.ts'
import type { InputOf, ReplyOf } from '../../../contract/route.ts'
import { may } from '../../../domain/people/permissions.ts'
import {
  environmentNamed,
  environmentOrFault,
  namesOf,
  readerOf,
  type PersonName,
} from '../../people/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { read, record, type WriteTx } from '../../platform/record.ts'
import { whomToRing } from '../paging/index.ts'
import { phoneLineDefined, phoneLineRemoved } from './events.ts'
import { say } from './messages.ts'
import { lastCalls, lineOfNumber, linesOf, putLine, type CallWithWords, type PhoneLineRow } from './store.ts'

type Names = ReadonlyMap<string, PersonName>

const personIn =
  (names: Names) =>
  (id: string): { id: string; name: string } => ({ id, name: names.get(id)?.name ?? '' })

const presentCall = (call: CallWithWords, names: Names): PhoneLineReply['calls'][number] => {
  const { takenBy, candidates, position } = call.state
  const person = personIn(names)
  return {
    id: call.id,
    receivedAt: call.received_at,
    endedAt: call.ended_at,
    status: call.status,
    from: call.from,
    takenBy: takenBy === null ? null : person(takenBy),
    rangAt: candidates.slice(0, position + 1).map(({ accountId }) => person(accountId)),
    messageUrl: call.messageUrl,
  }
}

const present = (row: PhoneLineRow, calls: readonly CallWithWords[], names: Names): PhoneLineReply => ({
  number: row.number,
  name: row.name,
  greeting: row.greeting,
  priority: row.priority,
  ringSeconds: row.ring_seconds,
  calls: calls.filter((call) => call.line_id === row.id).map((call) => presentCall(call, names)),
})

const DEFAULTS = { priority: 1, ring_seconds: 25, greeting: '' }

export const listPhoneLines = (
  ctx: Ctx,
  { environment }: { environment: string },
): Promise<ReplyOf<typeof phoneLineRoutes.listPhoneLines>> =>
  read(ctx, async (db) => {
    const { id, archived_at } = await environmentOrFault(db, environment)
    const lines = await linesOf(db, id)
    const calls = await lastCalls(
      db,
      lines.map((line) => line.id),
    )
    const wouldRing = (await whomToRing(db as Tx, id, ctx.platform.clock.now())).map(
      ({ accountId }) => accountId,
    )
    const names = await namesOf(db, [
      ...wouldRing,
      ...calls.flatMap(({ state }) => state.candidates.map(({ accountId }) => accountId)),
    ])
    return {
      rows: lines.map((line) => present(line, calls, names)),
      wouldRing: wouldRing.map(personIn(names)),
      lacks: ctx.platform.config.SMS_GATEWAY ? null : say(await readerOf(db, ctx.actor), 'needs-gateway'),
      can: { change: archived_at === null && may(ctx.actor, 'phone-lines.change') },
    }
  })

type Wanted = InputOf<typeof phoneLineRoutes.putPhoneLine>

const moved = (): Fault =>
  new Fault('already-exists', 'This number is a line of another environment. Nothing was changed.')

/** What is left out stays, or begins as usual. */
export const putPhoneLineIn = async (
  tx: WriteTx,
  { environment, number, ...said }: Wanted,
): Promise<PhoneLineRow> => {
  const place = await environmentNamed(tx.db, environment)
  const before = await lineOfNumber(tx.db, number)
  if (before && before.environment_id !== place.id) throw moved()
  const row: PhoneLineRow = {
    id: before?.id ?? tx.id(),
    customer_id: place.customer_id,
    environment_id: place.id,
    number,
    name: said.name ?? before?.name ?? place.name,
    greeting: said.greeting ?? before?.greeting ?? DEFAULTS.greeting,
    priority: said.priority ?? before?.priority ?? DEFAULTS.priority,
    ring_seconds: said.ringSeconds ?? before?.ring_seconds ?? DEFAULTS.ring_seconds,
    created_at: before?.created_at ?? tx.now,
    removed_at: null,
  }
  await putLine(tx.db, row)
  const { name, greeting, priority } = row
  tx.append(phoneLineDefined, {
    stream: row.id,
    customerId: row.customer_id,
    environmentId: row.environment_id,
    body: { number, name, greeting, priority, ringSeconds: row.ring_seconds },
  })
  return row
}

export const putPhoneLine = (ctx: Ctx, wanted: Wanted): Promise<PhoneLineReply> =>
  record(ctx, async (tx) => {
    const row = await putPhoneLineIn(tx, wanted)
    const calls = await lastCalls(tx.db, [row.id])
    const rung = calls.flatMap(({ state }) => state.candidates.map(({ accountId }) => accountId))
    return present(row, calls, await namesOf(tx.db, rung))
  })

/** @param environmentId where it has to be; undefined: wherever it is */
export const removePhoneLineIn = async (
  tx: WriteTx,
  number: string,
  environmentId?: string,
): Promise<void> => {
  const row = await lineOfNumber(tx.db, number)
  if (!row || (environmentId !== undefined && row.environment_id !== environmentId))
    throw notFound('This line')
  await putLine(tx.db, { ...row, removed_at: tx.now })
  tx.append(phoneLineRemoved, {
    stream: row.id,
    customerId: row.customer_id,
    environmentId: row.environment_id,
    body: { number },
  })
}

export const removePhoneLine = async (
  ctx: Ctx,
  { environment, number }: InputOf<typeof phoneLineRoutes.removePhoneLine>,
): Promise<{ done: true }> => {
  await record(ctx, async (tx) => {
    const { id } = await environmentOrFault(tx.db, environment)
    await removePhoneLineIn(tx, number, id)
  })
  return { done: true }
}
