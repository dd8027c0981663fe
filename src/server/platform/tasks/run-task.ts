/** Runs one claimed task and writes what came of it: done, again after a pause, or parked for a person. */
import { sql } from 'kysely'
import { systemCtx, type Platform } from '../context.ts'
import { gather } from '../gather.ts'
import { count } from '../metrics.ts'
import type { Claimed } from './claim.ts'
import { retryDelayMs, taskKinds, type TaskKind } from './task.ts'

/** Still ours: neither replaced (another id), nor taken over after its lease (another attempt or process). */
const ours = (platform: Platform, task: Claimed) =>
  sql`id = ${task.id} and leased_by = ${platform.processId} and attempt = ${task.attempt}`

/** Of many: joined as `mine`, and those among them that are still ours. */
export const mine = (tasks: readonly Claimed[]) => sql`
  unnest(${tasks.map(({ id }) => id)}::uuid[], ${tasks.map(({ attempt }) => attempt)}::int[]) as mine (id, attempt)`
export const stillOurs = ({ processId }: Platform) => sql`
  t.id = mine.id and t.attempt = mine.attempt and t.leased_by = ${processId}::uuid`

export const removeDone = async (platform: Platform, tasks: readonly Claimed[]): Promise<void> => {
  await sql`delete from tasks t using ${mine(tasks)} where ${stillOurs(platform)}`.execute(
    platform.database.db,
  )
}

/** Those that end while others are being ended go together. */
const remove = gather({
  most: 100,
  keyOf: ({ id }: Claimed) => id,
  work: async ({ platform }: { readonly platform: Platform }, tasks) => {
    await removeDone(platform, tasks)
    return tasks.map(() => undefined)
  },
})

const finish = async (platform: Platform, task: Claimed, { everyMs }: TaskKind<unknown>): Promise<void> => {
  const { db } = platform.database
  if (everyMs === undefined) return remove({ platform }, task)
  await sql`
    update tasks set due_at = ${platform.clock.now() + everyMs}, attempt = 0, lease_until_at = null, leased_by = null,
      last_error = null where ${ours(platform, task)}`.execute(db)
}

const postpone = async (
  platform: Platform,
  task: Claimed,
  { maxAttempts, everyMs }: TaskKind<unknown>,
  error: unknown,
): Promise<void> => {
  const now = platform.clock.now()
  // What recurs is never parked: the next time may be better, and nobody would start it again.
  const parked = everyMs === undefined && task.attempt >= maxAttempts
  const text = error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 500) : 'unknown error'
  platform.log.warn(
    { task: task.kind, id: task.id, attempt: task.attempt, parked, err: text },
    'a task failed',
  )
  count('fortnight_task_failures_total', 'Attempts at a task that failed.', 1, { kind: task.kind })
  await sql`
    update tasks set due_at = ${now + retryDelayMs(task.attempt)}, lease_until_at = null, leased_by = null,
      last_error = ${text.replaceAll('\u0000', '')}, parked_at = ${parked ? now : null}
    where ${ours(platform, task)}`.execute(platform.database.db)
}

/** A handler that never ends must not hold its place for ever: after its lease it counts as failed. */
export const within = async <T>(leaseMs: number, run: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no end within its lease of ${leaseMs} ms`)), leaseMs)
  })
  try {
    return await Promise.race([run, late])
  } finally {
    clearTimeout(timer)
  }
}

/** As long as this process lives and its event loop turns; a killed one is silent, and its task soon another's. */
const keepLease = (platform: Platform, task: Claimed, kind: TaskKind<unknown>): (() => void) => {
  if (kind.longestMs === undefined) return () => undefined
  const timer = setInterval(() => {
    sql`update tasks set lease_until_at = ${platform.clock.now() + kind.leaseMs} where ${ours(platform, task)}`
      .execute(platform.database.db)
      .catch((error: Error) =>
        platform.log.warn({ task: kind.kind, err: error.message }, 'a lease could not be renewed'),
      )
  }, kind.leaseMs / 3)
  return () => clearInterval(timer)
}

/** Never rejects: when the database is away the lease expires and the task is run again. */
export const runTask = async (platform: Platform, task: Claimed): Promise<void> => {
  const kind = taskKinds().get(task.kind)
  if (!kind) return
  const about = { id: task.id, kind: task.kind, dueAt: task.due_at, attempt: task.attempt }
  const giveUp = keepLease(platform, task, kind)
  try {
    try {
      await within(
        kind.longestMs ?? kind.leaseMs,
        kind.run(systemCtx(platform, task.kind), task.payload, about),
      )
    } catch (error) {
      await postpone(platform, task, kind, error)
      return
    }
    await finish(platform, task, kind)
  } catch (error) {
    platform.log.warn(
      { task: task.kind, id: task.id, err: (error as Error).message },
      'what came of a task could not be written',
    )
  } finally {
    giveUp()
  }
}
