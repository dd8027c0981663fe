/** A small November of a fictional environment, with everything a pack can hold: the subject of tests and attacks. */

import { sealWindow, utf8 } from '../ledger/index.ts'
import type { ObservationWindow, ObservedRow } from '../ledger/index.ts'
import { sha256 } from '../ledger/crypto-for-tests.test.ts'
import { buildPack } from './build-pack.ts'
import {
  append,
  digestOf,
  HOUR,
  logParts,
  newLog,
  packParts,
  signManifest,
  START,
  uuidOf,
} from './log-for-tests.test.ts'
import type { TestLog } from './log-for-tests.test.ts'
import type { LogParts, PackParts } from './pack-parts.ts'

export const PERIOD = { from: START + 10 * HOUR, to: START + 100 * HOUR }
export const SESSION_ID = uuidOf('session', 1)
const session = [['session', SESSION_ID]] as const

export const CHUNKS = [
  '{"version":3,"term":{"cols":80,"rows":24}}\n[0.1,"o","$ "]\n',
  '[0.5,"o","kubectl get pods\\r\\n"]\n',
  '[0.2,"o","password: hunter2\\r\\n"]\n',
  '[0.3,"o","done\\r\\n"]\n[0.1,"x","0"]\n',
].map((text) => utf8(text))
const REDACTED_CHUNK = utf8('[0.2,"o","password: \u2039redacted\u203a\\r\\n"]\n')

export type Story = {
  readonly log: TestLog
  readonly cut: { readonly from: number; readonly to: number; readonly start: number; readonly end: number }
  readonly rows: ReadonlyMap<string, readonly ObservedRow[]>
}

const rowsOf = (first: number, last: number): readonly ObservedRow[] =>
  Array.from({ length: last - first + 1 }, (_, i) => ({
    process: 'engine-1',
    number: first + i,
    bytes: utf8(`{"receipt":${first + i}}`),
  }))

/** 40 entries; [5, 36) go into the pack, one outside the period at each end. */
export type Closing = { readonly chunks: number; readonly head: string }

/** The running head over some of the chunks, as a recorder makes it. */
export const headOf = (chunks: readonly Uint8Array[]): string =>
  Buffer.from(
    chunks.reduce<Uint8Array>(
      (head, bytes) => sha256(Buffer.concat([Uint8Array.of(3), head, sha256(bytes)])),
      new Uint8Array(32),
    ),
  ).toString('hex')

const HONEST: Closing = { chunks: CHUNKS.length, head: headOf(CHUNKS) }

/** @param statement of a key rotation that stands in the period */
export function tellStory(closing: Closing = HONEST, statement?: string): Story {
  const log = newLog()
  const rows = new Map<string, readonly ObservedRow[]>()
  let previous: ObservationWindow | undefined
  const seal = (at: number, first: number, last: number): void => {
    previous = sealWindow(rowsOf(first, last), previous, sha256)
    const entry = append(log, {
      type: 'observations.sealed',
      at,
      fields: { window: previous },
      actor: 'a_system',
    })
    rows.set(entry.leaf.id, rowsOf(first, last))
  }
  for (let i = 0; i < 6; i++)
    append(log, { type: 'alert.resolved', at: START + i * HOUR, fields: { summary: `before ${i}` } })
  tellDecisionAndSession(log, closing)
  seal(START + 20 * HOUR, 1, 5)
  seal(START + 21 * HOUR, 6, 9)
  for (let i = 0; i < 12; i++)
    append(log, {
      type: 'alert.acknowledged',
      at: START + (22 + i) * HOUR,
      fields: { summary: `alert ${i}`, minutes: i / 4 },
    })
  seal(START + 40 * HOUR, 10, 10)
  tellWhatIsGone(log)
  if (statement !== undefined)
    append(log, { type: 'key.rotated', at: START + 60 * HOUR, fields: { statement } })
  while (log.entries.length < 36)
    append(log, { type: 'alert.resolved', at: START + 200 * HOUR, fields: { summary: 'after' } })
  tellLaterErasure(log)
  const shown = new Map([...rows].slice(0, 1))
  return { log, cut: { from: 5, to: 36, start: 3, end: log.entries.length }, rows: shown }
}

function tellDecisionAndSession(log: TestLog, closing: Closing): void {
  const decision = [['decision', uuidOf('decision', 12)]] as const
  append(log, {
    type: 'decision.proposed',
    at: START + 11 * HOUR,
    refs: decision,
    fields: { what: 'restart the ingress', risk: 'za\u017c\u00f3\u0142\u0107', options: ['wait', 'restart'] },
  })
  append(log, {
    type: 'decision.approved',
    at: START + 12 * HOUR,
    refs: decision,
    actor: 'a_manager',
    fields: { approver: 'Robin Example', contact: '+00 000' },
  })
  append(log, {
    type: 'session.opened',
    at: START + 13 * HOUR,
    refs: [...session, ...decision],
    fields: { host: 'laptop' },
    sees: 7,
  })
  const chunk = (i: number) => ({ kind: 'cast.chunk', bytes: CHUNKS[i]! })
  append(log, {
    type: 'session.progress',
    at: START + 13.2 * HOUR,
    refs: session,
    blobs: [chunk(0), chunk(1)],
  })
  append(log, { type: 'session.progress', at: START + 13.4 * HOUR, refs: session, blobs: [chunk(2)] })
  append(log, {
    type: 'session.closed',
    at: START + 14 * HOUR,
    refs: session,
    blobs: [chunk(3)],
    fields: { ...closing, summary: 'ingress restarted' },
    sees: 3,
  })
  append(log, {
    type: 'evidence.attached',
    at: START + 15 * HOUR,
    refs: decision,
    blobs: [
      { kind: 'file', bytes: utf8('a dump of a shell\n') },
      { kind: 'file', bytes: utf8('a private screenshot') },
      { kind: 'file', bytes: utf8('kept back') },
    ],
  })
}

/** One field erased, one expired, one attachment erased, one chunk redacted: all inside the pack's range. */
function tellWhatIsGone(log: TestLog): void {
  const [proposed, approved] = [log.entries[6]!, log.entries[7]!]
  const attached = log.entries[12]!
  const [, screenshot, kept] = attached.leaf.blobs!
  const contact = digestOf(approved, 'contact')
  const erasure = append(log, {
    type: 'erasure.executed',
    at: START + 50 * HOUR,
    actor: 'a_manager',
    fields: { digests: [contact], blobs: [screenshot!.h], ground: 'Art. 17(1)(a)' },
  })
  log.fates.set(contact, { state: 'erased', by: erasure.index })
  log.fates.set(screenshot!.h, { state: 'erased', by: erasure.index })
  log.fates.set(kept!.h, 'withheld')
  const options = digestOf(proposed, 'options')
  const expiry = append(log, {
    type: 'retention.expired',
    at: START + 51 * HOUR,
    actor: 'a_system',
    fields: { digests: [options] },
  })
  log.fates.set(options, { state: 'expired', by: expiry.index })
  log.fates.set(digestOf(log.entries[20]!, 'summary'), 'withheld')
  const old = log.entries[10]!.leaf.blobs![0]!.h
  const redaction = append(log, {
    type: 'session.redacted',
    at: START + 52 * HOUR,
    refs: session,
    blobs: [{ kind: 'cast.redacted', bytes: REDACTED_CHUNK }],
    fields: { replaced: [[old, hexOfChunk(REDACTED_CHUNK)]], rule: 'password' },
  })
  log.replacements.set(old, { by: redaction.index, bytes: REDACTED_CHUNK })
}

const hexOfChunk = (bytes: Uint8Array): string => Buffer.from(sha256(bytes)).toString('hex')

/** Something in the range is erased by an entry behind it. */
function tellLaterErasure(log: TestLog): void {
  append(log, { type: 'alert.resolved', at: START + 201 * HOUR })
  const summary = digestOf(log.entries[21]!, 'summary')
  const erasure = append(log, {
    type: 'erasure.executed',
    at: START + 300 * HOUR,
    fields: { digests: [summary], ground: 'on request' },
  })
  log.fates.set(summary, { state: 'erased', by: erasure.index })
  append(log, { type: 'alert.resolved', at: START + 301 * HOUR })
  append(log, { type: 'evidence.exported', at: START + 302 * HOUR, fields: { pack: 'this one' } })
}

export const storyLogParts = ({ log, cut, rows }: Story): LogParts => ({
  ...logParts(log, cut),
  observations: rows,
})

export const storyParts = (story: Story): PackParts => packParts([storyLogParts(story)], PERIOD)

export const storyPack = (story: Story): Map<string, Uint8Array> =>
  buildPack(storyParts(story), sha256, signManifest)
