/** Which of the tasks that stand still after a restore will not fire, by what the administrator named. */
import { refuse, type Refusal } from '../refusal.ts'

export type Waiting = { readonly id: string; readonly kind: string; readonly createdAt: number }

export type Choice<T extends Waiting> = {
  readonly expired: readonly T[]
  readonly released: readonly T[]
  /** Ids that were named and wait no longer: somebody acknowledged meanwhile, for one. */
  readonly gone: readonly string[]
}

/**
 * A kind means those of its tasks that came with the backup. What was written since concerns something that happened
 * after the restore, perhaps after the administrator looked: it is expired by its id or not at all.
 *
 * @param named ids and kinds; every id holds no dot, every kind holds one
 * @param kinds those that stand still
 */
export const chooseExpired = <T extends Waiting>(
  waiting: readonly T[],
  named: readonly string[],
  kinds: readonly string[],
  heldAt: number,
): Choice<T> | Refusal<'not-held-back'> => {
  const given = new Set(named)
  const strange = named.filter((name) => name.includes('.') && !kinds.includes(name))
  if (strange.length > 0)
    return refuse(
      'not-held-back',
      `Tasks of the kind ${strange[0]} do not stand still, so there is nothing of them to expire. Those that do: ${kinds.join(', ') || 'none'}.`,
    )
  const isExpired = (task: T): boolean =>
    given.has(task.id) || (given.has(task.kind) && task.createdAt < heldAt)
  const ids = new Set(waiting.map(({ id }) => id))
  return {
    expired: waiting.filter(isExpired),
    released: waiting.filter((task) => !isExpired(task)),
    gone: named.filter((name) => !name.includes('.') && !ids.has(name)),
  }
}
