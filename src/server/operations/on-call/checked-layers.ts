/** The one door for layers that somebody sends: zones spelled properly, rules satisfied, people who can be on call. */
import { checkRotation, checkSchedule } from '../../../domain/operations/on-call/check-schedule.ts'
import {
  crewOf,
  type Override,
  type Rotation,
  type ScheduleRefusal,
} from '../../../domain/operations/on-call/schedule.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import { zoneNamed } from '../../../domain/time/zone.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { Fault, refused, type FieldFault } from '../../platform/faults.ts'
import { membersOfTeams, teamNames } from '../../people/index.ts'
import { loadAbsences, loadForwardings } from './away/store.ts'
import { participantsOf, teamsOf, type Around, type Layers } from './definition.ts'
import { findColleagues, ofLayers, type Colleague, type Colleagues } from './store.ts'

const withProperZones = (layers: Layers): Layers =>
  layers.map((layer) => {
    const zone = zoneNamed(layer.zone)
    return isRefusal(zone) ? layer : { ...layer, zone }
  })

const fieldOf: Partial<Record<ScheduleRefusal['code'], string>> = {
  'unknown-zone': 'zone',
  'hand-over-invalid': 'handOver',
  'restriction-invalid': 'restriction',
  'end-date-invalid': 'endsOn',
  'dates-invalid': 'onlyOn',
  'start-date-invalid': 'startsOn',
  'no-participants': 'participants',
  'too-many-participants': 'participants',
}

const lengthField = {
  hourly: 'everyHours',
  daily: 'everyDays',
  weekly: 'everyWeeks',
  monthly: 'everyMonths',
} as const satisfies Record<Rotation['kind'], string>

/** A form shows the refusal where it belongs, and a team's file names its line. */
const checkRules = (layers: Layers, overrides: readonly Override[]): void => {
  for (const [place, layer] of layers.entries()) {
    const refusal = checkRotation(layer)
    const isLength = refusal?.code === 'turn-length-invalid'
    const field = refusal && (isLength ? lengthField[layer.kind] : fieldOf[refusal.code])
    if (refusal) throw refused(refusal, `body.layers.${place}${field ? `.${field}` : ''}`)
  }
  const refusal = checkSchedule({ id: '', layers, overrides })
  if (refusal) throw refused(refusal)
}

const faultOf = (person: Colleague | undefined, known: boolean): string | undefined => {
  if (person === undefined) return 'no member of staff has this id'
  if (person.archived && !known) return `${person.name} is archived and cannot be put on call`
  return undefined
}

type TeamName = Awaited<ReturnType<typeof teamNames>>[number]

/** Teams as they may be named: whoever is in them is for the team to say. */
const checkTeams = (layers: Layers, known: ReadonlyMap<string, TeamName>, before: Layers): FieldFault[] => {
  const kept = new Set(teamsOf(before))
  return layers.flatMap(({ participants }, layer) =>
    participants.flatMap((participant, turn) => {
      if (participant === null || typeof participant === 'string') return []
      const team = known.get(participant.team)
      const detail =
        team === undefined
          ? 'no team has this id'
          : team.archivedAt !== null && !kept.has(team.id)
            ? `${team.name} is archived and cannot be put on call`
            : undefined
      return detail ? [{ path: `body.layers.${layer}.participants.${turn}`, detail }] : []
    }),
  )
}

const checkPeople = (
  layers: Layers,
  colleagues: Colleagues,
  before: ReadonlySet<string>,
  ofTeams: readonly FieldFault[],
): void => {
  const own: FieldFault[] = layers.flatMap(({ participants }, layer) =>
    participants.flatMap((participant, turn) =>
      crewOf({}, participant).flatMap((accountId) => {
        const detail = faultOf(colleagues.get(accountId), before.has(accountId))
        return detail ? [{ path: `body.layers.${layer}.participants.${turn}`, detail }] : []
      }),
    ),
  )
  const faults = [...own, ...ofTeams]
  const first = faults[0]
  if (first)
    throw new Fault('invalid-input', `Nothing was changed. ${first.path}: ${first.detail}.`, {
      errors: faults,
    })
}

/**
 * Whoever was archived while in the rota stays in it until somebody decides who takes over: that is a finding, and no
 * reason to refuse a change elsewhere in the rota. Nobody archived is newly put in.
 * @param before the layers so far
 * @param now    leaves out forwardings and leave that are over by then
 */
export const checkedLayers = async (
  db: Db | Tx,
  given: Layers,
  before: Layers = [],
  overrides: readonly Override[] = [],
  now = 0,
): Promise<{ layers: Layers; colleagues: Map<string, Colleague>; around: Around }> => {
  const layers = withProperZones(given)
  checkRules(layers, overrides)
  const named = teamsOf(layers)
  const known = new Map((named.length > 0 ? await teamNames(db) : []).map((team) => [team.id, team]))
  const forwardings = await loadForwardings(db, now)
  const absences = await loadAbsences(db, now)
  const teams = ofLayers(await membersOfTeams(db, named), layers)
  const colleagues = await findColleagues(db, [
    ...participantsOf(layers, teams),
    ...overrides.map(({ accountId }) => accountId),
    ...forwardings.map(({ toAccountId }) => toAccountId),
  ])
  checkPeople(layers, colleagues, new Set(participantsOf(before, {})), checkTeams(layers, known, before))
  return { layers, colleagues, around: { teams, forwardings, absences } }
}
