/** Whether a recording is as long as its session said: what the recorder declared, against the chunks that the log names. */

import { bytesOfHex, concatBytes, hexOf, isHexHash } from '../ledger/index.ts'
import type { Sha256 } from '../ledger/index.ts'
import {
  CAST_CHUNK,
  DECLARED_CHUNKS,
  DECLARED_HEAD,
  SESSION,
  SESSION_CLOSED,
  SESSION_OPENED,
} from './format.ts'
import type { PackReading } from './pack-reading.ts'
import { isCount } from './shape.ts'
import { finding } from './verdict.ts'
import type { DisclosedFields } from './disclosed-fields.ts'
import type { IndexedLeaf, Population } from './verify-population.ts'

/** So many chunks there are, and this is the running head over their digests. */
type Declared = { readonly chunks: number; readonly head: string }

type Told = {
  /** Undefined until something within the period says how far the recording was. */
  known: Declared | undefined
  /** Digests of chunks named since. */
  named: string[]
}

const NOTHING_YET: Declared = { chunks: 0, head: '0'.repeat(64) }

export function verifySessions(
  reading: PackReading,
  { entries }: Population,
  disclosed: DisclosedFields,
): void {
  const sessions = new Map<string, Told>()
  for (const entry of entries) {
    const session = sessionOf(entry)
    if (session === undefined) continue
    let told = sessions.get(session)
    if (told === undefined) sessions.set(session, (told = { known: undefined, named: [] }))
    if (entry.leaf.type === SESSION_OPENED) told.known = NOTHING_YET
    for (const { kind, h } of entry.leaf.blobs ?? []) if (kind === CAST_CHUNK) told.named.push(h)
    const declared = declaredBy(entry, disclosed)
    if (declared !== undefined) {
      compare(reading, entry, session, told, declared)
      told.known = declared
      told.named = []
    } else if (entry.leaf.type === SESSION_CLOSED)
      reading.findings.gaps.push(
        finding(
          'recording-unbounded',
          'the closing does not show how many chunks there were',
          whereOf(entry),
        ),
      )
  }
}

const sessionOf = ({ leaf }: IndexedLeaf): string | undefined => {
  const named = leaf.refs.filter(([kind]) => kind === SESSION)
  return leaf.type.startsWith('session.') && named.length === 1 ? named[0]![1] : undefined
}

const whereOf = ({ index }: IndexedLeaf): string => `entry ${index}`

function declaredBy({ leaf }: IndexedLeaf, disclosed: DisclosedFields): Declared | undefined {
  const fields = disclosed.get(leaf.id)
  const chunks = fields?.get(DECLARED_CHUNKS)
  const head = fields?.get(DECLARED_HEAD)
  return isCount(chunks) && isHexHash(head) ? { chunks, head } : undefined
}

function compare(
  { findings, sha256 }: PackReading,
  entry: IndexedLeaf,
  session: string,
  { known, named }: Told,
  declared: Declared,
): void {
  // What was named before the period cannot be counted.
  if (known === undefined) return
  const missing = declared.chunks - known.chunks - named.length
  if (missing > 0)
    findings.gaps.push(
      finding(
        'recording-incomplete',
        `the recording of session ${session} had ${declared.chunks} chunks; the log names ${missing} of them nowhere`,
        whereOf(entry),
      ),
    )
  else if (missing < 0 || headOver(known.head, named, sha256) !== declared.head)
    findings.faults.push(
      finding(
        'recording-contradicts',
        `the chunks that the log names are not those that session ${session} declared`,
        whereOf(entry),
      ),
    )
}

/** h_i = SHA-256(0x03 || h_{i-1} || digest of chunk i), as the recorder makes it. */
const headOver = (head: string, named: readonly string[], sha256: Sha256): string =>
  hexOf(
    named.reduce(
      (before, h) => sha256(concatBytes([Uint8Array.of(3), before, bytesOfHex(h)!])),
      bytesOfHex(head)!,
    ),
  )
