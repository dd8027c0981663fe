/** Between an incident's events and the rules. */
import { apply } from '../../../domain/operations/incidents/apply-incident.ts'
import type { IncidentEvent, IncidentState, Pin } from '../../../domain/operations/incidents/incident.ts'
import type { OutsideTicket } from '../../../domain/operations/incidents/outside-ticket.ts'
import type { StreamEvent } from '../../platform/stream.ts'
import { kindOf } from './events.ts'

const ERASED = '(erased)'
/** What an erasure may take away; the rules need something in their place. */
const words = { title: ERASED, statement: ERASED, reason: ERASED, summary: ERASED, impact: ERASED }

/** A fact and a ticket are fields as a whole. */
const inPlaceOf = (kind: IncidentEvent['kind'], { id, at }: StreamEvent): object => {
  if (kind === 'fact-pinned')
    return { pin: { id, about: 'note', text: ERASED, recordId: null, observedAt: at } satisfies Pin }
  return kind === 'ticket-linked' ? { ticket: { kind: 'key', key: ERASED } satisfies OutsideTicket } : {}
}

export const eventsFrom = (history: readonly StreamEvent[]): IncidentEvent[] =>
  history.flatMap((event) => {
    const { type, at, actorId, body } = event
    const kind = kindOf(type)
    if (!kind) return []
    const erased = { ...words, ...inPlaceOf(kind, event) }
    return [{ ...erased, by: actorId ?? '', ...body, kind, at } as unknown as IncidentEvent]
  })

export const incidentFrom = (history: readonly StreamEvent[]): IncidentState | null =>
  eventsFrom(history).reduce<IncidentState | null>(apply, null)
