/** Waiting in tests: for a fact, not for a time. */
import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'

/** Asks again until the answer is true; fails with `what` after `withinMs`. */
export const until = async (
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 10_000,
): Promise<void> => {
  const deadline = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > deadline) assert.fail(`within ${withinMs} ms it was not so that ${what}`)
    await pause(5)
  }
}
