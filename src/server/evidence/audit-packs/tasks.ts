/** Building and putting away packs, later and elsewhere. */
import { removeBlobFile } from '../../platform/blobs.ts'
import { record } from '../../platform/record.ts'
import { defineRecurring } from '../../platform/tasks/recurring.ts'
import { defineTask, type TaskKind } from '../../platform/tasks/task.ts'
import { MOST_ATTEMPTS, runBuild, type PackTask } from './build-pack.ts'
import { withdrawOldPacks } from './withdraw-packs.ts'

export const buildPackTask: TaskKind<PackTask> = defineTask<PackTask>('pack.build', {
  lane: 'heavy',
  leaseMs: 15_000,
  longestMs: 15 * 60_000,
  maxAttempts: MOST_ATTEMPTS,
  run: (ctx, payload, task) =>
    runBuild(ctx, payload, task, (dueAt) =>
      record(ctx, async (tx) => tx.later(buildPackTask, { key: payload.packId, payload, dueAt })),
    ),
})

/** The file of a withdrawn pack; without its key it says nothing any more, so this has no hurry. */
export const removePackFile = defineTask<{ name: string }>('pack.remove-file', {
  lane: 'ordinary',
  run: (ctx, { name }) => removeBlobFile(ctx.platform, name),
})

const HOUR_MS = 3_600_000
export const packSweep = defineRecurring('pack.sweep', {
  lane: 'ordinary',
  everyMs: HOUR_MS,
  run: (ctx) => withdrawOldPacks(ctx, (tx, name) => tx.later(removePackFile, { payload: { name } })),
})
