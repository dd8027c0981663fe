/** Alert policies: what alerts say, when they page and which are one, decided as they come in. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { environmentRef, id, instant, line, prose, slug } from '../shapes.ts'
import { priority } from './alerts.ts'
import { alertCondition } from './routing.ts'

/** `Disk of {{labels.instance}}: {{message}}`. */
const template = prose(1_000).min(1)
const minutes = (most: number) => z.number().int().min(1).max(most)
const WEEK = 7 * 24 * 60
const tag = line(50).regex(/^[^,]*$/, 'without a comma')
const tags = z.array(tag).max(20)

export const policyAction = z.discriminatedUnion('kind', [
  /** What is left out stays as its source says it. `details` are labels; tags are added and taken away. */
  z.strictObject({
    kind: z.literal('rewrite'),
    message: template.optional(),
    description: template.optional(),
    priority: priority.optional(),
    addTags: tags.optional(),
    removeTags: tags.optional(),
    details: z.record(line(200), template).optional(),
  }),
  /** Pages only if it still fires after `minutes`, or was said `occurrences` times, whichever comes first. */
  z.strictObject({
    kind: z.literal('delay'),
    minutes: minutes(WEEK).nullable(),
    occurrences: z.number().int().min(2).max(10_000).nullable(),
  }),
  /** Listed, pages nobody. */
  z.strictObject({ kind: z.literal('suppress') }),
  /** Closed when it was not said again for `minutes`. */
  z.strictObject({ kind: z.literal('auto-close'), minutes: minutes(90 * 24 * 60) }),
  /** Alerts with the same alias are one, with a count. */
  z.strictObject({ kind: z.literal('deduplicate'), alias: template }),
  /** Neither policies nor maintenance windows nor flapping keep it from paging. */
  z.strictObject({ kind: z.literal('always-page') }),
  /** Fires `times` in `withinMinutes`: pages only when it stays for `stayMinutes`. null: never damped. */
  z.strictObject({
    kind: z.literal('damp'),
    flap: z
      .strictObject({
        times: z.number().int().min(2).max(100),
        withinMinutes: minutes(60),
        stayMinutes: minutes(240),
      })
      .nullable(),
  }),
])

export const alertPolicy = z.strictObject({
  id: slug,
  name: line(100),
  when: alertCondition,
  does: policyAction,
  /** Policies after it are not asked about an alert that it fits. */
  last: z.boolean().optional(),
})
export type AlertPolicyReply = z.infer<typeof alertPolicy>

const policies = z.object({
  /** 0 until the first were kept; send it back as `ifVersion`. */
  version: z.number().int(),
  policies: z.array(alertPolicy),
  /** Names of everything that they mention. */
  names: z.record(z.string(), z.string()),
  /** What could not do what it says; alerts came as if it were not there. */
  faults: z.array(
    z.object({ policyId: z.string(), at: instant, count: z.number().int(), detail: z.string() }),
  ),
  can: z.object({ change: z.boolean() }),
})
export type AlertPoliciesReply = z.infer<typeof policies>

/** What would become of an alert. `alias` null: it is itself. */
export const treatedAlert = z.object({
  message: z.string(),
  priority,
  tags: z.array(z.string()),
  /** Details that a policy wrote. */
  details: z.record(z.string(), z.string()),
  alias: z.string().nullable(),
  holds: z.enum(['suppressed', 'delayed']).nullable(),
  delayMinutes: z.number().int().nullable(),
  delayOccurrences: z.number().int().nullable(),
  closesAfterMinutes: z.number().int().nullable(),
  alwaysPages: z.boolean(),
  /** By name, in the order in which they took part. */
  policies: z.array(z.string()),
})
export type TreatedAlertReply = z.infer<typeof treatedAlert>

export const alertPolicyRoutes = defineRoutes({
  getAlertPolicies: {
    method: 'GET',
    path: '/api/alert-policies',
    summary:
      'The alert policies in their order: each that fits takes part, and sees what those before it made.',
    permission: 'on-call.read',
    reply: policies,
  },
  replaceAlertPolicies: {
    method: 'PUT',
    path: '/api/alert-policies',
    summary: 'Replaces all policies. Alerts that are there already stay as they are.',
    permission: 'on-call.change',
    body: z.object({ policies: z.array(alertPolicy).max(200), ifVersion: z.number().int().optional() }),
    reply: policies,
    errors: ['invalid-input', 'conflict'],
  },
  tryAlertPolicies: {
    method: 'POST',
    path: '/api/alert-policies/try',
    summary:
      'What policies would have made of alerts that came in, beside what those in force make of them. Writes nothing.',
    permission: 'on-call.read',
    body: z.object({
      policies: z.array(alertPolicy).max(200).optional(),
      environment: slug.optional(),
      /** The newest so many alerts are looked at; 500 when left out. */
      most: z.number().int().min(1).max(1_000).optional(),
    }),
    reply: z.object({
      looked: z.number().int(),
      /** Of those, how many any of the policies that were sent would touch, and how many would come differently. */
      touched: z.number().int(),
      changed: z.number().int(),
      /** The newest 50 that would come differently. */
      rows: z.array(
        z.object({
          alert: z.object({ id, name: z.string(), openedAt: instant, environment: environmentRef }),
          now: treatedAlert,
          would: treatedAlert,
        }),
      ),
      faults: z.array(z.object({ policyId: z.string(), detail: z.string() })),
    }),
    errors: ['not-found', 'invalid-input'],
  },
})
