/** What a definition would mean: said before it is kept, and again when it was. */
import type { ScheduleOutcomeReply } from '../../../contract/operations/on-call.ts'
import type { Schedule } from '../../../domain/operations/on-call/schedule.ts'
import { shiftsBetween } from '../../../domain/operations/on-call/shifts.ts'
import { nobodyBetween } from '../../../domain/operations/on-call/who-is-on-call.ts'
import type { StoredSchedule } from './definition.ts'
import { findingsOf, LIST_AHEAD_MS, YEAR_AHEAD_MS } from './findings.ts'
import { presentShift, scheduleRefOf } from './present.ts'
import type { Colleagues } from './store.ts'

export const outcomeOf = (
  rules: Schedule,
  colleagues: Colleagues,
  now: number,
  kept: { stored: boolean; schedule: Omit<StoredSchedule, 'rules' | 'archivedAt'> | null },
): ScheduleOutcomeReply => ({
  stored: kept.stored,
  schedule: kept.schedule && { ...scheduleRefOf(kept.schedule), version: kept.schedule.version },
  findings: findingsOf(rules, colleagues, { from: now, to: now + YEAR_AHEAD_MS }),
  shifts: shiftsBetween(rules, now, now + LIST_AHEAD_MS).map((shift) => presentShift(shift, colleagues)),
  gaps: [...nobodyBetween(rules, now, now + LIST_AHEAD_MS)],
})
