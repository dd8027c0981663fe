/** Runs a batch of one kind, and writes what came of it in one statement; a batch that fails is run one by one. */
import { sql } from 'kysely'
import { systemCtx, type Platform } from '../context.ts'
import { isDatabaseAway } from '../database.ts'
import type { Claimed } from './claim.ts'
import { mine, removeDone, runTask, stillOurs, within } from './run-task.ts'
import { taskKinds, type Together } from './task.ts'

/** Of a batch that failed: one that hangs must not hold up the others. */
const AT_ONCE = 4
/** What somebody else was at work on comes again after this: by then it is alone, and may wait for them. */
const LEFT_FOR_MS = 200

const putBack = async (platform: Platform, tasks: readonly Claimed[]): Promise<void> => {
  const { database, clock } = platform
  if (tasks.length > 0)
    await sql`
      update tasks t set due_at = ${clock.now() + LEFT_FOR_MS}, lease_until_at = null, leased_by = null
      from ${mine(tasks)} where ${stillOurs(platform)}`.execute(database.db)
}

const oneByOne = async (platform: Platform, tasks: readonly Claimed[]): Promise<void> => {
  const left = [...tasks]
  const work = async (): Promise<void> => {
    for (let task = left.shift(); task; task = left.shift()) await runTask(platform, task)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}

/** Never rejects, as runTask: when the database is away the leases expire and the tasks are run again. */
export const runTogether = async (
  platform: Platform,
  tasks: readonly Claimed[],
  together: Together<unknown>,
): Promise<void> => {
  const [first] = tasks
  const kind = first && taskKinds().get(first.kind)
  if (!kind) return
  try {
    const payloads = tasks.map(({ payload }) => payload)
    const left = new Set(await within(kind.leaseMs, together.run(systemCtx(platform, kind.kind), payloads)))
    await removeDone(
      platform,
      tasks.filter(({ payload }) => !left.has(payload)),
    )
    await putBack(
      platform,
      tasks.filter(({ payload }) => left.has(payload)),
    )
  } catch (error) {
    const about = { task: kind.kind, count: tasks.length, err: (error as Error).message }
    if (isDatabaseAway(error)) return platform.log.warn(about, 'what came of tasks could not be written')
    platform.log.warn(about, 'tasks that were run together failed: each is run by itself')
    await oneByOne(platform, tasks)
  }
}
