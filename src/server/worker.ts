/** The worker process: heavy tasks (packs, rendering) apart from those who page. It waits with little and loads the rest when there is work. */
import { setTimeout as pause } from 'node:timers/promises'
import { boot } from './platform/boot.ts'
import { readConfig } from './platform/config.ts'
import type { Platform } from './platform/context.ts'
import { openLog } from './platform/log.ts'
import type { TaskRunner } from './platform/tasks/runner.ts'
import { taskWaits } from './platform/tasks/task-waits.ts'
import { CHILD_MARK, GRACE_MS } from './keep-child.ts'

/** Also without a wake-up: notifications get lost. */
const LOOK_EVERY_MS = 1_000
/** Heavy work is one at a time, and the signs of life and reads beside it. */
const CONNECTIONS = 2

/** Resolves when a task waits, or when told to stop. Everything else stays unloaded until then: 30 MB (docs/performance.md). */
const untilWork = async (platform: Platform, stopped: AbortSignal): Promise<void> => {
  let rise: () => void = () => undefined
  platform.notifier.hear('tasks', () => rise())
  stopped.addEventListener('abort', () => rise())
  while (!stopped.aborted) {
    const woken = new Promise<void>((resolve) => {
      rise = resolve
    })
    const waits = await taskWaits(platform, 'heavy').catch((error: Error) => {
      platform.log.warn({ err: error.message }, 'tasks wait: the database did not answer')
      return false
    })
    if (waits) return
    await Promise.race([woken, pause(LOOK_EVERY_MS)])
  }
}

const stopWhenAsked = (): AbortController => {
  const stopping = new AbortController()
  const stop = (): void => stopping.abort()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  // A parent that is gone can neither restart nor stop us: the pipe's end tells.
  if (process.env[CHILD_MARK]) process.stdin.resume().on('end', stop).on('error', stop)
  return stopping
}

const work = async (): Promise<void> => {
  const stopping = stopWhenAsked()
  const stopped = stopping.signal
  const given = readConfig(process.env)
  if (!given.DATABASE_URL)
    throw new Error(
      'The worker needs DATABASE_URL. `npm start` starts one by itself; by hand name the database it works for.',
    )
  const config = { ...given, DATABASE_POOL: CONNECTIONS }
  const log = openLog(config.LOG_LEVEL, 'worker')
  const booted = await boot({ config, connectionString: given.DATABASE_URL, roles: ['worker'], log })
  void booted.outdated.then((sentence) => {
    log.warn(sentence)
    stopping.abort()
  })
  await untilWork(booted.platform, stopped)
  let runner: TaskRunner | undefined
  if (!stopped.aborted) {
    const { openHeavyWork } = await import('./heavy-work.ts')
    runner = openHeavyWork(booted.platform)
    runner.start()
    if (!stopped.aborted)
      await new Promise<void>((resolve) => stopped.addEventListener('abort', () => resolve()))
  }
  const hurry = setTimeout(() => process.exit(1), 2 * GRACE_MS)
  await runner?.stop(GRACE_MS)
  await booted.stop()
  clearTimeout(hurry)
}

work().then(
  () => process.exit(0),
  (error: Error) => {
    process.stderr.write(`\nThe worker could not start.\n${error.message}\n`)
    process.exit(1)
  },
)
