/** When duty passes from one person to the next, for whoever prepares it: handover notes, reminders, capacity. */
import { whoIsOnCall } from '../../../domain/operations/on-call/who-is-on-call.ts'
import type { Schedule } from '../../../domain/operations/on-call/schedule.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { loadSchedules } from './store.ts'

/** null: nobody. Where the clock goes back across it, `at` is the first of the two readings. */
export type HandOver = {
  readonly scheduleId: string
  readonly at: number
  readonly outgoing: string | null
  readonly incoming: string | null
}

/** Keeps the walk bounded whatever the rota; more hand-overs than any list shows. */
const MOST_DUTIES = 1_000

/** @returns the changes of person after `from` and not after `to`, in order; a turn that follows one's own is none */
export const handOversOf = (schedule: Schedule, from: number, to: number): HandOver[] => {
  const found: HandOver[] = []
  let duty = whoIsOnCall(schedule, from)
  for (let steps = 0; steps < MOST_DUTIES && duty.until !== null && duty.until <= to; steps += 1) {
    const at = duty.until
    const next = whoIsOnCall(schedule, at)
    const outgoing = duty.kind === 'person' ? duty.accountId : null
    const incoming = next.kind === 'person' ? next.accountId : null
    if (outgoing !== incoming) found.push({ scheduleId: schedule.id, at, outgoing, incoming })
    duty = next
  }
  return found
}

/** Hand-overs of every schedule in use in (from, to], earliest first. */
export const nextHandOvers = async (db: Db | Tx, from: number, to: number): Promise<HandOver[]> => {
  const schedules = await loadSchedules(db, undefined, from)
  return schedules
    .filter(({ archivedAt }) => archivedAt === null)
    .flatMap(({ rules }) => handOversOf(rules, from, to))
    .sort((a, b) => a.at - b.at)
}
