/** Does one thing after the other, in the order asked for; a fault reaches who asked and stops nobody behind it. */

export type Queue = <T>(work: () => Promise<T>) => Promise<T>

export const openQueue = (): Queue => {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const next = last.then(work)
    last = next.catch(() => undefined)
    return next
  }
}
