/** A task: something that must happen later, written in the transaction that needs it. */
import type { Ctx } from '../context.ts'

/**
 * page: escalation steps and sends of pages; mail: other messages; evidence: sealing and sequencing;
 * ordinary: housekeeping; heavy: packs, rendering (worker processes only).
 */
export type Lane = 'page' | 'mail' | 'evidence' | 'ordinary' | 'heavy'

/** Lanes that reach the outside world: they stand still while an installation is held after a restore. */
export const OUTWARD_LANES: readonly Lane[] = ['page', 'mail']

export type TaskKind<Payload> = {
  readonly kind: string
  readonly lane: Lane
  /** How long a process may be silent before another takes the task over; also the longest run, unless `longestMs` is set. */
  readonly leaseMs: number
  /** Set for what takes long: the lease is renewed while it runs, and it may run this long. Its event loop must stay free. */
  readonly longestMs?: number | undefined
  /** After this many attempts the task is parked, shown and alarmed. */
  readonly maxAttempts: number
  /** Set for what recurs: the task is moved forward by this instead of removed, and is never parked. */
  readonly everyMs?: number | undefined
  readonly run: (ctx: Ctx, payload: Payload, task: Task) => Promise<void>
  readonly together?: Together<Payload> | undefined
  /** A kind that is run together: while its batches run, this waits for what they make, so that it is told at once. */
  readonly after?: string | undefined
}

/**
 * For what falls due by the thousand: where several wait, they are claimed and run together. When that fails each is run
 * by itself, so that one that cannot be done stops nobody. Only for what waits for nothing but the database: a batch ends
 * as one.
 *
 * @property run gives back the payloads that it left, because somebody else was at work on them: they come again soon
 */
export type Together<Payload> = {
  readonly most: number
  readonly run: (ctx: Ctx, payloads: readonly Payload[]) => Promise<readonly Payload[]>
}

export type NewTask<Payload> = {
  readonly payload: Payload
  /** Epoch milliseconds; now when absent. */
  readonly dueAt?: number
  /** At most one waiting task per kind and key; a second replaces the first. */
  readonly key?: string
}

export type Task = {
  readonly id: string
  readonly kind: string
  readonly dueAt: number
  readonly attempt: number
}

const kinds = new Map<string, TaskKind<unknown>>()

/**
 * Declares a task kind. Handlers must be idempotent: a lease may expire while one still runs, and a process may die
 * between the work and the note that it is done.
 */
export const defineTask = <Payload>(
  kind: string,
  about: {
    lane: Lane
    leaseMs?: number
    longestMs?: number
    maxAttempts?: number
    everyMs?: number
    run: (ctx: Ctx, payload: Payload, task: Task) => Promise<void>
    together?: Together<Payload>
    after?: string
  },
): TaskKind<Payload> => {
  if (kinds.has(kind)) throw new Error(`task kind ${kind} is declared twice`)
  const task = {
    kind,
    lane: about.lane,
    leaseMs: about.leaseMs ?? 30_000,
    longestMs: about.longestMs,
    maxAttempts: about.maxAttempts ?? 12,
    everyMs: about.everyMs,
    run: about.run,
    together: about.together,
    after: about.after,
  }
  kinds.set(kind, task as TaskKind<unknown>)
  return task
}

export const taskKinds = (): ReadonlyMap<string, TaskKind<unknown>> => kinds

/** Wait before attempt n+1: 1 s, 2 s, 4 s … at most 5 minutes. */
export const retryDelayMs = (attempt: number): number =>
  Math.min(300_000, 1_000 * 2 ** Math.max(0, attempt - 1))
