/** Which rows of a list are chosen: one by one, or all between the last one and this. */
import { useState } from 'react'

type Chosen = {
  readonly scope: string
  readonly ids: ReadonlySet<string>
  readonly last: string | undefined
  /** All that the question finds, also what is not on screen. */
  readonly all: boolean
}

/** @returns the ids after one more was pressed; with `range` everything from the last pressed one becomes as this */
export const pressed = (
  order: readonly string[],
  chosen: ReadonlySet<string>,
  id: string,
  last: string | undefined,
  range: boolean,
): ReadonlySet<string> => {
  const next = new Set(chosen)
  const [from, to] = [last === undefined ? -1 : order.indexOf(last), order.indexOf(id)]
  const between =
    range && from !== -1 && to !== -1 ? order.slice(Math.min(from, to), Math.max(from, to) + 1) : [id]
  const isTaken = range && from !== -1 ? false : chosen.has(id)
  for (const each of between) {
    if (isTaken) next.delete(each)
    else next.add(each)
  }
  return next
}

/** @param scope what was asked: another question begins with nothing chosen. @param order ids of the rows, as they stand */
export const useSelection = (scope: string, order: readonly string[]) => {
  const nothing: Chosen = { scope, ids: new Set(), last: undefined, all: false }
  const [kept, keep] = useState(nothing)
  const chosen = kept.scope === scope ? kept : nothing
  const ids = order.filter((id) => chosen.ids.has(id))
  return {
    ids,
    all: chosen.all,
    has: (id: string): boolean => chosen.all || chosen.ids.has(id),
    press: (id: string, range: boolean): void =>
      keep({ scope, ids: pressed(order, chosen.ids, id, chosen.last, range), last: id, all: false }),
    chooseAll: (): void => keep({ ...chosen, all: true }),
    clear: (): void => keep(nothing),
  }
}
export type Selection = ReturnType<typeof useSelection>
