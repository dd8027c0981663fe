/** Runs due tasks: wakes at the next due time or when told, and keeps a slow lane from holding up the others. */
import { sql } from 'kysely'
import type { Platform } from '../context.ts'
import { lookAfterOthers } from '../gone-processes.ts'
import { claimMore, claimTasks, nextTaskIn, type Claimed, type Full, type Room } from './claim.ts'
import { runTask } from './run-task.ts'
import { runTogether } from './run-together.ts'
import { sowRecurring } from './recurring.ts'
import { taskKinds, type Lane } from './task.ts'

export type TaskRunner = {
  readonly start: () => void
  /** Stops claiming and waits for what runs, at most `graceMs`; what still runs then is free for other processes. */
  readonly stop: (graceMs: number) => Promise<void>
  /** Runs everything due until nothing is left: for tests and the simulator, which own the clock. */
  readonly drain: () => Promise<number>
}

/** How many tasks of a lane run at once in one process. Mail waits for other people's servers, heavy for the processor. */
const PLACES: Readonly<Record<Lane, number>> = { page: 16, mail: 8, evidence: 4, ordinary: 4, heavy: 1 }
const DRAINED_AT_ONCE = 32
/** Batches of one kind: one computes while the database works on the other. More would take connections from people. */
const BATCHES_AT_ONCE = 2
/** What waits for the batches of another kind waits no longer than this for an unbroken row of them. */
const AFTER_AT_MOST_MS = 10_000
/** Even when no wake-up reaches us we look this often: clocks jump, notifications get lost. */
const LONGEST_NAP_MS = 1_000
/** A due task may be locked by somebody for a moment: asking without a pause would only burn the processor. */
const SHORTEST_NAP_MS = 5

/** Sleeps until woken or until the time is up; a wake-up while awake cuts the next sleep short. */
const openBed = () => {
  let woken = false
  let rise: (() => void) | undefined
  return {
    wake: (): void => {
      woken = true
      rise?.()
    },
    nap: (ms: number): Promise<void> =>
      new Promise((resolve) => {
        const timer = setTimeout(() => rise?.(), Math.max(SHORTEST_NAP_MS, ms))
        rise = () => {
          clearTimeout(timer)
          rise = undefined
          woken = false
          resolve()
        }
        if (woken) rise()
      }),
  }
}

/** What was claimed, as it is run: one by one, or together with more of the same kind when more is due than there was room. */
const inGroups = async (platform: Platform, tasks: readonly Claimed[], room: Room): Promise<Claimed[][]> => {
  const groups: Claimed[][] = []
  const wasFull = (lane: Lane): boolean =>
    tasks.filter((task) => task.lane === lane).length >= (room.get(lane) ?? 0)
  for (const [name, some] of Map.groupBy(tasks, ({ kind }) => kind)) {
    const kind = taskKinds().get(name)
    if (!kind?.together) groups.push(...some.map((task) => [task]))
    else if (!wasFull(kind.lane)) groups.push(some)
    // A failure here would leave what was claimed to its lease.
    else
      groups.push([
        ...some,
        ...(await claimMore(platform, kind, kind.together.most - some.length).catch(() => [])),
      ])
  }
  return groups
}

const runGroup = (platform: Platform, group: readonly Claimed[]): Promise<void> => {
  const [first] = group
  const together = first && taskKinds().get(first.kind)?.together
  if (first && (!together || group.length === 1)) return runTask(platform, first)
  return together ? runTogether(platform, group, together) : Promise.resolve()
}

const release = (platform: Platform): Promise<unknown> =>
  sql`update tasks set lease_until_at = null, leased_by = null where leased_by = ${platform.processId}`.execute(
    platform.database.db,
  )

export const openTaskRunner = (platform: Platform, lanes: readonly Lane[]): TaskRunner => {
  const bed = openBed()
  const running = new Map<Promise<void>, { readonly lane: Lane; readonly batchOf: string | null }>()
  let on = false
  let loop: Promise<void> = Promise.resolve()
  let sown = false
  let batchesSince: number | undefined
  const lookAfter = lookAfterOthers(platform)

  const room = (): Room => {
    const taken = Map.groupBy(running.values(), ({ lane }) => lane)
    return new Map(
      lanes
        .map((lane) => [lane, PLACES[lane] - (taken.get(lane)?.length ?? 0)] as const)
        .filter(([, places]) => places > 0),
    )
  }

  const full = (): Full => {
    const batches = [...running.values()].flatMap(({ batchOf }) => batchOf ?? [])
    if (batches.length === 0) batchesSince = undefined
    else batchesSince ??= performance.now()
    const mayWait = performance.now() - (batchesSince ?? 0) < AFTER_AT_MOST_MS
    const waiting = [...taskKinds().values()].filter(
      ({ after }) => after && mayWait && batches.includes(after),
    )
    return new Set([
      ...batches.filter((kind) => batches.filter((each) => each === kind).length >= BATCHES_AT_ONCE),
      ...waiting.map(({ kind }) => kind),
    ])
  }

  const claimAndStart = async (): Promise<number> => {
    const places = room()
    const tasks = await claimTasks(platform, places, full())
    for (const group of await inGroups(platform, tasks, places)) {
      const [first] = group
      if (!first) continue
      const run = runGroup(platform, group).finally(() => {
        running.delete(run)
        bed.wake()
      })
      running.set(run, { lane: first.lane, batchOf: group.length > 1 ? first.kind : null })
    }
    return tasks.length
  }

  const keepRunning = async (): Promise<void> => {
    while (on) {
      try {
        if (!sown) await sowRecurring(platform, lanes)
        sown = true
        await lookAfter()
        if ((await claimAndStart()) > 0) continue
        const dueIn = await nextTaskIn(platform, [...room().keys()], full())
        await bed.nap(Math.min(LONGEST_NAP_MS, dueIn ?? LONGEST_NAP_MS))
      } catch (error) {
        platform.log.warn({ err: (error as Error).message }, 'tasks wait: the database did not answer')
        await bed.nap(LONGEST_NAP_MS)
      }
    }
  }

  platform.notifier.hear('tasks', bed.wake)

  return {
    start: () => {
      if (on) return
      on = true
      loop = keepRunning()
    },
    stop: async (graceMs) => {
      on = false
      bed.wake()
      const patience = new Promise((resolve) => setTimeout(resolve, graceMs, 'late').unref())
      const ended = loop.then(() => Promise.all(running.keys()))
      if ((await Promise.race([ended, patience])) === 'late')
        await Promise.race([
          release(platform).catch(() => undefined),
          new Promise((resolve) => setTimeout(resolve, 1_000).unref()),
        ])
    },
    drain: async () => {
      for (let total = 0; ;) {
        const places = new Map(lanes.map((lane) => [lane, DRAINED_AT_ONCE] as const))
        const groups = await inGroups(platform, await claimTasks(platform, places), places)
        if (groups.length === 0) return total
        await Promise.all(groups.map((group) => runGroup(platform, group)))
        total += groups.flat().length
      }
    },
  }
}
