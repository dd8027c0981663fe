/** A log in memory that appends, signs and cuts packs: the honest side of every test about packs. */

import {
  base64Of,
  consistencyProof,
  COSIGNATURE,
  cosignNote,
  digestOfDisclosure,
  disclosureOf,
  encodeLeaf,
  formatCheckpoint,
  formatNote,
  formatVkey,
  hexOf,
  inclusionProof,
  leafHash,
  rangeEdges,
  ROTATION_KEY_NAME,
  rotationText,
  rangeHash,
  emptyRoot,
  SIGNATURE,
  signNote,
  subtreeHashesOf,
  timestampOf,
  utf8,
} from '../ledger/index.ts'
import type { Leaf, SubtreeHashes } from '../ledger/index.ts'
import { ed25519Sign, keyPairOf, sha256 } from '../ledger/crypto-for-tests.test.ts'
import type { BlobPart, DisclosurePart, LogParts, PackParts, SignManifest } from './pack-parts.ts'

export const LOG_ID = '018f3b2a-0000-7000-8000-0000000000f0'
export const ORIGIN = `fortnight.example/l/${LOG_ID}`
export const logKey = keyPairOf(ORIGIN, SIGNATURE)
/** One key of the ledger signs for all names. */
export const packKey = keyPairOf('fortnight.example/packs', SIGNATURE)
export const witnessKey = keyPairOf('witness.example/customer', COSIGNATURE)

/** What an auditor holds: handed over on paper, not inside the pack. */
export const policyText = [
  '# from the annex of the contract',
  `log ${formatVkey(logKey.verifier)}`,
  `pack ${formatVkey(packKey.verifier)}`,
  `witness customer ${formatVkey(witnessKey.verifier)}`,
  'quorum customer',
  '',
].join('\n')

export const signManifest: SignManifest = (text) => [signNote(text, packKey.signing, ed25519Sign)]

const uuid = (kind: string, n: number): string => {
  const hex = hexOf(sha256(utf8(`${kind} ${n}`)))
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

export const START = Date.UTC(2026, 9, 31, 12)
export const HOUR = 3_600_000

export type Fields = Readonly<Record<string, unknown>>
export type Fate = 'disclosed' | 'withheld' | { readonly state: 'erased' | 'expired'; readonly by: number }

export type TestEntry = {
  readonly index: number
  readonly leaf: Leaf
  readonly bytes: Uint8Array
  readonly texts: Readonly<Record<string, string>>
}

export type TestLog = {
  readonly entries: TestEntry[]
  /** Content of blobs by hash. */
  readonly contents: Map<string, Uint8Array>
  /** What to do with a field or blob when a pack is cut; disclosed and present when nothing is said. */
  readonly fates: Map<string, Fate>
  readonly replacements: Map<string, { readonly by: number; readonly bytes: Uint8Array }>
}

export const newLog = (): TestLog => ({
  entries: [],
  contents: new Map(),
  fates: new Map(),
  replacements: new Map(),
})

export type NewEntry = {
  readonly type: string
  readonly at: number
  readonly fields?: Fields
  readonly refs?: Leaf['refs']
  readonly blobs?: readonly { readonly kind: string; readonly bytes: Uint8Array }[]
  readonly actor?: string
  /** The writer had seen the head of this size. */
  readonly sees?: number
}

export function append(log: TestLog, entry: NewEntry): TestEntry {
  const index = log.entries.length
  const texts: Record<string, string> = {}
  for (const [name, value] of Object.entries(entry.fields ?? {}))
    texts[name] = disclosureOf(sha256(utf8(`salt ${index} ${name}`)), name, value)
  const blobs = (entry.blobs ?? []).map(({ kind, bytes }) => {
    const h = hexOf(sha256(bytes))
    log.contents.set(h, bytes)
    return { kind, h, n: bytes.length }
  })
  const leaf: Leaf = {
    v: 1,
    log: LOG_ID,
    id: uuid('entry', index),
    type: entry.type,
    at: timestampOf(entry.at),
    actor: entry.actor ?? 'a_engineer',
    via: 'web',
    refs: entry.refs ?? [],
    sd: Object.values(texts)
      .map((text) => digestOfDisclosure(text, sha256))
      .sort(),
    ...(blobs.length === 0 ? {} : { blobs }),
    ...(entry.sees === undefined
      ? {}
      : { prev_cp: { size: entry.sees, root: base64Of(rootOf(log, entry.sees)) } }),
  }
  const made = { index, leaf, bytes: encodeLeaf(leaf), texts }
  log.entries.push(made)
  return made
}

export const digestOf = (entry: TestEntry, name: string): string =>
  digestOfDisclosure(entry.texts[name]!, sha256)

export const uuidOf = uuid

export const hashesOf = (log: TestLog): SubtreeHashes =>
  subtreeHashesOf(
    log.entries.map(({ bytes }) => leafHash(bytes, sha256)),
    sha256,
  )

export const rootOf = (log: TestLog, size: number): Uint8Array =>
  size === 0 ? emptyRoot(sha256) : rangeHash({ from: 0, to: size }, hashesOf(log), sha256)

/** The key that comes after, and what both sign when it does. */
export const nextLogKey = keyPairOf(ORIGIN, SIGNATURE, 'next')
export const packKeyOf = (word: 'old' | 'next') =>
  keyPairOf(packKey.verifier.name, SIGNATURE, word === 'old' ? ORIGIN : word)

export function rotationStatement(signers: readonly ('old' | 'next')[] = ['old', 'next']): string {
  const keys = {
    old: keyPairOf(ROTATION_KEY_NAME, SIGNATURE, ORIGIN),
    next: keyPairOf(ROTATION_KEY_NAME, SIGNATURE, 'next'),
  }
  const text = rotationText({
    old: keys.old.verifier.publicKey,
    next: keys.next.verifier.publicKey,
    at: timestampOf(START),
  })
  return formatNote({
    text,
    signatures: signers.map((who) => signNote(text, keys[who].signing, ed25519Sign)),
  })
}

export function checkpointNote(log: TestLog, size: number, key = logKey): string {
  const text = formatCheckpoint({ origin: ORIGIN, size, root: rootOf(log, size) })
  return formatNote({
    text,
    signatures: [
      signNote(text, key.signing, ed25519Sign),
      cosignNote(text, START + 1000 * HOUR, witnessKey.signing, ed25519Sign),
    ],
  })
}

export type Cut = { readonly from: number; readonly to: number; readonly start: number; readonly end: number }

function disclosuresOf(log: TestLog, entry: TestEntry, shownOnly: boolean): readonly DisclosurePart[] {
  return Object.entries(entry.texts).flatMap(([name, text]): readonly DisclosurePart[] => {
    const digest = digestOfDisclosure(text, sha256)
    const fate = log.fates.get(digest) ?? 'disclosed'
    if (fate === 'disclosed') return [{ state: 'disclosed', entry: entry.leaf.id, text }]
    if (shownOnly) return []
    if (fate === 'withheld') return [{ state: 'withheld', entry: entry.leaf.id, digest, name }]
    return [{ ...fate, entry: entry.leaf.id, digest, name }]
  })
}

function blobsOf(log: TestLog, entry: TestEntry): readonly BlobPart[] {
  const hashes = new Set((entry.leaf.blobs ?? []).map(({ h }) => h))
  return [...hashes].map((h): BlobPart => {
    const place = { entry: entry.leaf.id, h }
    const replacement = log.replacements.get(h)
    if (replacement !== undefined) return { ...place, ...replacement, state: 'redacted' }
    const fate = log.fates.get(h) ?? 'disclosed'
    if (fate === 'disclosed') return { ...place, state: 'present', bytes: log.contents.get(h)! }
    return fate === 'withheld' ? { ...place, state: 'withheld' } : { ...place, ...fate }
  })
}

export function logParts(log: TestLog, { from, to, start, end }: Cut): LogParts {
  const hashes = hashesOf({ ...log, entries: log.entries.slice(0, end) })
  const shown = log.entries.slice(from, to)
  const cited = new Set<number>()
  for (const entry of shown) {
    for (const key of [...entry.leaf.sd, ...(entry.leaf.blobs ?? []).map(({ h }) => h)]) {
      const fate = log.fates.get(key)
      const by = typeof fate === 'object' ? fate.by : log.replacements.get(key)?.by
      if (by !== undefined && by >= to) cited.add(by)
    }
  }
  const later = [...cited].map((index) => log.entries[index]!)
  const needsProof = start > 0 && start < end
  return {
    logId: LOG_ID,
    origin: ORIGIN,
    from,
    leaves: shown.map(({ bytes }) => bytes),
    edges: rangeEdges(from, to, end, hashes),
    ...(start === 0 ? {} : { startNote: checkpointNote(log, start) }),
    endNote: checkpointNote(log, end),
    consistency: needsProof ? [{ from: start, proof: consistencyProof(start, end, hashes, sha256) }] : [],
    disclosures: [
      ...shown.flatMap((entry) => disclosuresOf(log, entry, false)),
      ...later.flatMap((entry) => disclosuresOf(log, entry, true)),
    ],
    blobs: shown.flatMap((entry) => blobsOf(log, entry)),
    later: later.map(({ index, bytes }) => ({
      index,
      leaf: bytes,
      proof: inclusionProof(index, end, hashes, sha256),
    })),
    observations: new Map(),
  }
}

export const packParts = (logs: readonly LogParts[], period: PackParts['period']): PackParts => ({
  id: uuid('pack', 1),
  createdAt: START + 2000 * HOUR,
  requester: 'Audit team of Example Ltd',
  purpose: 'Sample of changes, November 2026',
  period,
  scope: { customer: 'Example Ltd', environment: 'example-prod' },
  readme: '<!doctype html><title>Audit pack</title><p>Fictional.',
  keys: policyText,
  actors: [
    { actor: 'a_engineer', name: 'Kim Example' },
    { actor: 'a_manager', name: 'Robin Example' },
  ],
  logs,
})
