/** Event types: declared once by the area that owns them, appended only through record(). */
import type { z } from 'zod'
import type { Via } from './actor.ts'

export type Ref = readonly [kind: string, id: string]

/**
 * act: becomes one ledger leaf in the same transaction.
 * observation: announces rows that are sealed by window; carries no body.
 */
export type EventClass = 'act' | 'observation'

export type EventType<Body extends Record<string, unknown> = Record<string, unknown>> = {
  readonly type: string
  readonly v: number
  readonly class: EventClass
  readonly stream: string
  /** Area as the live feed names it: 'pages', 'alerts', 'decisions' … */
  readonly area: string
  readonly body: z.ZodType<Body>
  /** A customer contact of its customer is told at once that something here changed. */
  readonly contactsHear: boolean
}

const declared = new Map<string, EventType>()

/** Declares an event type, past tense, `stream.happened`. The version grows when the meaning of a field changes. */
export const defineEvent = <Body extends Record<string, unknown>>(
  type: string,
  about: { v?: number; class?: EventClass; area: string; body: z.ZodType<Body>; contactsHear?: true },
): EventType<Body> => {
  const stream = type.slice(0, type.indexOf('.'))
  const event: EventType<Body> = {
    type,
    v: about.v ?? 1,
    class: about.class ?? 'act',
    stream,
    area: about.area,
    body: about.body,
    contactsHear: about.contactsHear === true,
  }
  if (declared.has(type)) throw new Error(`event type ${type} is declared twice`)
  declared.set(type, event as unknown as EventType)
  return event
}

export const eventTypes = (): ReadonlyMap<string, EventType> => declared

/** What a verb appends; ids, times, actor and version are filled in by record(). */
export type NewEvent<Body> = {
  readonly stream: string
  readonly customerId?: string | undefined
  readonly environmentId?: string | undefined
  readonly refs?: readonly Ref[]
  readonly body: Body
  readonly blobs?: readonly { readonly kind: string; readonly h: string; readonly n: number }[]
  /** When it happened, if not now: an uploaded recording, an imported record. recorded_at stays honest. */
  readonly at?: number
}

export type RecordedEvent<Body = Record<string, unknown>> = {
  readonly id: string
  readonly type: string
  readonly v: number
  readonly class: EventClass
  readonly streamKind: string
  readonly streamId: string
  readonly at: number
  readonly recordedAt: number
  readonly actorKind: string
  readonly actorId: string | undefined
  readonly via: Via
  readonly customerId: string | undefined
  readonly environmentId: string | undefined
  readonly refs: readonly Ref[]
  readonly body: Body
  readonly blobs: readonly { readonly kind: string; readonly h: string; readonly n: number }[]
}
