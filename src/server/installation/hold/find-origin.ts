/** Why this installation is held, since when, and how old the state is that it was restored to. */
import type { Hold } from '../../../contract/installation/installation.ts'
import type { Ctx } from '../../platform/context.ts'
import { bodyOf } from '../../platform/event-body.ts'
import { read } from '../../platform/record.ts'
import { installationRestored } from '../events.ts'
import { findHold, findRestoreEvent } from '../store/hold.ts'

export const findOrigin = (ctx: Ctx): Promise<Hold | null> =>
  read(ctx, async (db) => {
    const hold = await findHold(db)
    if (!hold) return null
    const event = await findRestoreEvent(db, hold.installation, installationRestored.type)
    const body = installationRestored.body.safeParse(bodyOf(event?.disclosures ?? []))
    const backup = body.success
      ? {
          id: body.data.backupId,
          takenAt: body.data.takenAt,
          ageMs: ctx.platform.clock.now() - body.data.takenAt,
        }
      : null
    return { since: hold.heldAt, reason: hold.reason, backup }
  })
