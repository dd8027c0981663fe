/** A night and a morning of a fictional team: alerts, pages, the rota. */
import { awayRoutes, type AbsenceReply } from '../../../src/contract/operations/away.ts'
import { heartbeatRoutes, type HeartbeatReply } from '../../../src/contract/operations/heartbeats.ts'
import {
  onCallRoutes,
  type PolicyReply,
  type ScheduleOutcomeReply,
  type ShiftReply,
} from '../../../src/contract/operations/on-call.ts'
import { notificationRuleRoutes } from '../../../src/contract/operations/notification-rules.ts'
import { readinessRoutes } from '../../../src/contract/operations/readiness.ts'
import { pageRoutes, type PageReply } from '../../../src/contract/operations/pages.ts'
import type { ReplyOf } from '../../../src/contract/route.ts'
import { environmentRef, person, team } from './people.ts'
import {
  days,
  minutes,
  newId,
  now,
  pageThrough,
  pick,
  replyTo,
  type Answer,
  type Asked,
  type Case,
} from './reply.ts'

const heartbeat = (name: string, more: Partial<HeartbeatReply>): HeartbeatReply => ({
  name,
  description: '',
  alertMessage: '',
  priority: 1,
  intervalMs: minutes(5),
  enabled: true,
  state: 'heard',
  lastPingAt: now - minutes(1),
  silentSince: null,
  ...more,
})

/** How many days ago a page was last taken. */
export const provenBefore = (ago: number) => ({ provenAt: now - days(ago), proven: ago <= 7 })
const topic = newId()
const notificationRules = (
  nothing: boolean,
): ReplyOf<typeof notificationRuleRoutes.getNotificationRules> => ({
  version: nothing ? 0 : 3,
  quiet: nothing ? null : { from: '22:00', to: '07:00' },
  rules: nothing
    ? []
    : [
        {
          occasions: ['page'],
          priorities: ['P1'],
          hours: { from: '22:00', to: '07:00', weekdays: [1, 2, 3, 4, 5] },
          steps: [
            { method: topic, afterMinutes: 0 },
            { method: topic, afterMinutes: 2 },
            { method: 'email', afterMinutes: 5 },
          ],
        },
        { occasions: ['page'], priorities: [], hours: null, steps: [{ method: newId(), afterMinutes: 0 }] },
      ],
  ways: nothing
    ? []
    : [
        { method: 'web-push', channel: 'web-push', address: null },
        { method: topic, channel: 'ntfy', address: 'asnt…' },
        { method: 'email', channel: 'email', address: 'astrid@fortnight.example' },
      ],
  now: (['P1', 'P2', 'P3', 'P4', 'P5'] as const).map((priority) => ({
    priority,
    steps: nothing
      ? []
      : [
          { method: 'web-push', channel: 'web-push', afterMinutes: priority === 'P1' ? 0 : 312 },
          { method: topic, channel: 'ntfy', afterMinutes: priority === 'P1' ? 0 : 312 },
        ],
  })),
})

const pages: readonly PageReply[] = [
  {
    title: 'KubePersistentVolumeFillingUp',
    priority: 'P1' as const,
    status: 'open' as const,
    age: 4,
    by: null,
  },
  { title: 'KubeAPIDown', priority: 'P1' as const, status: 'acknowledged' as const, age: 21, by: person(1) },
  {
    title: 'NodeNotReady and 2 more',
    priority: 'P2' as const,
    status: 'acknowledged' as const,
    age: 26,
    by: person(0),
  },
].map(({ title, priority, status, age, by }, position) => ({
  id: newId(),
  environment: environmentRef(position),
  status,
  priority,
  title,
  alertCount: 1 + position,
  nobodyOnCall: position === 0,
  requestedAt: now - minutes(age),
  acknowledgedAt: by ? now - minutes(age - 2) : null,
  acknowledgedBy: by,
  resolvedAt: null,
  can: { acknowledge: status === 'open' },
}))
const pagesFor = (kase: Case): readonly PageReply[] =>
  kase === 'empty'
    ? []
    : kase === 'thousand'
      ? Array.from({ length: 1000 }, (_, n) => ({
          ...pick(pages, n),
          id: newId(),
          title: `${pick(pages, n).title} ${n}`,
        }))
      : pages

export const week = days(7)
/** The last hand-over: Mondays 09:00 in Stockholm's winter. */
export const monday = (() => {
  const at = new Date(now)
  at.setUTCHours(8, 0, 0, 0)
  at.setUTCDate(at.getUTCDate() - ((at.getUTCDay() + 6) % 7))
  return at.getTime() > now ? at.getTime() - week : at.getTime()
})()
export const schedule = { id: newId(), slug: 'primary', name: 'Primary' }
const shiftsBetween = (from: number, to: number): ShiftReply[] => {
  const shifts: ShiftReply[] = []
  for (let n = Math.floor((from - monday) / week); monday + n * week < to; n += 1) {
    const begin = monday + n * week
    const turn = ((n % 3) + 3) % 3
    const source = { kind: 'rotation' as const, rotationId: 'weekly', turn: n }
    if (n === 1) {
      shifts.push({ person: person(turn), forwardedFrom: null, from: begin, to: begin + days(2), source })
      shifts.push({
        person: person(4),
        forwardedFrom: null,
        from: begin + days(2),
        to: begin + days(3.25),
        source: { kind: 'override', overrideId: overrides[0]!.id },
      })
      shifts.push({
        person: person(turn),
        forwardedFrom: null,
        from: begin + days(3.25),
        to: begin + days(5),
        source,
      })
    } else shifts.push({ person: person(turn), forwardedFrom: null, from: begin, to: begin + week, source })
  }
  return shifts
}
const overrides = [
  {
    id: newId(),
    person: person(4),
    from: monday + week + days(2),
    to: monday + week + days(3.25),
    rotationIds: null,
    reason: 'dentist',
    swapId: null,
    addedAt: now - days(2),
    addedBy: person(1),
    can: { remove: true },
  },
]
const absenceId = newId()
const forwardingId = newId()
const absence = (asked: Asked): AbsenceReply => ({
  id: absenceId,
  person: person(2),
  from: monday + week,
  to: monday + week + days(4),
  reason: 'Skiing',
  addedAt: now - days(3),
  can: { remove: asked.may('on-call.override') },
})
const gap = { from: monday + week + days(5), to: monday + 2 * week, onPurpose: false }
const findings = [
  {
    code: 'gap' as const,
    severity: 'red' as const,
    from: gap.from,
    to: gap.to,
    detail: 'Nobody is on call from Saturday 09:00 to Monday 09:00: pages would reach only the fallback.',
    person: null,
  },
]
const onCallNow = {
  kind: 'person' as const,
  person: person(0),
  forwardedFrom: null,
  source: { kind: 'rotation' as const, rotationId: 'weekly', turn: 0 },
  from: monday,
  until: monday + week,
  also: [],
}
const { also: _, ...duty } = onCallNow
const next = { ...duty, person: person(1), from: monday + week, until: monday + week + days(2) }
const scheduleRow = {
  ...schedule,
  zone: 'Europe/Stockholm',
  archivedAt: null,
  onCall: onCallNow,
  next,
  findings,
  can: { change: true, override: true },
}

export const policy: PolicyReply = {
  id: newId(),
  slug: 'default',
  name: 'Default',
  version: 2,
  archivedAt: null,
  isDefault: true,
  steps: [
    { afterMinutes: 0, targets: [{ kind: 'schedule', id: schedule.id }] },
    { afterMinutes: 10, targets: [{ kind: 'account', id: team[3]!.id }] },
    { afterMinutes: 25, targets: [{ kind: 'role', role: 'management' }] },
  ],
  repeat: 1,
  fallback: [{ kind: 'role', role: 'administrator' }],
  teams: [],
  people: team.map(({ id, name, handle }) => ({ id, name, handle, archived: false })),
  schedules: [schedule],
  environments: [environmentRef(0)],
  findings: [{ code: 'role-without-people', severity: 'amber', detail: 'Nobody has the role management.' }],
  can: { change: true },
}

const canOnCall = ({ may }: Asked) => ({ change: may('on-call.change'), override: may('on-call.override') })
const policyFor = (asked: Asked): PolicyReply => ({
  ...policy,
  can: { change: asked.may('on-call.change') },
})

const inTurn = [team[0]!.id, team[1]!.id, team[2]!.id]

/** What the server would answer to a rota that is still being written: the turns in the order that was sent. */
const previewOf = (participants: readonly string[] | null): ScheduleOutcomeReply => {
  const shifts = shiftsBetween(now, now + 8 * week)
  const asStored = participants?.join() === inTurn.join()
  const turn = (n: number) => (asStored ? undefined : participants?.[n % participants.length])
  return {
    stored: false,
    schedule: { ...schedule, version: 3 },
    findings,
    gaps: [gap],
    shifts: shifts.map((shift, n) => {
      const found = team.find(({ id }) => id === turn(n))
      return found && n > 4 ? { ...shift, person: { id: found.id, name: found.name } } : shift
    }),
  }
}

export const operationsReplies: readonly Answer[] = [
  replyTo(heartbeatRoutes.listHeartbeats)((kase) => ({
    rows:
      kase === 'empty'
        ? []
        : [
            heartbeat('alertmanager-workload-1', {}),
            heartbeat('backup-nightly', {
              state: 'silent',
              intervalMs: days(1),
              lastPingAt: now - days(2),
              silentSince: now - days(1),
            }),
            heartbeat('new-cluster', { state: 'waiting', lastPingAt: null }),
            heartbeat('old-cluster', { state: 'off', enabled: false }),
          ],
    orphans: kase === 'empty' ? [] : [{ name: 'bakcup-nightly', lastPingAt: now - minutes(3), pings: 41 }],
    can: { change: true },
  })),
  replyTo(pageRoutes.listPages)((kase, asked) => pageThrough(pagesFor(kase), asked)),
  replyTo(notificationRuleRoutes.getNotificationRules)((kase) => notificationRules(kase === 'empty')),
  replyTo(notificationRuleRoutes.replaceNotificationRules)(() => notificationRules(false)),
  replyTo(readinessRoutes.showReadiness)((kase) => ({
    rows: team.map(({ id, name }, place) =>
      place === 0 && kase !== 'empty'
        ? { person: { id, name }, ready: false, why: 'no-way-wakes', at: null, ...provenBefore(2) }
        : place === 3 && kase !== 'empty'
          ? {
              person: { id, name },
              ready: false,
              why: 'rules-let-sleep',
              at: now + days(2),
              ...provenBefore(9),
            }
          : { person: { id, name }, ready: true, why: null, at: null, ...provenBefore(place === 1 ? 30 : 1) },
    ),
    ways: (['voice', 'sms', 'email', 'slack', 'mattermost', 'ntfy', 'webhook'] as const).map((kind) => ({
      kind,
      works: kind !== 'voice' && kind !== 'ntfy',
      why:
        kind === 'voice'
          ? 'No gateway for calls is set here (SMS_GATEWAY and VOICE_FROM).'
          : kind === 'ntfy'
            ? 'No ntfy server is set here (NTFY_SERVER).'
            : null,
    })),
  })),
  replyTo(pageRoutes.pushPublicKey)(() => ({
    publicKey: 'BEl62iUYgUivxIkv69yViEuiBIa-Ib9-SkvMeAtA3LFgDzkrxZJjSgSnfckjBJuBkr3qBUYIHBQFLXYp5Nksh8U',
  })),
  replyTo(pageRoutes.listPushSubscriptions)((kase) => ({
    rows:
      kase === 'empty'
        ? []
        : [
            {
              id: newId(),
              userAgent: 'Chrome on Android',
              createdAt: now - days(12),
              provenAt: now - days(12),
            },
          ],
  })),
  replyTo(onCallRoutes.whoIsOnCall)((kase) => ({
    at: now,
    knownAt: null,
    rows: kase === 'empty' ? [] : [{ schedule, onCall: onCallNow, next }],
  })),
  replyTo(awayRoutes.listAbsences)((kase, asked) => ({ rows: kase === 'empty' ? [] : [absence(asked)] })),
  replyTo(awayRoutes.listForwardings)((kase, asked) => ({
    rows: kase === 'empty' ? [] : [{ ...absence(asked), id: forwardingId, answers: person(3) }],
  })),
  replyTo(onCallRoutes.listSchedules)((kase, asked) => ({
    rows: kase === 'empty' ? [] : [{ ...scheduleRow, can: canOnCall(asked) }],
    next: null,
    at: now,
    can: { create: true },
  })),
  replyTo(onCallRoutes.scheduleFindings)((kase) => ({
    from: now,
    to: now + days(365),
    findings: kase === 'empty' ? [] : findings,
  })),
  replyTo(onCallRoutes.scheduleTimeline)((_, asked) => {
    const { query } = asked
    const from = Number(query.get('from'))
    const to = Number(query.get('to'))
    return {
      knownAt: query.has('knownAt') ? Number(query.get('knownAt')) : null,
      schedule: { ...schedule, zone: 'Europe/Stockholm', archivedAt: null },
      from,
      to,
      shifts: shiftsBetween(from, to).filter((shift) => shift.to > from && shift.from < to),
      overrides: overrides
        .filter((override) => override.to > from && override.from < to)
        .map((override) => ({ ...override, can: { remove: canOnCall(asked).override } })),
      gaps: gap.from < to && gap.to > from ? [gap] : [],
      findings,
      can: canOnCall(asked),
    }
  }),
  replyTo(onCallRoutes.getSchedule)((kase, asked) => ({
    ...scheduleRow,
    can: canOnCall(asked),
    version: 3,
    combine: 'top',
    restHours: 11,
    layers:
      kase === 'empty'
        ? []
        : [
            {
              kind: 'weekly',
              id: 'weekly',
              everyWeeks: 1,
              handOver: { weekday: 1, time: '09:00' },
              zone: 'Europe/Stockholm',
              participants: [...inTurn],
              startsOn: '2026-01-05',
            },
          ],
    people: team.map(({ id, name, handle }) => ({ id, name, handle, archived: false })),
    teams: [],
    overrides,
  })),
  replyTo(onCallRoutes.previewSchedule)(() => previewOf(null)),
  replyTo(onCallRoutes.replaceSchedule)((_, { body }) =>
    previewOf((body as { layers: { participants: string[] }[] }).layers[0]?.participants ?? null),
  ),
  replyTo(onCallRoutes.getEscalationPolicy)((_, asked) => policyFor(asked)),
  replyTo(onCallRoutes.listEscalationPolicies)((kase, asked) => ({
    rows: kase === 'empty' ? [] : [policyFor(asked)],
    next: null,
    can: { create: true },
  })),
]
