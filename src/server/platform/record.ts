/**
 * record(): the only function that yields a write transaction. What changes state appends an event in it, with its
 * ledger leaf and its tasks, or nothing is committed at all.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Ctx } from './context.ts'
import { actorId, tenantOf } from './actor.ts'
import { crashPoint } from './crash-point.ts'
import { isRetryable, type Db, type Tx } from './database.ts'
import type { EventType, NewEvent, RecordedEvent } from './events.ts'
import { writeHistory } from './history.ts'
import type { NewTask, TaskKind } from './tasks/task.ts'

export type WriteTx = {
  readonly db: Tx
  /** One instant for the whole transaction. */
  readonly now: number
  readonly ctx: Ctx
  readonly id: () => string
  /** Appends an event; reactions of other areas run before commit. Returns the event's id. */
  readonly append: <Body extends Record<string, unknown>>(
    type: EventType<Body>,
    event: NewEvent<Body>,
  ) => string
  /** Something for later: a row in this transaction. A task with the same kind and key is replaced. */
  readonly later: <Payload>(kind: TaskKind<Payload>, task: NewTask<Payload>) => void
  readonly cancelTask: (kind: TaskKind<never> | { readonly kind: string }, key: string) => void
  /** Says that this transaction stored observations (sealed by window) and so needs no event of its own. */
  readonly observed: () => void
}

/** Thrown when a verb writes without saying what happened: a bug of ours, never a user's fault. */
export class UnrecordedWrite extends Error {}

export type PendingWrites = {
  events: { type: EventType; event: RecordedEvent }[]
  tasks: { kind: TaskKind<unknown>; task: NewTask<unknown>; id: string }[]
  cancelled: { kind: string; key: string }[]
  observed: boolean
}

const UNDER_TEST = process.env['NODE_TEST_CONTEXT'] !== undefined
const MOST_ATTEMPTS = 8
const LONGEST_PAUSE_MS = 20
/** Keeps these advisory locks apart from everybody else's. */
const STREAM_LOCK_SEED = 4280
/** A chain of reactions deeper than this is a loop. */
const MOST_ROUNDS = 10

/** Both last until the end of the transaction. One statement, because intake does this for every batch. */
const enterTenant = async (ctx: Ctx, db: Tx, customerId: string): Promise<void> => {
  const role = (await ctx.platform.database.tenantRole()) ?? 'none'
  await sql`select set_config('fortnight.customer_id', ${customerId}, true), set_config('role', ${role}, true)`.execute(
    db,
  )
}

/** A body that is not what its type declares is a bug: under test it stops everything, at work it is told and kept. */
const checkBody = ({ log }: Ctx, { type, body, class: kind }: EventType, given: unknown): void => {
  if (kind === 'observation') return
  const checked = body.safeParse(given)
  if (checked.success) return
  const where = checked.error.issues.map((issue) => issue.path.join('.')).join(', ')
  if (UNDER_TEST) throw new TypeError(`the body of ${type} is not what it declares: ${where}`)
  log.error({ event: type, where }, 'the body of an event is not what its type declares')
}

const openTx = (ctx: Ctx, db: Tx, now: number, pending: PendingWrites): WriteTx => {
  const { ids } = ctx.platform
  return {
    db,
    now,
    ctx,
    id: () => ids.next(now),
    append: (type, given) => {
      checkBody(ctx, type as unknown as EventType, given.body)
      const id = ids.next(now)
      const event: RecordedEvent = {
        id,
        type: type.type,
        v: type.v,
        class: type.class,
        streamKind: type.stream,
        streamId: given.stream,
        at: given.at ?? now,
        recordedAt: now,
        actorKind: ctx.actor.kind,
        actorId: actorId(ctx.actor),
        via: ctx.actor.via,
        customerId: given.customerId,
        environmentId: given.environmentId,
        refs: given.refs ?? [],
        body: given.body,
        blobs: given.blobs ?? [],
      }
      pending.events.push({ type: type as unknown as EventType, event })
      return id
    },
    later: (kind, task) => {
      pending.tasks.push({ kind: kind as TaskKind<unknown>, task, id: ids.next(now) })
    },
    cancelTask: ({ kind }, key) => {
      pending.tasks = pending.tasks.filter((row) => row.kind.kind !== kind || row.task.key !== key)
      pending.cancelled.push({ kind, key })
    },
    observed: () => {
      pending.observed = true
    },
  }
}

/** Of many writers to one stream all but one would collide again: after a collision they queue, in one order for all. */
const takeTurns = async (db: Tx, streams: readonly string[]): Promise<void> => {
  for (const stream of [...new Set(streams)].sort())
    await sql`select pg_advisory_xact_lock(hashtextextended(${stream}, ${STREAM_LOCK_SEED}))`.execute(db)
}

/** Runs the reactions to everything appended, and to what they append, until nothing new is said. */
const react = async (tx: WriteTx, pending: PendingWrites): Promise<void> => {
  const { reactions } = tx.ctx.platform
  let handled = 0
  for (let round = 0; handled < pending.events.length; round++) {
    if (round === MOST_ROUNDS) throw new Error('reactions do not come to rest')
    const fresh = pending.events.slice(handled).map(({ event }) => event)
    handled = pending.events.length
    for (const [type, events] of Map.groupBy(fresh, (event) => event.type)) {
      for (const reaction of reactions.of(type)) await reaction(tx, events)
    }
  }
}

const saysNothing = ({ events, tasks, cancelled, observed }: PendingWrites): boolean =>
  events.length === 0 && tasks.length === 0 && cancelled.length === 0 && !observed

const attempt = async <T>(
  ctx: Ctx,
  work: (tx: WriteTx) => Promise<T>,
  pending: PendingWrites,
  streams: readonly string[],
): Promise<T> => {
  const { database, clock, outbox } = ctx.platform
  const done = await database.db.transaction().execute(async (db) => {
    const now = clock.now()
    const tenant = tenantOf(ctx.actor)
    if (tenant !== undefined) await enterTenant(ctx, db, tenant)
    if (streams.length > 0) await takeTurns(db, streams)
    const tx = openTx(ctx, db, now, pending)
    const answer = await work(tx)
    await react(tx, pending)
    if (saysNothing(pending) && answer !== NOTHING_CHANGED)
      throw new UnrecordedWrite('a write transaction ended without an event')
    await writeHistory(ctx, db, now, pending)
    await ctx.beforeCommit?.(db, now, answer)
    crashPoint('before-commit', pending)
    return { db, answer }
  })
  crashPoint('after-commit', pending)
  outbox.committed(done.db)
  return done.answer
}

/** What a verb's transaction returns when it found that there was nothing to do (an idempotent repeat). */
export const NOTHING_CHANGED: unique symbol = Symbol('nothing changed')

/**
 * Opens a write transaction, hands it to `work`, runs reactions, writes events, ledger leaves and tasks, commits, then
 * wakes whoever waits. Serialisation failures and deadlocks are tried again, so `work` must have no effect outside tx.
 */
export const record = async <T>(ctx: Ctx, work: (tx: WriteTx) => Promise<T>): Promise<T> => {
  let contested: string[] = []
  for (let tries = 1; ; tries++) {
    const pending: PendingWrites = { events: [], tasks: [], cancelled: [], observed: false }
    try {
      const answer = await attempt(ctx, work, pending, contested)
      if (pending.events.length > 0) ctx.platform.notifier.say('events')
      if (pending.tasks.length > 0) ctx.platform.notifier.say('tasks')
      return answer
    } catch (error) {
      const collided = (error as { constraint?: string }).constraint === 'events_stream_id_version_key'
      if (tries >= MOST_ATTEMPTS || !(isRetryable(error) || collided)) throw error
      if (collided) contested = pending.events.map(({ event }) => event.streamId)
      await pause(Math.random() * LONGEST_PAUSE_MS)
    }
  }
}

/**
 * Reads as this actor: staff and the engine straight from the pool, contacts and integrations in a transaction that
 * row-level security confines to their customer.
 */
export const read = <T>(ctx: Ctx, work: (db: Db) => Promise<T>): Promise<T> => {
  const tenant = tenantOf(ctx.actor)
  if (tenant === undefined) return work(ctx.platform.database.db)
  return ctx.platform.database.db
    .transaction()
    .setAccessMode('read only')
    .execute(async (db) => {
      await enterTenant(ctx, db, tenant)
      return work(db)
    })
}
