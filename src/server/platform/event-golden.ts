/** The exact ledger bytes of one sample of each event type: whoever changes what they mean finds out before it ships. */
import { z } from 'zod'
import type { EventType, RecordedEvent } from './events.ts'
import { leafOf } from './evidence-outbox.ts'

/** @property leaf  hexadecimal bytes of the leaf; null for an observation, which has none */
export type EventGolden = {
  readonly type: string
  readonly v: number
  readonly class: string
  /** JSON Schema of the body: a field that is added, removed or retyped shows here. */
  readonly schema: unknown
  readonly body: Record<string, unknown>
  readonly disclosures: readonly string[]
  readonly leaf: string | null
}

const FIXED_LOG = { id: '01890000-0000-7000-8000-00000000000a', pseudonymKey: new Uint8Array(32) }
const FIXED_ACTOR = 'a_AAAAAAAAAAAAAAAAAAAAAA'

/** Salt n is sixteen bytes of n, n+1 …: fixed, and another for each field. */
const fixedSalts = (bytes: number): Uint8Array =>
  Uint8Array.from({ length: bytes }, (_, index) => (index * 7) % 256)

const sampleEvent = (
  { type, v, class: kind, stream }: EventType,
  body: Record<string, unknown>,
): RecordedEvent => ({
  id: '01890000-0000-7000-8000-000000000001',
  type,
  v,
  class: kind,
  streamKind: stream,
  streamId: '01890000-0000-7000-8000-000000000002',
  at: Date.UTC(2026, 10, 10, 8, 0, 0, 123),
  recordedAt: Date.UTC(2026, 10, 10, 8, 0, 0, 123),
  actorKind: 'person',
  actorId: '01890000-0000-7000-8000-000000000003',
  via: 'web',
  customerId: '01890000-0000-7000-8000-000000000004',
  environmentId: '01890000-0000-7000-8000-000000000005',
  refs: [['environment', '01890000-0000-7000-8000-000000000005']],
  body,
  blobs: [],
})

/** Throws when the body is not what the type declares. */
export const goldenOf = (type: EventType, body: Record<string, unknown>): EventGolden => {
  const parsed = type.body.parse(body)
  const { $schema: _, ...schema } = z.toJSONSchema(type.body, { io: 'input', unrepresentable: 'any' })
  const about = { type: type.type, v: type.v, class: type.class, schema, body: parsed }
  if (type.class === 'observation') return { ...about, disclosures: [], leaf: null }
  const { disclosures, leaf } = leafOf(FIXED_LOG, sampleEvent(type, parsed), FIXED_ACTOR, fixedSalts)
  return { ...about, disclosures, leaf: Buffer.from(leaf?.leaf ?? []).toString('hex') }
}

export const goldenFileName = ({ type, v }: Pick<EventType, 'type' | 'v'>): string => `${type}.v${v}.json`

export const goldenText = (golden: EventGolden): string => `${JSON.stringify(golden, null, 2)}\n`
