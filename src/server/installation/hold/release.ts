/** Ends the hold: what was named expires with a recorded outcome, everything else goes. */
import type { Release, Released } from '../../../contract/installation/installation.ts'
import { chooseExpired } from '../../../domain/installation/choose-expired.ts'
import { isRefusal, refuse } from '../../../domain/refusal.ts'
import type { Ctx } from '../../platform/context.ts'
import { refused } from '../../platform/faults.ts'
import { record } from '../../platform/record.ts'
import { installationReleased } from '../events.ts'
import { deleteTasks, findWaiting, lockHold, outwardKinds, putReleased } from '../store/hold.ts'

const byKind = (tasks: readonly { kind: string }[]): { kind: string; count: number }[] =>
  [...Map.groupBy(tasks, ({ kind }) => kind)]
    .map(([kind, some]) => ({ kind, count: some.length }))
    .sort((a, b) => a.kind.localeCompare(b.kind, 'en'))

const notHeld = () =>
  refused(refuse('not-held', 'This installation is not held, or somebody has just released it.'))

export const release = async (ctx: Ctx, { expire, reason }: Release): Promise<Released> => {
  const released = await record(ctx, async (tx) => {
    const hold = await lockHold(tx.db)
    if (!hold) throw notHeld()
    const rows = await findWaiting(tx.db)
    const waiting = rows.map((row) => ({ ...row, createdAt: row.created_at }))
    const choice = chooseExpired(waiting, expire, outwardKinds(), hold.heldAt)
    if (isRefusal(choice)) throw refused(choice)
    await deleteTasks(
      tx.db,
      choice.expired.map(({ id }) => id),
    )
    await putReleased(tx.db, tx.now)
    tx.append(installationReleased, {
      stream: hold.installation,
      body: {
        reason,
        heldAt: hold.heldAt,
        expired: choice.expired.map(({ id, kind, payload }) => ({ task: id, kind, payload })),
        released: byKind(choice.released),
      },
    })
    return {
      expired: byKind(choice.expired),
      released: byKind(choice.released),
      gone: [...choice.gone],
    }
  })
  ctx.platform.notifier.say('installation')
  ctx.platform.notifier.say('tasks')
  return released
}
