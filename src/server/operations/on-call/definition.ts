/** Stored definitions of rotas and policies, as the contract spells them; instants and people are looked up when asked. */
import type { z } from 'zod'
import type { TeamMembers } from '../../people/index.ts'
import { usualRestMs } from '../../../domain/operations/on-call/lint-rest.ts'
import { day, hour } from '../../../domain/time/instant.ts'
import type { rotation } from '../../../contract/operations/on-call.ts'
import {
  crewOf,
  type Absence,
  type Combine,
  type Forwarding,
  type Override,
  type Rotation,
  type Schedule,
} from '../../../domain/operations/on-call/schedule.ts'
import type { EscalationPolicy } from '../../../domain/operations/paging/escalation-policy.ts'

export type Layers = readonly Rotation[]
/** A policy as people write it; `EscalationPolicy` of the paging rules is this with an id and a name. */
export type PolicyDefinition = Pick<EscalationPolicy, 'steps' | 'repeat' | 'fallback'>

/** What the contract parsed is what the rules read: the compiler holds the two together. */
export const layersOf = (given: readonly z.output<typeof rotation>[]): Layers => given

/** How a rota is stored, and written into history; what was stored before rotations could add up has no `combine`. */
export type ScheduleDefinition = {
  readonly layers: Layers
  readonly combine?: Combine | undefined
  readonly restHours?: number | undefined
}

/** What a rota does not say itself: who is in its teams, who answers for whom, and who is away. */
export type Around = {
  readonly teams: TeamMembers
  readonly forwardings: readonly Forwarding[]
  readonly absences: readonly Absence[]
}
export type Rules = Schedule & Around & { readonly combine: Combine; readonly restHours: number }

/** The one place that reads a stored definition, whatever its age. */
export const rulesOf = (
  id: string,
  { layers, combine: how = 'top', restHours = usualRestMs / hour }: ScheduleDefinition,
  overrides: readonly Override[],
  { teams = {}, forwardings = [], absences = [] }: Partial<Around> = {},
): Rules => ({ id, layers, combine: how, restHours, overrides, teams, forwardings, absences })

export const DEFAULT_POLICY = 'default'

/** A schedule as stored; `rules` is what the questions of domain/operations/on-call are asked about. */
export type StoredSchedule = {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly version: number
  readonly archivedAt: number | null
  readonly rules: Rules
}

/** Ready for the paging rules to freeze, which take it for an `EscalationPolicy`. */
export type StoredPolicy = EscalationPolicy & {
  readonly slug: string
  readonly version: number
  readonly archivedAt: number | null
}

export const refOf = ({ id, name }: { id: string; name: string }) => ({ id, name })

const distinct = (ids: readonly (string | null)[]): string[] => [
  ...new Set(ids.filter((accountId) => accountId !== null)),
]

/** Everybody the layers name, themselves or by their team, in the order of their first turn. */
export const participantsOf = (layers: Layers, teams: TeamMembers): string[] =>
  distinct(layers.flatMap(({ participants }) => participants.flatMap((one) => crewOf({ teams }, one))))

/** Ids of the teams that the layers name. */
export const teamsOf = (layers: Layers): string[] =>
  distinct(
    layers.flatMap(({ participants }) =>
      participants.map((one) => (one !== null && typeof one === 'object' ? one.team : null)),
    ),
  )

/** Everybody the layers and overrides name, and who answers for them. */
export const peopleOf = ({ layers, overrides, teams = {}, forwardings = [] }: Schedule): string[] => {
  const own = distinct([...participantsOf(layers, teams), ...overrides.map((o) => o.accountId)])
  const theirs = forwardings.filter(({ accountId }) => own.includes(accountId))
  return distinct([...own, ...theirs.map(({ toAccountId }) => toAccountId)])
}

/**
 * How far before an instant overrides are loaded to know since when somebody has been on call: a turn lasts a year at
 * most, so nothing earlier can be its beginning.
 */
export const LOOK_BACK_MS = 53 * 7 * day

/** Same text exactly when two definitions mean the same; keys are written in one order. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
