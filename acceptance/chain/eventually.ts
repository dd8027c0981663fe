/** Waits for something that the system will do by itself, and says what it waited for when it does not come. */

const WITHIN_MS = 30_000
const LOOK_EVERY_MS = 50

export const eventually = async <T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
  withinMs = WITHIN_MS,
): Promise<T> => {
  const deadline = Date.now() + withinMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${withinMs / 1000} s`)
    await new Promise((next) => setTimeout(next, LOOK_EVERY_MS))
  }
}
