/** The one door for members that somebody sends: staff in use, nobody twice. */
import type { Tx } from '../../platform/database.ts'
import { Fault, type FieldFault } from '../../platform/faults.ts'
import { staffAmongMembers, type Member } from './store.ts'

/** @param before whoever was archived while in the team stays in it until somebody takes them out */
export const checkMembers = async (
  db: Tx,
  members: readonly Member[],
  before: readonly Member[] = [],
): Promise<void> => {
  const staff = await staffAmongMembers(
    db,
    members.map(({ accountId }) => accountId),
  )
  const known = new Set(before.map(({ accountId }) => accountId))
  const errors = members.flatMap(({ accountId }, place): FieldFault[] => {
    const person = staff.get(accountId)
    const isRepeat = members.findIndex((member) => member.accountId === accountId) < place
    const detail =
      person === undefined
        ? 'no member of staff has this id'
        : isRepeat
          ? `${person.name} is in the list twice`
          : person.archived && !known.has(accountId)
            ? `${person.name} is archived`
            : undefined
    return detail ? [{ path: `body.members.${place}`, detail }] : []
  })
  const [first] = errors
  if (first)
    throw new Fault('invalid-input', `Nothing was changed. ${first.path}: ${first.detail}.`, { errors })
}
