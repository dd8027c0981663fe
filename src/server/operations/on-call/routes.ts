/** Binds the on-call routes to their verbs. */
import type { FastifyInstance } from 'fastify'
import { awayRoutes } from '../../../contract/operations/away.ts'
import { onCallRoutes } from '../../../contract/operations/on-call.ts'
import { calendarFeedRoutes } from '../../../contract/operations/calendar-feeds.ts'
import { dutyHoursRoutes } from '../../../contract/operations/duty-hours.ts'
import { handOverRoutes } from '../../../contract/operations/hand-over.ts'
import { swapRoutes } from '../../../contract/operations/swaps.ts'
import { bind } from '../../platform/http/bind.ts'
import { addAbsence } from './away/add-absence.ts'
import { addForwarding } from './away/add-forwarding.ts'
import { listAbsences, listForwardings } from './away/list-away.ts'
import { removeAbsence, removeForwarding } from './away/remove-away.ts'
import { addOverride } from './add-override.ts'
import { archiveSchedule } from './archive-schedule.ts'
import { createSchedule } from './create-schedule.ts'
import { archiveEscalationPolicy } from './escalation/archive-escalation-policy.ts'
import { assignEscalationPolicy } from './escalation/assign-escalation-policy.ts'
import { createEscalationPolicy } from './escalation/create-escalation-policy.ts'
import { getEscalationPolicy, listEscalationPolicies } from './escalation/list-escalation-policies.ts'
import { replaceEscalationPolicy } from './escalation/replace-escalation-policy.ts'
import { getSchedule, listSchedules } from './list-schedules.ts'
import { exportDutyHours, showDutyHours, type HoursNeighbours } from './hours/duty-hours.ts'
import type { HandOverNeighbours } from './hand-over/draft.ts'
import { draftHandOver, listHandOvers } from './hand-over/read-hand-over.ts'
import { writeHandOver } from './hand-over/write-hand-over.ts'
import { previewSchedule } from './preview-schedule.ts'
import { scheduleFindings, withReach, type ReachNeighbours } from './reach-findings.ts'
import { removeOverride } from './remove-override.ts'
import { replaceSchedule } from './replace-schedule.ts'
import { createCalendarFeed, listCalendarFeeds, revokeCalendarFeed } from './calendars/change-feeds.ts'
import { readCalendarFeed } from './calendars/read-feed.ts'
import { scheduleCalendar } from './calendars/schedule-calendar.ts'
import { scheduleTimeline } from './schedule-timeline.ts'
import { acceptSwap, declineSwap, withdrawSwap } from './swaps/answer-swap.ts'
import { listSwaps } from './swaps/list-swaps.ts'
import { offerSwap } from './swaps/offer-swap.ts'
import { bindSwapPages } from './swaps/swap-pages.ts'
import { whoIsOnCall } from './who-is-on-call.ts'

/** Reads of areas that stand on this one; the place that knows all areas hands them in. */
export type OnCallNeighbours = HoursNeighbours & HandOverNeighbours & ReachNeighbours

export const bindOnCallRoutes = (http: FastifyInstance, neighbours: OnCallNeighbours): void => {
  bind(http, dutyHoursRoutes, {
    showDutyHours: (ctx, asked) => showDutyHours(ctx, asked, neighbours),
    exportDutyHours: (ctx, asked) => exportDutyHours(ctx, asked, neighbours),
  })
  bind(http, awayRoutes, {
    listAbsences,
    addAbsence,
    removeAbsence,
    listForwardings,
    addForwarding,
    removeForwarding,
  })
  bind(http, swapRoutes, { listSwaps, offerSwap, acceptSwap, declineSwap, withdrawSwap })
  bind(http, calendarFeedRoutes, {
    listCalendarFeeds,
    createCalendarFeed,
    revokeCalendarFeed,
    readCalendarFeed,
  })
  bind(http, handOverRoutes, {
    draftHandOver: (ctx, asked) => draftHandOver(ctx, asked, neighbours),
    writeHandOver,
    listHandOvers,
  })
  bindSwapPages(http)
  bind(http, onCallRoutes, {
    whoIsOnCall,
    listSchedules,
    createSchedule: async (ctx, asked) => withReach(ctx, await createSchedule(ctx, asked), neighbours),
    previewSchedule: async (ctx, asked) => withReach(ctx, await previewSchedule(ctx, asked), neighbours),
    getSchedule,
    replaceSchedule: async (ctx, asked) => withReach(ctx, await replaceSchedule(ctx, asked), neighbours),
    scheduleFindings: (ctx, asked) => scheduleFindings(ctx, asked, neighbours),
    archiveSchedule,
    scheduleTimeline,
    scheduleCalendar,
    addOverride,
    removeOverride,
    listEscalationPolicies,
    getEscalationPolicy,
    createEscalationPolicy,
    replaceEscalationPolicy,
    archiveEscalationPolicy,
    assignEscalationPolicy,
  })
}
