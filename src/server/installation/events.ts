/** What happens to the installation as a whole: it is backed up, restored, released. */
import { z } from 'zod'
import { id, instant } from '../../contract/shapes.ts'
import { defineEvent } from '../platform/events.ts'

const area = 'installation'

/** Recorded before the first byte leaves: who took all there is. Whether the copy arrived is not ours to know. */
export const installationBackedUp = defineEvent('installation.backed-up', {
  area,
  body: z.object({ backupId: id }),
})

/** Committed together with the restored rows. */
export const installationRestored = defineEvent('installation.restored', {
  area,
  body: z.object({
    backupId: id,
    takenAt: instant,
    rows: z.number().int(),
    files: z.number().int(),
    /** Size and root of each log as the backup had them. */
    ledger: z.array(z.object({ log: id, size: z.number().int(), root: z.string() })),
  }),
})

export const installationReleased = defineEvent('installation.released', {
  area,
  body: z.object({
    reason: z.string(),
    heldAt: instant,
    /** What will not fire; the payload says what each would have done. */
    expired: z.array(z.object({ task: id, kind: z.string(), payload: z.unknown() })),
    /** What goes, by kind. */
    released: z.array(z.object({ kind: z.string(), count: z.number().int() })),
  }),
})
