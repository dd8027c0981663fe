/** Between an incident's events and the rules. */
import { apply } from '../../../domain/operations/incidents/apply-incident.ts'
import type { IncidentEvent, IncidentState } from '../../../domain/operations/incidents/incident.ts'
import type { StreamEvent } from '../../platform/stream.ts'
import { kindOf } from './events.ts'

const ERASED = '(erased)'
/** The words that an erasure may take away; the rules need something in their place. */
const words = { title: ERASED, statement: ERASED, reason: ERASED, summary: ERASED, impact: ERASED }

export const eventsFrom = (history: readonly StreamEvent[]): IncidentEvent[] =>
  history.flatMap(({ type, at, actorId, body }) => {
    const kind = kindOf(type)
    return kind ? [{ ...words, by: actorId ?? '', ...body, kind, at } as unknown as IncidentEvent] : []
  })

export const incidentFrom = (history: readonly StreamEvent[]): IncidentState | null =>
  eventsFrom(history).reduce<IncidentState | null>(apply, null)
