/** Routing rules and service hours of a fictional team. */
import {
  routingRoutes,
  type RoutingReply,
  type RoutingRuleReply,
  type ServiceHoursReply,
} from '../../../src/contract/operations/routing.ts'
import { responseTimeRoutes } from '../../../src/contract/operations/response-times.ts'
import { policy } from './operations.ts'
import { customers, environmentRef, environments } from './people.ts'
import { hours, newId, now, replyTo, type Answer, type Asked, type Case } from './reply.ts'

const staging = environments[1]!

export const rules: readonly RoutingRuleReply[] = [
  {
    id: 'backups',
    name: 'Backups wake whoever knows them',
    when: { priorities: ['P1', 'P2', 'P3'], labels: [{ label: 'job', oneOf: ['velero', 'restic'] }] },
    does: { kind: 'page', policyId: policy.id },
  },
  {
    id: 'calm-nights',
    name: 'Calm nights',
    when: { priorities: ['P2'], hours: 'outside', environments: [staging.id] },
    does: { kind: 'wait', policyId: null },
  },
  {
    id: 'learning',
    name: 'A platform on which people learn, of which nothing is urgent',
    when: {
      customers: [customers[2]!.id],
      clusters: ['sandbox', 'workload-1'],
      labels: [
        { label: 'severity', oneOf: ['critical'], not: true },
        { label: 'tenant', oneOf: [] },
      ],
    },
    does: { kind: 'list' },
  },
]

const routing = (kase: Case, asked: Asked): RoutingReply => ({
  version: kase === 'empty' ? 0 : 4,
  rules: kase === 'empty' ? [] : [...rules],
  names: {
    [policy.id]: policy.name,
    [staging.id]: staging.name,
    [customers[2]!.id]: customers[2]!.name,
  },
  can: { change: asked.may('on-call.change') },
})

export const office: ServiceHoursReply = {
  id: newId(),
  slug: 'office',
  name: 'Office hours',
  version: 2,
  zone: 'Europe/Stockholm',
  windows: [
    { days: [1, 2, 3, 4, 5], from: '06:00', to: '22:00' },
    { days: [6], from: '08:00', to: '24:00' },
  ],
  holidays: ['2026-12-24', '2026-12-25'],
  served: true,
  servedAt: now,
  environments: [environmentRef(1), environmentRef(3)],
}
const evenings: ServiceHoursReply = {
  ...office,
  id: newId(),
  slug: 'evenings',
  name: 'Evenings of a customer far away, over midnight',
  zone: 'America/Argentina/Buenos_Aires',
  windows: [{ days: [1, 3], from: '20:00', to: '02:00' }],
  holidays: [],
  served: false,
  servedAt: now + hours(7),
  environments: [],
}

/** Only as clever as the views need: the first drafted rule of that priority decides. */
const verdict = (body: unknown) => {
  const { priority, rules: drafted = rules } = body as {
    priority: 'P1'
    rules?: readonly RoutingRuleReply[]
  }
  const rule = drafted.find(({ when }) => when.priorities?.includes(priority) ?? true)
  const does = rule?.does.kind ?? (priority < 'P3' ? 'page' : 'list')
  return {
    does,
    rule: rule ? { id: rule.id, name: rule.name } : null,
    policy: does === 'list' ? null : { id: policy.id, name: policy.name },
    until: does === 'wait' ? now + hours(7) : null,
    served: does !== 'wait',
  }
}

export const routingReplies: readonly Answer[] = [
  replyTo(responseTimeRoutes.listResponseTimes)((kase, asked) => ({
    rows:
      kase === 'empty'
        ? []
        : [
            { environment: environmentRef(0), minutes: { P1: 30, P2: 120 } },
            { environment: environmentRef(3), minutes: { P1: 15 } },
          ],
    can: { change: asked.may('on-call.change') },
  })),
  replyTo(routingRoutes.getRouting)(routing),
  replyTo(routingRoutes.tryRouting)((_, { body }) => verdict(body)),
  replyTo(routingRoutes.listServiceHours)((kase, asked) => ({
    rows: kase === 'empty' ? [] : [office, evenings],
    can: { change: asked.may('on-call.change') },
  })),
]
