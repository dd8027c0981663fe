/** What was started is stopped the other way round, whenever the signal comes: also while it is still being started. */
import type { Log } from './platform/log.ts'

type End = () => Promise<unknown> | undefined

export type Stopping = {
  /** Ends run in the reverse of the order in which they were given. */
  readonly before: (end: End) => void
  /** @param code what the process ends with */
  readonly stop: (code?: number) => void
  /** Everything is there that can be stopped. @returns false when it is being stopped already */
  readonly started: () => boolean
}

/**
 * Listens from now on: between the first answer that says "ready" and the last line of a start there is a moment, and who
 * orchestrates us may use it.
 *
 * @param patienceMs after which the process ends however far it got
 */
export const stopInOrder = (log: Pick<Log, 'error'>, patienceMs: number): Stopping => {
  const ends: End[] = []
  let asked = false
  let begun = false
  let code = 0

  const runAll = async (): Promise<void> => {
    try {
      for (const end of ends.toReversed()) await end()
    } catch (error) {
      log.error({ err: (error as Error).message }, 'the shutdown was not clean')
    }
    process.exit(code)
  }
  const stop = (wanted = 0): void => {
    // Who insists while we are not even there yet does not want to wait.
    if (asked && !begun) process.exit(1)
    if (asked) return
    asked = true
    code = wanted
    setTimeout(() => process.exit(1), patienceMs).unref()
    if (begun) setImmediate(() => void runAll())
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop())
  return {
    before: (end) => void ends.push(end),
    stop,
    started: () => {
      begun = true
      if (asked) setImmediate(() => void runAll())
      return !asked
    },
  }
}
