/** On call: rotas and their overrides, who answers now and next, and the escalation policies that say whom a page reaches. */
import { z } from 'zod'
import { ROLES } from '../../domain/people/permissions.ts'
import { defineRoutes } from '../route.ts'
import { done, environmentRef, id, instant, line, pageOf, paging, personRef, slug, zone } from '../shapes.ts'

/** Far beyond any real team; they keep one request's work bounded. */
export const MOST_TIMELINE_DAYS = 400
export const MOST_LAYERS = 10
export const MOST_PARTICIPANTS = 100
/** Three stretches for each day of the week. */
export const MOST_SPANS = 21
/** The holidays of twenty years. */
export const MOST_DATES = 400
export const MOST_STEPS = 10
export const MOST_TARGETS = 20

/** A slug or an id: an id is spelled with the letters of a slug. */
const nameOrId = slug
const role = z.enum(ROLES)
/** From 1970 up to 2200: a mistyped year is found here, and no sum of days leaves the calendar. */
const pointInTime = instant.min(0).max(7_258_118_400_000, 'must lie before the year 2200')
const queryInstant = z.coerce.number().pipe(pointInTime)

/** 1 is Monday, 7 is Sunday. */
export const weekday = z.union([
  z.literal(1),
  z.literal(2),
  z.literal(3),
  z.literal(4),
  z.literal(5),
  z.literal(6),
  z.literal(7),
])
/** A wall time of the rotation's zone. */
const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'hours and minutes, as 09:00')
const weekTime = z.object({ weekday, time: timeOfDay })

/**
 * When a rotation counts at all. `to` before `from` goes over midnight or over the weekend; `to` equal to `from` means
 * always. As the field has it, `weekday-and-time-of-day` names stretches of the week: Friday 18:00 to Monday 08:00 is one.
 */
export const restriction = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('time-of-day'), from: timeOfDay, to: timeOfDay }),
  z.object({
    kind: z.literal('weekday-and-time-of-day'),
    spans: z
      .array(z.object({ from: weekTime, to: weekTime }))
      .min(1)
      .max(MOST_SPANS),
  }),
])

/**
 * `participants` in the order of their turns: an account id; a team, whose members are then on call together; or null,
 * a turn in which this rotation puts nobody on call and the layers below show through. `id` is chosen by whoever writes the rota and unique in it.
 */
const date = z
  .string()
  .regex(/^(?:19[7-9]|20\d|21\d)\d-\d\d-\d\d$/, 'a date from 1970 to 2199, as 2026-11-23')
const participant = z.union([id.nullable(), z.object({ team: id })])
const anyRotation = {
  id: slug,
  zone,
  participants: z.array(participant).min(1).max(MOST_PARTICIPANTS),
  startsOn: date,
  restriction: restriction.optional(),
  /** The last date on which it counts: for a rota of some weeks. */
  endsOn: date.optional(),
  /** It counts on these dates alone, from midnight to midnight: a layer for holidays. */
  onlyOn: z.array(date).min(1).max(MOST_DATES).optional(),
}

/**
 * One participant for n hours, days, weeks or months. A month without the hand-over day is handed over on its last.
 * Hours are counted on the wall clock, from the hand-over time of the day it starts.
 */
export const rotation = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('weekly'),
    everyWeeks: z.number().int().min(1).max(52),
    handOver: weekTime,
    ...anyRotation,
  }),
  z.object({
    kind: z.literal('daily'),
    everyDays: z.number().int().min(1).max(365),
    handOver: z.object({ time: timeOfDay }),
    ...anyRotation,
  }),
  z.object({
    kind: z.literal('monthly'),
    everyMonths: z.number().int().min(1).max(12),
    handOver: z.object({ dayOfMonth: z.number().int().min(1).max(31), time: timeOfDay }),
    ...anyRotation,
  }),
  z.object({
    kind: z.literal('hourly'),
    everyHours: z.number().int().min(1).max(720),
    handOver: z.object({ time: timeOfDay }),
    ...anyRotation,
  }),
])

/** Ordered from the bottom up. No layer at all is a rota of overrides only. */
export const layers = z.array(rotation).max(MOST_LAYERS)
/** `top`: the highest layer that has somebody decides. `all`: everybody whom a rotation has is on call, together. `top` when left out. */
export const combine = z.enum(['top', 'all'])
/** Hours that one should have between two shifts; less is a finding. 11 (Directive 2003/88/EC) when left out; 0: nobody looks. */
export const restHours = z.number().int().min(0).max(72)

const source = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('rotation'), rotationId: z.string(), turn: z.number().int() }),
  z.object({ kind: z.literal('override'), overrideId: id }),
])

/** `forwardedFrom`: whose duty it is by the rota; null when it is their own. */
const duty = z.object({
  person: personRef,
  forwardedFrom: personRef.nullable(),
  source,
  from: instant,
  until: instant,
})
const personOnCall = duty.extend({ kind: z.literal('person') })
/**
 * Nobody is said openly and shown in red; `onPurpose`: an override asked for it. `until` null: nobody, for ever.
 * Where several are on call together, `also` has the others in the order in which they are told.
 * A person who is archived and still in the rota is named as the rota says; the finding `archived-participant` says it.
 */
export const onCall = z.discriminatedUnion('kind', [
  personOnCall.extend({ also: z.array(duty) }),
  z.object({ kind: z.literal('nobody'), onPurpose: z.boolean(), until: instant.nullable() }),
])
export type OnCallReply = z.infer<typeof onCall>

/**
 * `red` means that a page would reach only the fallback; `amber` that somebody should look. `from`..`to` is where it holds.
 * The details are sentences in English.
 */
export const scheduleFinding = z.object({
  code: z.enum([
    'gap',
    'nobody-on-purpose',
    'overlapping-overrides',
    'one-person',
    'hand-over-in-clock-change',
    'on-call-while-away',
    'short-rest',
    'archived-participant',
    'cannot-acknowledge',
    'would-not-wake',
  ]),
  severity: z.enum(['red', 'amber']),
  from: instant,
  to: instant,
  detail: z.string(),
  person: personRef.nullable(),
})
export type ScheduleFindingReply = z.infer<typeof scheduleFinding>

const scheduleRef = z.object({ id, slug: z.string(), name: z.string() })

/** `zone` is that of the lowest layer: what a timeline is drawn in when the reader has no preference. */
export const scheduleRow = scheduleRef.extend({
  zone: z.string(),
  archivedAt: instant.nullable(),
  onCall,
  next: personOnCall.nullable(),
  /** Over the next 8 weeks. */
  findings: z.array(scheduleFinding),
  can: z.object({ change: z.boolean(), override: z.boolean() }),
})
export type ScheduleReply = z.infer<typeof scheduleRow>

export const overrideRow = z.object({
  id,
  /** null: nobody is on call, on purpose. */
  person: personRef.nullable(),
  from: instant,
  to: instant,
  /** null: of the whole schedule. Otherwise it takes the place of these rotations' people alone, while they have somebody. */
  rotationIds: z.array(z.string()).nullable(),
  reason: z.string().nullable(),
  /** The swap that it came of; null: somebody just added it. */
  swapId: id.nullable(),
  addedAt: instant,
  addedBy: personRef.nullable(),
  can: z.object({ remove: z.boolean() }),
})
export type OverrideReply = z.infer<typeof overrideRow>

/** `version` counts definitions; send it back as `ifVersion` so that two editors do not overwrite each other unseen. */
export const scheduleDetail = scheduleRow.extend({
  version: z.number().int(),
  layers,
  combine,
  restHours,
  /** Everybody the layers name, themselves or by their team. */
  people: z.array(personRef.extend({ handle: z.string(), archived: z.boolean() })),
  teams: z.array(z.object({ id, slug: z.string(), name: z.string(), archived: z.boolean() })),
  /** Those that are not over, in the order in which they were added: where two overlap, the later one wins. */
  overrides: z.array(overrideRow),
})
export type ScheduleDetailReply = z.infer<typeof scheduleDetail>

/** `to` lies after the next shift's `from` where several are on call together, or the clock goes back across the hand-over. */
export const shift = z.object({
  person: personRef,
  forwardedFrom: personRef.nullable(),
  from: instant,
  to: instant,
  source,
})
export type ShiftReply = z.infer<typeof shift>

/** What a definition would mean: a year of findings and the next 8 weeks of shifts, in which `stored` says whether it was kept. */
const gap = z.object({ from: instant, to: instant, onPurpose: z.boolean() })
export const scheduleOutcome = z.object({
  stored: z.boolean(),
  schedule: scheduleRef.extend({ version: z.number().int() }).nullable(),
  findings: z.array(scheduleFinding),
  shifts: z.array(shift),
  /** Where nobody is on call in the same weeks. */
  gaps: z.array(gap),
})
export type ScheduleOutcomeReply = z.infer<typeof scheduleOutcome>

const bySchedule = z.object({ schedule: nameOrId })
const dryRun = z.boolean().optional()

/** Whom a step tells: whoever a schedule says at that moment, one account, or everybody with a role. `id` is the schedule's or account's. */
export const escalationTarget = z.discriminatedUnion('kind', [
  /** `who`: on call now, unless said: next, previously, or everybody who takes turns. */
  z.object({
    kind: z.literal('schedule'),
    id,
    who: z.enum(['now', 'next', 'previous', 'everybody']).optional(),
  }),
  z.object({ kind: z.literal('team'), id, who: z.enum(['everybody', 'admins']).optional() }),
  z.object({ kind: z.literal('account'), id }),
  z.object({ kind: z.literal('role'), role }),
])
/** The fallback is told when nobody else can be: it cannot be a schedule, which may have nobody again. */
export const fallbackTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('account'), id }),
  z.object({ kind: z.literal('role'), role }),
])

/**
 * `afterMinutes` since the step before began; the first step begins at once and has 0. `ofResponse`: in an environment with
 * a response time it begins instead when that part of it has passed since the page. A step that is needless only when
 * the page is closed begins although somebody has it.
 */
export const escalationStep = z.object({
  afterMinutes: z.number().int().min(0).max(1440),
  ofResponse: z.number().min(0.05).max(1).optional(),
  unless: z.enum(['acknowledged', 'closed']).optional(),
  targets: z.array(escalationTarget).min(1).max(MOST_TARGETS),
})
const steps = z.array(escalationStep).min(1).max(MOST_STEPS)
const fallback = z.array(fallbackTarget).min(1).max(MOST_TARGETS)
/** How often the steps are gone through again before the fallback is the last resort; 0 when left out. */
const repeat = z.number().int().min(0).max(9)

const policyRef = z.object({ id, slug: z.string(), name: z.string() })
export const policyRow = policyRef.extend({
  version: z.number().int(),
  archivedAt: instant.nullable(),
  /** The policy with the slug `default` serves every environment that names none. */
  isDefault: z.boolean(),
  steps,
  repeat,
  fallback,
  /** Names of everything the steps and the fallback mention. */
  people: z.array(personRef.extend({ handle: z.string(), archived: z.boolean() })),
  schedules: z.array(scheduleRef),
  teams: z.array(z.object({ id, slug: z.string(), name: z.string() })),
  /** Environments that name this policy themselves. */
  environments: z.array(environmentRef),
  /** Targets that reach nobody, in sentences. */
  findings: z.array(
    z.object({
      code: z.enum([
        'archived-target',
        'role-without-people',
        'team-without-people',
        'cannot-acknowledge',
        'nobody-on-call',
        'same-person-twice',
      ]),
      severity: z.enum(['red', 'amber']),
      detail: z.string(),
    }),
  ),
  can: z.object({ change: z.boolean() }),
})
export type PolicyReply = z.infer<typeof policyRow>

const byPolicy = z.object({ policy: nameOrId })

export const onCallRoutes = defineRoutes({
  whoIsOnCall: {
    method: 'GET',
    path: '/api/on-call',
    summary:
      'Who is on call, for every schedule, now or at an instant (`at`, epoch milliseconds). `knownAt` answers as the rotas were known at that instant.',
    permission: 'on-call.read',
    query: z.object({ at: queryInstant.optional(), knownAt: queryInstant.optional() }),
    reply: z.object({
      at: instant,
      knownAt: instant.nullable(),
      rows: z.array(z.object({ schedule: scheduleRef, onCall, next: personOnCall.nullable() })),
    }),
  },
  listSchedules: {
    method: 'GET',
    path: '/api/schedules',
    summary: 'Schedules by name, with who is on call now and next and what is wrong with the coming 8 weeks.',
    permission: 'on-call.read',
    query: paging.extend({ archived: z.enum(['true', 'false']).optional() }),
    reply: pageOf(scheduleRow).extend({ at: instant, can: z.object({ create: z.boolean() }) }),
    errors: ['bad-request'],
  },
  createSchedule: {
    method: 'POST',
    path: '/api/schedules',
    summary: 'Makes a schedule. What is unwise about it comes back as findings and does not stop it.',
    permission: 'on-call.change',
    body: z.object({
      slug,
      name: line(100),
      layers,
      combine: combine.optional(),
      restHours: restHours.optional(),
    }),
    reply: scheduleOutcome,
    status: 201,
    errors: ['already-exists', 'conflict'],
  },
  previewSchedule: {
    method: 'POST',
    path: '/api/schedules/preview',
    summary: 'Says what a definition would mean, without storing anything.',
    permission: 'on-call.change',
    body: z.object({ layers, combine: combine.optional(), restHours: restHours.optional() }),
    reply: scheduleOutcome,
    errors: ['conflict'],
  },
  getSchedule: {
    method: 'GET',
    path: '/api/schedules/:schedule',
    summary: 'One schedule by slug or id, with its layers and the overrides that are not over.',
    permission: 'on-call.read',
    params: bySchedule,
    reply: scheduleDetail,
    errors: ['not-found'],
  },
  replaceSchedule: {
    method: 'PUT',
    path: '/api/schedules/:schedule',
    summary:
      'Replaces name, layers and, where given, how they combine and the rest they leave; overrides stay. With `dryRun` nothing is stored. With `ifVersion` it is refused when somebody else was faster.',
    permission: 'on-call.change',
    params: bySchedule,
    body: z.object({
      name: line(100),
      layers,
      combine: combine.optional(),
      restHours: restHours.optional(),
      dryRun,
      ifVersion: z.number().int().optional(),
    }),
    reply: scheduleOutcome,
    errors: ['not-found', 'conflict'],
  },
  archiveSchedule: {
    method: 'POST',
    path: '/api/schedules/:schedule/archive',
    summary: 'Puts a schedule away. Refused while an escalation policy tells whoever it says.',
    permission: 'on-call.change',
    params: bySchedule,
    reply: done,
    errors: ['not-found', 'conflict'],
  },
  scheduleFindings: {
    method: 'GET',
    path: '/api/schedules/:schedule/findings',
    summary:
      'What is wrong with the coming twelve months of a rota: gaps, rest, leave, and people whom P1 would not wake.',
    permission: 'on-call.read',
    params: bySchedule,
    reply: z.object({ from: instant, to: instant, findings: z.array(scheduleFinding) }),
    errors: ['not-found'],
  },
  scheduleTimeline: {
    method: 'GET',
    path: '/api/schedules/:schedule/timeline',
    summary: `Shifts, overrides and findings between two instants (epoch milliseconds), at most ${MOST_TIMELINE_DAYS} days. \`knownAt\` draws the rota as it was known at that instant, without findings.`,
    permission: 'on-call.read',
    params: bySchedule,
    query: z.object({ from: queryInstant, to: queryInstant, knownAt: queryInstant.optional() }),
    reply: z.object({
      knownAt: instant.nullable(),
      schedule: scheduleRef.extend({ zone: z.string(), archivedAt: instant.nullable() }),
      from: instant,
      to: instant,
      /** Whole shifts that touch the window, unclipped, by their beginning. */
      shifts: z.array(shift),
      overrides: z.array(overrideRow),
      /** Where nobody is on call, by mistake or on purpose, clipped to the window. */
      gaps: z.array(gap),
      findings: z.array(scheduleFinding),
      can: z.object({ change: z.boolean(), override: z.boolean() }),
    }),
    errors: ['not-found', 'invalid-input'],
  },
  scheduleCalendar: {
    method: 'GET',
    path: '/api/schedules/:schedule/calendar.ics',
    summary:
      'The shifts as a calendar (iCalendar, RFC 5545), from 4 weeks ago to half a year ahead. `mine=true`: yours alone.',
    permission: 'on-call.read',
    params: bySchedule,
    query: z.object({ mine: z.enum(['true', 'false']).optional() }),
    reply: z.unknown(),
    errors: ['not-found'],
  },
  addOverride: {
    method: 'POST',
    path: '/api/schedules/:schedule/overrides',
    summary:
      'Puts somebody, or on purpose nobody (`accountId` null), on call from one instant to another, whatever the layers say.',
    permission: 'on-call.override',
    params: bySchedule,
    body: z.object({
      accountId: id.nullable(),
      from: pointInTime,
      to: pointInTime,
      /** Ids of the rotations whose people it takes the place of; the whole schedule when left out. */
      rotationIds: z.array(slug).min(1).max(MOST_LAYERS).optional(),
      reason: line(200).optional(),
    }),
    reply: z.object({ override: overrideRow, findings: z.array(scheduleFinding) }),
    status: 201,
    errors: ['not-found', 'invalid-input', 'conflict'],
  },
  removeOverride: {
    method: 'DELETE',
    path: '/api/schedules/:schedule/overrides/:override',
    summary: 'Takes an override away; that it was there stays on record.',
    permission: 'on-call.override',
    params: bySchedule.extend({ override: id }),
    reply: done,
    errors: ['not-found', 'conflict'],
  },
  listEscalationPolicies: {
    method: 'GET',
    path: '/api/escalation-policies',
    summary: 'Escalation policies with their steps, fallback and the environments that use them.',
    permission: 'on-call.read',
    query: paging.extend({ archived: z.enum(['true', 'false']).optional() }),
    reply: pageOf(policyRow).extend({ can: z.object({ create: z.boolean() }) }),
    errors: ['bad-request'],
  },
  getEscalationPolicy: {
    method: 'GET',
    path: '/api/escalation-policies/:policy',
    summary: 'One escalation policy by slug or id.',
    permission: 'on-call.read',
    params: byPolicy,
    reply: policyRow,
    errors: ['not-found'],
  },
  createEscalationPolicy: {
    method: 'POST',
    path: '/api/escalation-policies',
    summary: 'Makes an escalation policy.',
    permission: 'on-call.change',
    body: z.object({ slug, name: line(100), steps, repeat: repeat.optional(), fallback }),
    reply: policyRow,
    status: 201,
    errors: ['already-exists', 'invalid-input', 'conflict'],
  },
  replaceEscalationPolicy: {
    method: 'PUT',
    path: '/api/escalation-policies/:policy',
    summary: 'Replaces name, steps and fallback. Pages under way keep the policy they began with.',
    permission: 'on-call.change',
    params: byPolicy,
    body: z.object({
      name: line(100),
      steps,
      repeat: repeat.optional(),
      fallback,
      ifVersion: z.number().int().optional(),
    }),
    reply: policyRow,
    errors: ['not-found', 'invalid-input', 'conflict'],
  },
  archiveEscalationPolicy: {
    method: 'POST',
    path: '/api/escalation-policies/:policy/archive',
    summary: 'Puts a policy away. Refused while an environment names it, and for the default policy.',
    permission: 'on-call.change',
    params: byPolicy,
    reply: done,
    errors: ['not-found', 'conflict'],
  },
  assignEscalationPolicy: {
    method: 'PUT',
    path: '/api/environments/:environment/escalation-policy',
    summary: 'Says which policy pages of this environment follow; null returns it to the default.',
    permission: 'on-call.change',
    params: z.object({ environment: nameOrId }),
    body: z.object({ policy: nameOrId.nullable() }),
    reply: done,
    errors: ['not-found', 'conflict'],
  },
})
