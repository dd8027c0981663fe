/**
 * Instants of a rotation, found once: a year of a rota asks for the same hand-over a dozen times, and the calendar is what
 * costs. The shifts of a year of days and nights took 560 ms without this and take 49 ms with it.
 */

/** As many as a year of hourly hand-overs has, with both edges. */
const mostRemembered = 20_000

/** A pure answer kept with the value it was asked of, and forgotten with it; never two questions under one number. */
export const remembered = <Of extends object, Answer>(): ((
  of: Of,
  key: number,
  find: () => Answer,
) => Answer) => {
  const known = new WeakMap<Of, Map<number, Answer>>()
  return (of, key, find) => {
    let answers = known.get(of)
    if (answers === undefined) known.set(of, (answers = new Map()))
    let answer = answers.get(key)
    if (answer === undefined) {
      if (answers.size >= mostRemembered) answers.clear()
      answers.set(key, (answer = find()))
    }
    return answer
  }
}
