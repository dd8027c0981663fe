/** What happens to rotas and policies. Bodies hold whole definitions, so that history alone answers who was on call as it was known then. */
import { z } from 'zod'
import {
  combine,
  escalationStep,
  escalationTarget,
  restHours,
  rotation,
} from '../../../contract/operations/on-call.ts'
import { id, instant } from '../../../contract/shapes.ts'
import { defineEvent } from '../../platform/events.ts'
import type { PolicyDefinition, ScheduleDefinition } from './definition.ts'

const area = 'on-call'
const scheduleBody = z.object({
  slug: z.string(),
  name: z.string(),
  layers: z.array(rotation),
  combine: combine.optional(),
  restHours: restHours.optional(),
})
/** A definition as a body takes it: plain lists, and nothing left undefined. */
export const eventDefinition = (
  definition: ScheduleDefinition,
): Pick<z.infer<typeof scheduleBody>, 'layers' | 'combine' | 'restHours'> =>
  scheduleBody
    .pick({ layers: true, combine: true, restHours: true })
    .parse(JSON.parse(JSON.stringify(definition)))

const policyBody = z.object({
  slug: z.string(),
  name: z.string(),
  steps: z.array(escalationStep),
  repeat: z.number().int(),
  fallback: z.array(escalationTarget),
})

export const eventPolicy = ({ steps, repeat, fallback }: PolicyDefinition) => ({
  steps: steps.map((step) => ({ ...step, targets: [...step.targets] })),
  repeat,
  fallback: [...fallback],
})

export const scheduleCreated = defineEvent('schedule.created', { area, body: scheduleBody })
export const scheduleChanged = defineEvent('schedule.changed', { area, body: scheduleBody })
export const scheduleArchived = defineEvent('schedule.archived', {
  area,
  body: z.object({ slug: z.string() }),
})

export const scheduleRestored = defineEvent('schedule.restored', {
  area,
  body: z.object({ slug: z.string() }),
})

/** `accountId` null: nobody, on purpose. The order of these events is the order in which overrides win. */
export const overrideAdded = defineEvent('schedule.override-added', {
  area,
  body: z.object({
    overrideId: id,
    accountId: id.nullable(),
    from: instant,
    to: instant,
    rotationIds: z.array(z.string()).optional(),
    reason: z.string().optional(),
    swapId: id.optional(),
  }),
})
export const overrideRemoved = defineEvent('schedule.override-removed', {
  area,
  body: z.object({ overrideId: id }),
})

export const policyCreated = defineEvent('escalation-policy.created', { area, body: policyBody })
export const policyChanged = defineEvent('escalation-policy.changed', { area, body: policyBody })
export const policyArchived = defineEvent('escalation-policy.archived', {
  area,
  body: z.object({ slug: z.string() }),
})

export const policyRestored = defineEvent('escalation-policy.restored', {
  area,
  body: z.object({ slug: z.string() }),
})

/** In the environment's own log; null: it follows the default again. */
export const environmentPolicyChosen = defineEvent('environment.escalation-policy-chosen', {
  area,
  body: z.object({ policyId: id.nullable(), policySlug: z.string().nullable() }),
})
