/** A rota as it was known at an instant, lived through again from its events: later corrections change nothing here. */
import type { Override } from '../../../domain/operations/on-call/schedule.ts'
import { rulesOf, type StoredSchedule } from './definition.ts'
import {
  overrideAdded,
  overrideRemoved,
  scheduleChanged,
  scheduleCreated,
  scheduleRestored,
} from './events.ts'
import type { PastEvent } from './store.ts'

/** An override removed while under way was in force until then; one removed before it began never was. */
const withoutOverride = (overrides: readonly Override[], overrideId: string, at: number): Override[] =>
  overrides.flatMap((override) => {
    if (override.id !== overrideId) return [override]
    return at <= override.from ? [] : [{ ...override, to: Math.min(override.to, at) }]
  })

const applyEvent = (known: StoredSchedule | undefined, event: PastEvent): StoredSchedule | undefined => {
  const { type, body, at } = event
  if (type === scheduleCreated.type || type === scheduleChanged.type) {
    const { slug, name, ...definition } = scheduleCreated.body.parse(body)
    const overrides = known?.rules.overrides ?? []
    const rules = rulesOf(event.scheduleId, definition, overrides)
    return { id: event.scheduleId, slug, name, version: (known?.version ?? 0) + 1, archivedAt: null, rules }
  }
  if (known === undefined) return undefined
  const { rules } = known
  if (type === overrideAdded.type) {
    const { overrideId: id, accountId, from, to, rotationIds } = overrideAdded.body.parse(body)
    const overrides = [...rules.overrides, { id, accountId, from, to, rotationIds }]
    return { ...known, rules: { ...rules, overrides } }
  }
  if (type === overrideRemoved.type) {
    const { overrideId } = overrideRemoved.body.parse(body)
    return { ...known, rules: { ...rules, overrides: withoutOverride(rules.overrides, overrideId, at) } }
  }
  return { ...known, archivedAt: type === scheduleRestored.type ? null : at }
}

/** @param events of one schedule, in their order; @returns undefined before it was made */
export const scheduleFrom = (events: readonly PastEvent[]): StoredSchedule | undefined =>
  events.reduce<StoredSchedule | undefined>(applyEvent, undefined)
