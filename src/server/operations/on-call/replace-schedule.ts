/** Replaces a schedule's name and layers; its overrides stay, and history keeps what it was. */
import type { ScheduleOutcomeReply } from '../../../contract/operations/on-call.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { NOTHING_CHANGED, read, record, type WriteTx } from '../../platform/record.ts'
import { checkedLayers } from './checked-layers.ts'
import { canonical, rulesOf, type ScheduleDefinition, type StoredSchedule } from './definition.ts'
import { eventDefinition, scheduleChanged } from './events.ts'
import { refuseArchived } from './find-schedule.ts'
import { outcomeOf } from './outcome.ts'
import { findSchedule, lockSchedule, updateSchedule } from './store.ts'
import { followSwaps } from './swaps/follow-swaps.ts'

type Wanted = ScheduleDefinition & { readonly name: string; readonly ifVersion?: number | undefined }

const refuseOvertaken = (stored: StoredSchedule, ifVersion: number | undefined): void => {
  if (ifVersion === undefined || ifVersion === stored.version) return
  throw new Fault(
    'conflict',
    `${stored.name} was changed by somebody else: you looked at version ${ifVersion}, it is at ${stored.version}. Load it again.`,
  )
}

const prepare = async (db: Db | Tx, stored: StoredSchedule | undefined, wanted: Wanted, now: number) => {
  if (!stored) throw notFound('This schedule')
  refuseArchived(stored)
  refuseOvertaken(stored, wanted.ifVersion)
  const { layers: before, overrides } = stored.rules
  const { layers, colleagues, around } = await checkedLayers(db, wanted.layers, before, overrides, now)
  // Who sends layers alone speaks of them and of nothing else.
  const { combine, restHours } = stored.rules
  const definition = {
    layers,
    combine: wanted.combine ?? combine,
    restHours: wanted.restHours ?? restHours,
  }
  const rules = rulesOf(stored.id, definition, overrides, around)
  const kept = { layers: before, combine, restHours }
  const isSame = stored.name === wanted.name && canonical(kept) === canonical(definition)
  const outcome = (schedule: { version: number; stored: boolean }) =>
    outcomeOf(rules, colleagues, now, {
      stored: schedule.stored,
      schedule: { id: stored.id, slug: stored.slug, name: wanted.name, version: schedule.version },
    })
  return { stored, definition, isSame, outcome }
}

/** Within a transaction of somebody else. @returns undefined when it was so already */
export const changeSchedule = async (
  tx: WriteTx,
  name: string,
  wanted: Wanted,
): Promise<ScheduleOutcomeReply | undefined> => {
  const locked = await lockSchedule(tx.db, name, tx.now)
  const { stored, definition, isSame, outcome } = await prepare(tx.db, locked, wanted, tx.now)
  if (isSame) return undefined
  const version = stored.version + 1
  await updateSchedule(tx.db, stored.id, { name: wanted.name, definition, version })
  tx.append(scheduleChanged, {
    stream: stored.id,
    refs: [['schedule', stored.id]],
    body: { slug: stored.slug, name: wanted.name, ...eventDefinition(definition) },
  })
  await followSwaps(tx, stored.id, definition.layers)
  return outcome({ version, stored: true })
}

const tryOut = (ctx: Ctx, name: string, wanted: Wanted): Promise<ScheduleOutcomeReply> =>
  read(ctx, async (db) => {
    const now = ctx.platform.clock.now()
    const { stored, outcome } = await prepare(db, await findSchedule(db, name, now), wanted, now)
    return outcome({ version: stored.version, stored: false })
  })

/** A repeat of what is stored already answers `stored: false` and leaves no trace. */
export const replaceSchedule = async (
  ctx: Ctx,
  input: Wanted & { schedule: string; dryRun?: boolean | undefined },
): Promise<ScheduleOutcomeReply> => {
  if (input.dryRun) return tryOut(ctx, input.schedule, input)
  const changed = await record(
    ctx,
    async (tx) => (await changeSchedule(tx, input.schedule, input)) ?? NOTHING_CHANGED,
  )
  return changed === NOTHING_CHANGED
    ? tryOut(ctx, input.schedule, { ...input, ifVersion: undefined })
    : changed
}
