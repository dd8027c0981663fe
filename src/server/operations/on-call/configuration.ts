/** Schedules and escalation policies as a team writes them in a file: people by handle, everything else by slug. */
import { z } from 'zod'
import {
  MOST_LAYERS,
  MOST_DATES,
  MOST_PARTICIPANTS,
  MOST_SPANS,
  MOST_STEPS,
  MOST_TARGETS,
} from '../../../contract/operations/on-call.ts'
import { line, slug, zone } from '../../../contract/shapes.ts'
import type { EscalationTarget } from '../../../domain/operations/paging/escalation-policy.ts'
import { ROLES } from '../../../domain/people/permissions.ts'
import type { PolicyDefinition } from './definition.ts'

export const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const
const handle = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'a handle, as written under Accounts')

const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'hours and minutes, as "09:00"')
const weekTime = z.strictObject({ weekday: z.enum(WEEKDAYS), time: timeOfDay })

const restrictionDocument = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('time-of-day'), from: timeOfDay, to: timeOfDay }),
  z.strictObject({
    kind: z.literal('weekday-and-time-of-day'),
    spans: z
      .array(z.strictObject({ from: weekTime, to: weekTime }))
      .min(1)
      .max(MOST_SPANS),
  }),
])

const date = z.string().regex(/^(?:19[7-9]|20\d|21\d)\d-\d\d-\d\d$/, 'a date, as 2026-11-23')

const turnLength = (most: number, unit: string) =>
  z.number().int().min(1).max(most).describe(`${unit} one turn lasts; one of the four is given.`).optional()

export const rotationDocument = z
  .strictObject({
    id: slug.describe('Unique within the schedule; stays the same when the rotation changes.'),
    everyHours: turnLength(720, 'Hours of the wall clock'),
    everyDays: turnLength(365, 'Days'),
    everyWeeks: turnLength(52, 'Weeks'),
    everyMonths: turnLength(12, 'Months'),
    handOver: z.strictObject({
      weekday: z.enum(WEEKDAYS).describe('With everyWeeks.').optional(),
      dayOfMonth: z.number().int().min(1).max(31).describe('With everyMonths; or the last day.').optional(),
      time: timeOfDay,
    }),
    zone: zone.describe('IANA name, such as Europe/Stockholm.'),
    participants: z
      .array(z.union([handle.nullable(), z.strictObject({ team: slug })]))
      .min(1)
      .max(MOST_PARTICIPANTS)
      .describe(
        'Handles in the order of their turns; { team: … } puts its members on call together; null is a turn that lower layers take.',
      ),
    startsOn: date,
    endsOn: date.describe('The last date on which it counts; for ever unless said.').optional(),
    onlyOn: z
      .array(date)
      .min(1)
      .max(MOST_DATES)
      .describe('It counts on these dates alone, from midnight to midnight: holidays, say.')
      .optional(),
    restriction: restrictionDocument
      .describe('When it counts at all; `to` before `from` goes over midnight or the weekend.')
      .optional(),
  })
  .describe('A rotation: turns of hours, days, weeks or months.')

export const scheduleDocument = z.strictObject({
  slug,
  name: line(100),
  combine: z
    .enum(['top', 'all'])
    .describe(
      'top, unless said once: the highest layer that has somebody decides. all: every layer together.',
    )
    .optional(),
  restHours: z
    .number()
    .int()
    .min(0)
    .max(72)
    .describe(
      'Hours of rest between two shifts of one person; less is pointed out. 11 unless said, 0 for none.',
    )
    .optional(),
  layers: z.array(rotationDocument).max(MOST_LAYERS).describe('From the bottom up.'),
})

const scheduleTarget = z.strictObject({
  schedule: slug,
  who: z.enum(['now', 'next', 'previous', 'everybody']).describe('On call now, unless said.').optional(),
})
const teamTarget = z.strictObject({ team: slug, who: z.enum(['everybody', 'admins']).optional() })
const personTarget = z.strictObject({ person: handle })
const roleTarget = z.strictObject({ role: z.enum(ROLES) })

export const policyDocument = z.strictObject({
  slug: slug.describe('The policy named default serves every environment that names none.'),
  name: line(100),
  steps: z
    .array(
      z.strictObject({
        afterMinutes: z.number().int().min(0).max(1440).describe('Since the step before.'),
        ofResponse: z
          .number()
          .min(0.05)
          .max(1)
          .describe('In an environment with a response time: when that part of it has passed since the page.')
          .optional(),
        unless: z
          .enum(['acknowledged', 'closed'])
          .describe('acknowledged, unless said; a step unless closed begins although somebody has the page.')
          .optional(),
        targets: z
          .array(z.union([scheduleTarget, teamTarget, personTarget, roleTarget]))
          .min(1)
          .max(MOST_TARGETS),
      }),
    )
    .min(1)
    .max(MOST_STEPS),
  repeat: z.number().int().min(0).max(9).describe('How often the steps are gone through again.'),
  fallback: z
    .array(z.union([personTarget, roleTarget]))
    .min(1)
    .max(MOST_TARGETS),
})

export const environmentPolicyDocument = z.strictObject({
  environment: slug,
  escalationPolicy: slug.describe('Which policy the pages of this environment follow.'),
})

export type EnvironmentPolicyDocument = z.output<typeof environmentPolicyDocument>
export type RotationDocument = z.output<typeof rotationDocument>
export type ScheduleDocument = z.output<typeof scheduleDocument>
export type PolicyDocument = z.output<typeof policyDocument>

/** `path` leads to the place in the document, as ['layers', 0, 'participants', 2]. */
export type DocumentFault = { readonly path: readonly (string | number)[]; readonly detail: string }
/** Names to ids; what is not in it does not exist. */
export type Directory = {
  readonly accounts: ReadonlyMap<string, string>
  readonly schedules: ReadonlyMap<string, string>
  readonly teams: ReadonlyMap<string, string>
}
/** Ids to names. */
export type Names = {
  readonly handles: ReadonlyMap<string, string>
  readonly scheduleSlugs: ReadonlyMap<string, string>
  readonly teamSlugs: ReadonlyMap<string, string>
}
export type Read<T> = { readonly definition: T; readonly faults: readonly DocumentFault[] }

export const lookUp = (
  known: ReadonlyMap<string, string>,
  what: string,
  name: string,
  path: DocumentFault['path'],
  faults: DocumentFault[],
): string => {
  const id = known.get(name)
  if (id === undefined) faults.push({ path, detail: `there is no ${what} ${name}` })
  return id ?? ''
}

type TargetDocument = PolicyDocument['steps'][number]['targets'][number]

/** Only when `faults` is empty does the definition mean anything. */
export const policyFromDocument = (
  document: Pick<PolicyDocument, 'steps' | 'repeat' | 'fallback'>,
  { accounts, schedules, teams }: Directory,
): Read<PolicyDefinition> => {
  const faults: DocumentFault[] = []
  const target = (given: TargetDocument, path: DocumentFault['path']): EscalationTarget => {
    if ('role' in given) return { kind: 'role', role: given.role }
    if ('person' in given) {
      const id = lookUp(accounts, 'member of staff', given.person, [...path, 'person'], faults)
      return { kind: 'account', id }
    }
    const who = given.who === undefined ? {} : { who: given.who }
    if ('team' in given) {
      const id = lookUp(teams, 'team', given.team, [...path, 'team'], faults)
      return { kind: 'team', id, ...who } as EscalationTarget
    }
    const id = lookUp(schedules, 'schedule', given.schedule, [...path, 'schedule'], faults)
    return { kind: 'schedule', id, ...who } as EscalationTarget
  }
  const definition = {
    steps: document.steps.map(({ afterMinutes, ofResponse, unless, targets }, step) => ({
      afterMinutes,
      ...(ofResponse === undefined ? {} : { ofResponse }),
      ...(unless === undefined ? {} : { unless }),
      targets: targets.map((given, place) => target(given, ['steps', step, 'targets', place])),
    })),
    repeat: document.repeat,
    fallback: document.fallback.map((given, place) => target(given, ['fallback', place])),
  }
  return { definition, faults }
}

/** @param names must know every target */
export const documentOfPolicy = (
  policy: PolicyDefinition & { slug: string; name: string },
  { handles, scheduleSlugs, teamSlugs }: Names,
): PolicyDocument => {
  const reachable = (given: EscalationTarget): PolicyDocument['fallback'][number] | undefined => {
    if (given.kind === 'role') return { role: given.role }
    return given.kind === 'account' ? { person: handles.get(given.id) ?? given.id } : undefined
  }
  const target = (given: EscalationTarget): TargetDocument =>
    given.kind === 'schedule' || given.kind === 'team'
      ? ({
          ...(given.kind === 'team'
            ? { team: teamSlugs.get(given.id) ?? given.id }
            : { schedule: scheduleSlugs.get(given.id) ?? given.id }),
          ...(given.who === undefined ? {} : { who: given.who }),
        } as TargetDocument)
      : (reachable(given) as TargetDocument)
  return {
    slug: policy.slug,
    name: policy.name,
    steps: policy.steps.map(({ afterMinutes, ofResponse, unless, targets }) => ({
      afterMinutes,
      ...(ofResponse === undefined ? {} : { ofResponse }),
      ...(unless === undefined ? {} : { unless }),
      targets: targets.map(target),
    })),
    repeat: policy.repeat,
    fallback: policy.fallback.flatMap((given) => reachable(given) ?? []),
  }
}
