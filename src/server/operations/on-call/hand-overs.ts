/** When duty passes from one person to the next, for whoever prepares it: handover notes, reminders, capacity. */
import { whoIsOnCall, type OnCall } from '../../../domain/operations/on-call/who-is-on-call.ts'
import type { Schedule } from '../../../domain/operations/on-call/schedule.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { loadSchedules } from './store.ts'

/** Empty: nobody. Where the clock goes back across it, `at` is the first of the two readings. */
export type HandOver = {
  readonly scheduleId: string
  readonly at: number
  /** Who leaves and who comes; whoever stays on call is in neither. */
  readonly outgoing: readonly string[]
  readonly incoming: readonly string[]
}

/** Keeps the walk bounded whatever the rota; more hand-overs than any list shows. */
const MOST_DUTIES = 1_000

const idsOf = (onCall: OnCall): readonly string[] =>
  onCall.kind === 'people' ? onCall.people.map(({ accountId }) => accountId) : []

/** @returns the changes of people after `from` and not after `to`, in order; a turn that follows one's own is none */
export const handOversOf = (schedule: Schedule, from: number, to: number): HandOver[] => {
  const found: HandOver[] = []
  let duty = whoIsOnCall(schedule, from)
  for (let steps = 0; steps < MOST_DUTIES && duty.until !== null && duty.until <= to; steps += 1) {
    const at = duty.until
    const next = whoIsOnCall(schedule, at)
    const [before, after] = [idsOf(duty), idsOf(next)]
    const outgoing = before.filter((id) => !after.includes(id))
    const incoming = after.filter((id) => !before.includes(id))
    if (outgoing.length + incoming.length > 0) found.push({ scheduleId: schedule.id, at, outgoing, incoming })
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
