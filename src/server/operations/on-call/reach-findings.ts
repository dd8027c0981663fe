/** Who of a rota P1 would not wake: somebody who is on call only on paper. What wakes people is paging's to know; it is handed in. */
import type { ScheduleFindingReply, ScheduleOutcomeReply } from '../../../contract/operations/on-call.ts'
import { shiftsBetween } from '../../../domain/operations/on-call/shifts.ts'
import type { Interval } from '../../../domain/time/interval.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Db } from '../../platform/database.ts'
import { read } from '../../platform/record.ts'
import { LOOK_BACK_MS, peopleOf } from './definition.ts'
import { findingsOf, YEAR_AHEAD_MS } from './findings.ts'
import { scheduleOrFault } from './find-schedule.ts'
import { presentShift } from './present.ts'
import { findColleagues } from './store.ts'

export type ReachNeighbours = {
  /** Those of the accounts that P1 would not wake, and why. */
  readonly notWoken: (
    ctx: Ctx,
    db: Db,
    accountIds: readonly string[],
  ) => Promise<ReadonlyMap<string, 'no-way-wakes' | 'rules-let-sleep'>>
}

type Duty = Interval & { readonly person: { readonly id: string; readonly name: string } }

const sentenceFor = (name: string, why: 'no-way-wakes' | 'rules-let-sleep'): string => {
  switch (why) {
    case 'no-way-wakes':
      return `${name} has no proven call or text message and no app that woke them: P1 would not wake them. They add one under Settings.`
    case 'rules-let-sleep':
      return `${name} has rules that leave hours in which P1 would not wake them. They change these under Settings.`
  }
}

/** One a person, from the first to the last of their shifts. */
const reachFindings = async (
  ctx: Ctx,
  db: Db,
  shifts: readonly Duty[],
  { notWoken }: ReachNeighbours,
): Promise<ScheduleFindingReply[]> => {
  const byPerson = Map.groupBy(shifts, ({ person }) => person.id)
  const asleep = await notWoken(ctx, db, [...byPerson.keys()])
  return [...byPerson].flatMap(([accountId, own]): ScheduleFindingReply[] => {
    const why = asleep.get(accountId)
    const person = own[0]?.person
    if (why === undefined || person === undefined) return []
    const from = Math.min(...own.map((shift) => shift.from))
    const to = Math.max(...own.map((shift) => shift.to))
    return [
      { code: 'would-not-wake', severity: 'red', from, to, detail: sentenceFor(person.name, why), person },
    ]
  })
}

const rank = { red: 0, amber: 1 }
const inOrder = (findings: readonly ScheduleFindingReply[]): ScheduleFindingReply[] =>
  findings.toSorted((a, b) => rank[a.severity] - rank[b.severity] || a.from - b.from)

/** What is said about a definition before and after it is kept. */
export const withReach = async (
  ctx: Ctx,
  outcome: ScheduleOutcomeReply,
  neighbours: ReachNeighbours,
): Promise<ScheduleOutcomeReply> => {
  const found = await read(ctx, (db) => reachFindings(ctx, db, outcome.shifts, neighbours))
  return { ...outcome, findings: inOrder([...outcome.findings, ...found]) }
}

/** The findings of a rota for the twelve months ahead. */
export const scheduleFindings = (ctx: Ctx, asked: { schedule: string }, neighbours: ReachNeighbours) =>
  read(ctx, async (db) => {
    const from = ctx.platform.clock.now()
    const to = from + YEAR_AHEAD_MS
    const { archivedAt, rules } = await scheduleOrFault(db, asked.schedule, from - LOOK_BACK_MS)
    if (archivedAt !== null) return { from, to, findings: [] }
    const colleagues = await findColleagues(db, peopleOf(rules))
    const shifts = shiftsBetween(rules, from, to).map((shift) => presentShift(shift, colleagues))
    const reach = await reachFindings(ctx, db, shifts, neighbours)
    return { from, to, findings: inOrder([...findingsOf(rules, colleagues, { from, to }), ...reach]) }
  })
