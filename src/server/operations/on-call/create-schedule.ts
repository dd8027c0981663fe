/** Makes a schedule: what is impossible is refused, what is unwise is said and kept. */
import type { ScheduleOutcomeReply } from '../../../contract/operations/on-call.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault } from '../../platform/faults.ts'
import { record, type WriteTx } from '../../platform/record.ts'
import { checkedLayers } from './checked-layers.ts'
import { rulesOf, type ScheduleDefinition } from './definition.ts'
import { eventDefinition, scheduleCreated } from './events.ts'
import { outcomeOf } from './outcome.ts'
import { insertSchedule } from './store.ts'

export type ScheduleToAdd = ScheduleDefinition & { readonly slug: string; readonly name: string }

/** Within a transaction of somebody else: configuration as code adds schedules too. */
export const addSchedule = async (tx: WriteTx, wanted: ScheduleToAdd): Promise<ScheduleOutcomeReply> => {
  const { layers, colleagues, around } = await checkedLayers(tx.db, wanted.layers, [], [], tx.now)
  const definition = { layers, combine: wanted.combine ?? 'top', restHours: wanted.restHours }
  const schedule = { id: tx.id(), slug: wanted.slug, name: wanted.name, version: 1 }
  if (!(await insertSchedule(tx.db, { ...schedule, definition, createdAt: tx.now })))
    throw new Fault(
      'already-exists',
      `The slug ${wanted.slug} belongs to another schedule, perhaps an archived one. Choose another.`,
    )
  tx.append(scheduleCreated, {
    stream: schedule.id,
    refs: [['schedule', schedule.id]],
    body: { slug: wanted.slug, name: wanted.name, ...eventDefinition(definition) },
  })
  return outcomeOf(rulesOf(schedule.id, definition, [], around), colleagues, tx.now, {
    stored: true,
    schedule,
  })
}

export const createSchedule = (ctx: Ctx, input: ScheduleToAdd): Promise<ScheduleOutcomeReply> =>
  record(ctx, (tx) => addSchedule(tx, input))
