/** The events of an incident: the rules' own, each a type of its own, with their words in the body. */
import { z } from 'zod'
import type { IncidentEvent } from '../../../domain/operations/incidents/incident.ts'
import { defineEvent, type EventType } from '../../platform/events.ts'

type Kind = IncidentEvent['kind']

/** `by` is kept in the body as well: what a chain links, it links in the name of whoever caused it. */
const body = z.looseObject({ by: z.string() })
const define = (name: string): EventType => defineEvent(`incident.${name}`, { area: 'incidents', body })

export const incidentEvents: Readonly<Record<Kind, EventType>> = {
  'incident-opened': define('opened'),
  'alert-added': define('alert-added'),
  'alerts-added': define('alerts-added'),
  'alerts-removed': define('alerts-removed'),
  'fact-pinned': define('fact-pinned'),
  'hypothesis-proposed': define('hypothesis-proposed'),
  'evidence-added': define('evidence-added'),
  'hypothesis-judged': define('hypothesis-judged'),
  'impact-stated': define('impact-stated'),
  'participant-joined': define('participant-joined'),
  'participant-left': define('participant-left'),
  'help-asked': define('help-asked'),
  'ticket-linked': define('ticket-linked'),
  'decision-linked': define('decision-linked'),
  'session-linked': define('session-linked'),
  'act-judged': define('act-judged'),
  'incident-mitigated': define('mitigated'),
  'incident-resolved': define('resolved'),
  'incident-reopened': define('reopened'),
}

const kinds = new Map(Object.entries(incidentEvents).map(([kind, { type }]) => [type, kind as Kind]))
export const kindOf = (type: string): Kind | undefined => kinds.get(type)
