/** Who answered for whom as it was known at an instant, from the events alone. */
import type { Forwarding } from '../../../../domain/operations/on-call/schedule.ts'
import type { Db, Tx } from '../../../platform/database.ts'
import { forwardingAdded, forwardingRemoved } from './events.ts'
import { pastForwardings } from './store.ts'

export const forwardingsAsKnown = async (db: Db | Tx, knownAt: number): Promise<Forwarding[]> => {
  const known = new Map<string, Forwarding>()
  for (const { id, type, at, body } of await pastForwardings(db, knownAt)) {
    if (type === forwardingAdded.type) {
      const { accountId, toAccountId, from, to } = forwardingAdded.body.parse(body)
      known.set(id, { id, accountId, toAccountId, from, to })
      continue
    }
    const before = known.get(id)
    if (type !== forwardingRemoved.type || before === undefined) continue
    if (at <= before.from) known.delete(id)
    else known.set(id, { ...before, to: Math.min(before.to, at) })
  }
  return [...known.values()]
}
