/** Runs due tasks: wakes at the next due time or when told, claims with a lease, retries with a growing pause. */
import { sql } from 'kysely'
import { systemCtx, type Platform } from '../context.ts'
import { isHeld } from '../held.ts'
import { OUTWARD_LANES, retryDelayMs, taskKinds, type Lane } from './task.ts'

export type TaskRunner = {
  readonly start: () => void
  /** Stops claiming and waits for what runs, at most `graceMs`. */
  readonly stop: (graceMs: number) => Promise<void>
  /** Runs everything due until nothing is left: for tests and the simulator, which own the clock. */
  readonly drain: () => Promise<number>
}

type Claimed = { id: string; kind: string; due_at: number; attempt: number; payload: unknown }

const BATCH = 32
/** Even when no wake-up reaches us we look this often: clocks jump, notifications get lost. */
const LONGEST_NAP_MS = 1_000

const claim = async (platform: Platform, lanes: readonly Lane[], limit: number): Promise<Claimed[]> => {
  const held = await isHeld(platform)
  const open = held ? lanes.filter((lane) => !OUTWARD_LANES.includes(lane)) : lanes
  const kinds = [...taskKinds().values()].filter((kind) => open.includes(kind.lane))
  if (kinds.length === 0) return []
  const now = platform.clock.now()
  // Unknown kinds are left for newer processes: only the kinds this process declares are asked for.
  const { rows } = await sql<Claimed>`
    update tasks set attempt = attempt + 1, leased_by = ${platform.processId}::uuid,
      lease_until_at = ${now}::bigint + k.lease_ms
    from unnest(${kinds.map((kind) => kind.kind)}::text[], ${kinds.map((kind) => kind.leaseMs)}::bigint[]) as k (kind, lease_ms)
    where tasks.kind = k.kind and tasks.id in (
      select id from tasks
      where lane = any(${open}::text[]) and kind = any(${kinds.map((kind) => kind.kind)}::text[])
        and due_at <= ${now} and parked_at is null and (lease_until_at is null or lease_until_at < ${now})
      order by due_at limit ${limit} for update skip locked)
    returning tasks.id, tasks.kind, tasks.due_at, tasks.attempt, tasks.payload`.execute(platform.database.db)
  return rows.sort((a, b) => a.due_at - b.due_at)
}

const finish = (platform: Platform, task: Claimed): Promise<unknown> =>
  sql`delete from tasks where id = ${task.id} and leased_by = ${platform.processId} and attempt = ${task.attempt}`.execute(
    platform.database.db,
  )

const postpone = async (platform: Platform, task: Claimed, error: unknown): Promise<void> => {
  const now = platform.clock.now()
  const most = taskKinds().get(task.kind)?.maxAttempts ?? 1
  const parkedAt = task.attempt >= most ? now : null
  const text = error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 500) : 'unknown error'
  platform.log.warn(
    { task: task.kind, id: task.id, attempt: task.attempt, parked: parkedAt !== null, err: text },
    'a task failed',
  )
  await sql`
    update tasks set due_at = ${now + retryDelayMs(task.attempt)}, lease_until_at = null, leased_by = null,
      last_error = ${text}, parked_at = ${parkedAt}
    where id = ${task.id} and leased_by = ${platform.processId} and attempt = ${task.attempt}`.execute(
    platform.database.db,
  )
}

const runOne = async (platform: Platform, task: Claimed): Promise<void> => {
  const kind = taskKinds().get(task.kind)
  if (!kind) return
  try {
    const about = { id: task.id, kind: task.kind, dueAt: task.due_at, attempt: task.attempt }
    await kind.run(systemCtx(platform, task.kind), task.payload, about)
    await finish(platform, task)
  } catch (error) {
    await postpone(platform, task, error)
  }
}

const nextDueIn = async (platform: Platform, lanes: readonly Lane[]): Promise<number> => {
  const now = platform.clock.now()
  const { rows } = await sql<{ due: number | null }>`
    select min(greatest(due_at, coalesce(lease_until_at, 0))) as due from tasks
    where lane = any(${lanes}::text[]) and kind = any(${[...taskKinds().keys()]}::text[]) and parked_at is null
  `.execute(platform.database.db)
  const due = rows[0]?.due
  return due === null || due === undefined ? LONGEST_NAP_MS : Math.min(LONGEST_NAP_MS, Math.max(1, due - now))
}

export const openTaskRunner = (platform: Platform, lanes: readonly Lane[]): TaskRunner => {
  let running = false
  let loop: Promise<void> = Promise.resolve()
  let wake: () => void = () => undefined
  let woken = false

  const nap = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (woken) return resolve()
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const round = async (): Promise<number> => {
    const tasks = await claim(platform, lanes, BATCH)
    await Promise.all(tasks.map((task) => runOne(platform, task)))
    return tasks.length
  }

  const run = async (): Promise<void> => {
    while (running) {
      woken = false
      try {
        if ((await round()) > 0) continue
        await nap(await nextDueIn(platform, lanes))
      } catch (error) {
        platform.log.warn({ err: (error as Error).message }, 'tasks wait: the database did not answer')
        await nap(LONGEST_NAP_MS)
      }
    }
  }

  platform.notifier.hear('tasks', () => {
    woken = true
    wake()
  })

  return {
    start: () => {
      running = true
      loop = run()
    },
    stop: async (graceMs) => {
      running = false
      woken = true
      wake()
      await Promise.race([loop, new Promise((resolve) => setTimeout(resolve, graceMs).unref())])
    },
    drain: async () => {
      let total = 0
      for (;;) {
        const ran = await round()
        if (ran === 0) return total
        total += ran
      }
    },
  }
}

declare module '../database.ts' {
  interface Tables {
    tasks: {
      id: string
      kind: string
      lane: string
      key: string | null
      due_at: number
      payload: unknown
      attempt: number
      lease_until_at: number | null
      leased_by: string | null
      parked_at: number | null
      last_error: string | null
      created_at: number
    }
  }
}
