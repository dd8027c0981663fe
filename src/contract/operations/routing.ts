/** Which alert pages whom: an ordered list of rules, and the hours during which environments are served. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { done, environmentRef, id, instant, line, slug, zone } from '../shapes.ts'
import { priority } from './alerts.ts'
import { weekday } from './on-call.ts'

const nameOrId = slug
const time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'hours and minutes, as 06:00')
/** Wall times of the zone. `to` at or before `from` goes over midnight; 24:00 is the end of the day. */
export const serviceWindow = z.strictObject({
  days: z.array(weekday).min(1).max(7),
  from: time,
  to: time.or(z.literal('24:00')),
})
/** `holidays`: dates on which no window begins. */
export const serviceHoursDefinition = z.strictObject({
  zone,
  windows: z.array(serviceWindow).min(1).max(20),
  holidays: z.array(z.string().regex(/^\d{4}-\d\d-\d\d$/, 'a date, as 2026-12-24')).max(400),
})
export const serviceHoursRow = z.object({
  id,
  slug: z.string(),
  name: z.string(),
  version: z.number().int(),
  ...serviceHoursDefinition.shape,
  served: z.boolean(),
  /** When they are served next; now, while they are. */
  servedAt: instant,
  environments: z.array(environmentRef),
})
export type ServiceHoursReply = z.infer<typeof serviceHoursRow>

const values = z.array(z.string().min(1).max(200)).max(100)
/** The label has one of the values; with none it is enough that it is there. `not` turns it round. */
export const labelCondition = z.strictObject({
  label: z.string().min(1).max(200),
  oneOf: values,
  not: z.boolean().optional(),
})
/** Everything that is named must fit. Customers and environments by id; `clusters` is the label of that name. */
export const alertCondition = z.strictObject({
  customers: z.array(id).min(1).max(100).optional(),
  environments: z.array(id).min(1).max(100).optional(),
  clusters: values.min(1).optional(),
  priorities: z.array(priority).min(1).max(5).optional(),
  labels: z.array(labelCondition).min(1).max(10).optional(),
  hours: z.enum(['within', 'outside']).optional(),
})
/** `page` at once, `wait` until the environment is served again, or `list` and page nobody. `policyId` null: the environment's. */
export const routingAction = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('page'), policyId: id.nullable() }),
  z.strictObject({ kind: z.literal('wait'), policyId: id.nullable() }),
  z.strictObject({ kind: z.literal('list') }),
])
export const routingRule = z.strictObject({
  id: slug,
  name: line(100),
  when: alertCondition,
  does: routingAction,
})
export type RoutingRuleReply = z.infer<typeof routingRule>

const routing = z.object({
  /** 0 until the first rules were kept; send it back as `ifVersion`. */
  version: z.number().int(),
  rules: z.array(routingRule),
  /** Names of everything that the rules mention. */
  names: z.record(z.string(), z.string()),
  can: z.object({ change: z.boolean() }),
})
export type RoutingReply = z.infer<typeof routing>

const byHours = z.object({ hours: nameOrId })

export const routingRoutes = defineRoutes({
  getRouting: {
    method: 'GET',
    path: '/api/routing-rules',
    summary: 'The rules that say which alert pages whom, in their order: the first that fits decides.',
    permission: 'on-call.read',
    reply: routing,
  },
  replaceRouting: {
    method: 'PUT',
    path: '/api/routing-rules',
    summary: 'Replaces all rules. Pages under way, and alerts that wait already, keep what was decided.',
    permission: 'on-call.change',
    body: z.object({ rules: z.array(routingRule).max(200), ifVersion: z.number().int().optional() }),
    reply: routing,
    errors: ['invalid-input', 'conflict'],
  },
  tryRouting: {
    method: 'POST',
    path: '/api/routing-rules/try',
    summary:
      'What would become of an alert: by the rules in force, or by those that are sent. Writes nothing.',
    permission: 'on-call.read',
    body: z.object({
      environment: nameOrId,
      priority,
      labels: z.record(z.string().max(200), z.string().max(1_000)).optional(),
      at: instant.optional(),
      rules: z.array(routingRule).max(200).optional(),
    }),
    reply: z.object({
      does: z.enum(['page', 'wait', 'list']),
      /** The rule that decides; null: none fits. */
      rule: z.object({ id: z.string(), name: z.string() }).nullable(),
      policy: z.object({ id, name: z.string() }).nullable(),
      until: instant.nullable(),
      served: z.boolean(),
    }),
    errors: ['not-found', 'invalid-input'],
  },
  listServiceHours: {
    method: 'GET',
    path: '/api/service-hours',
    summary: 'The service hours in use, with the environments that have them.',
    permission: 'on-call.read',
    reply: z.object({ rows: z.array(serviceHoursRow), can: z.object({ change: z.boolean() }) }),
  },
  createServiceHours: {
    method: 'POST',
    path: '/api/service-hours',
    summary: 'Adds service hours.',
    permission: 'on-call.change',
    body: z.object({ slug, name: line(100), ...serviceHoursDefinition.shape }),
    reply: serviceHoursRow,
    status: 201,
    errors: ['already-exists', 'invalid-input', 'conflict'],
  },
  replaceServiceHours: {
    method: 'PUT',
    path: '/api/service-hours/:hours',
    summary: 'Replaces name, zone, windows and holidays. What waits already pages when it was told it would.',
    permission: 'on-call.change',
    params: byHours,
    body: z.object({
      name: line(100),
      ...serviceHoursDefinition.shape,
      ifVersion: z.number().int().optional(),
    }),
    reply: serviceHoursRow,
    errors: ['not-found', 'invalid-input', 'conflict'],
  },
  archiveServiceHours: {
    method: 'POST',
    path: '/api/service-hours/:hours/archive',
    summary: 'Puts service hours away. Refused while an environment has them.',
    permission: 'on-call.change',
    params: byHours,
    reply: done,
    errors: ['not-found', 'conflict'],
  },
  assignServiceHours: {
    method: 'PUT',
    path: '/api/environments/:environment/service-hours',
    summary: 'Says during which hours an environment is served; null: around the clock.',
    permission: 'on-call.change',
    params: z.object({ environment: nameOrId }),
    body: z.object({ hours: nameOrId.nullable() }),
    reply: done,
    errors: ['not-found', 'conflict'],
  },
})
