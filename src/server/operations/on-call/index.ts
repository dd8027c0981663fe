/** On call as other areas see it: who is on call for a page, which policy it follows, when duty changes hands. */
import type { FastifyInstance } from 'fastify'
import type { Platform } from '../../platform/context.ts'
import { bindOnCallRoutes, type OnCallNeighbours } from './routes.ts'
// What a team keeps in a file: declared while this area loads.
import './schedules-section.ts'
import './escalation/policies-section.ts'

export { addOverride } from './add-override.ts'
export { peopleOf } from './definition.ts'
export type { PolicyDefinition, StoredPolicy, StoredSchedule } from './definition.ts'
export { allPolicies, findPolicy, loadPolicyFor } from './escalation/store.ts'
export { canonical } from './definition.ts'
export { WEEKDAYS } from './configuration.ts'
export type { HandOverFacts } from './hand-over/draft.ts'
export type { OnCallNeighbours }
export { asEntry } from './entry-fault.ts'
export { nextHandOvers, type HandOver } from './hand-overs.ts'
export { zoneOf } from './present.ts'
export { removeOverride } from './remove-override.ts'
export { scheduleCalendar } from './calendars/schedule-calendar.ts'
export { whoIsOnCallNow, type NobodyReason, type OnCallNow } from './on-call-now.ts'
export { findColleagues, findOverrides, loadSchedules, type OverrideRow } from './store.ts'
export {
  environmentPolicyChosen,
  overrideAdded,
  overrideRemoved,
  policyArchived,
  policyChanged,
  policyCreated,
  policyRestored,
  scheduleArchived,
  scheduleChanged,
  scheduleCreated,
  scheduleRestored,
} from './events.ts'

export const bindOnCall = (http: FastifyInstance, _platform: Platform, neighbours: OnCallNeighbours): void =>
  bindOnCallRoutes(http, neighbours)
