/** Writes an audit pack as files by path: the same parts give the same bytes, so that two builds can be compared. */

import { isRefusal } from '../../refusal.ts'
import {
  base64Of,
  canonicalJson,
  concatBytes,
  decodeLeaf,
  digestOfDisclosure,
  encodeEntries,
  formatNote,
  hexOf,
  parseSignedCheckpoint,
  timestampOf,
  utf8,
} from '../ledger/index.ts'
import type { Leaf, Sha256 } from '../ledger/index.ts'
import {
  ACTORS_PATH,
  blobPath,
  CAST_CHUNK,
  CAST_REDACTED,
  FORMAT,
  isManifest,
  KEYS_PATH,
  logPaths,
  MANIFEST_NOTE_PATH,
  MANIFEST_PATH,
  manifestNoteText,
  README_PATH,
  SESSION,
} from './format.ts'
import type { Manifest, ManifestLog } from './format.ts'
import { base64ListOf } from './hash-list.ts'
import type { BlobPart, LogParts, PackParts, SignManifest } from './pack-parts.ts'

/**
 * @throws TypeError when the parts cannot be a pack: malformed leaves or notes, paths that collide. Whether the pack
 *   verifies is for `verifyPack` to say; run it on what this returns before handing anything out.
 */
export function buildPack(parts: PackParts, sha256: Sha256, sign: SignManifest): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>()
  const add = (path: string, bytes: Uint8Array): void => {
    if (files.has(path)) throw new TypeError(`the pack would hold ${path} twice`)
    files.set(path, bytes)
  }
  add(README_PATH, utf8(parts.readme))
  add(KEYS_PATH, utf8(parts.keys))
  add(ACTORS_PATH, json(Object.fromEntries(parts.actors.map(({ actor, name }) => [actor, { name }]))))
  for (const [path, bytes] of parts.extra ?? []) {
    if (/^(?:blobs|log)\//.test(path)) throw new TypeError(`${path} is not a place for further files`)
    add(path, bytes)
  }
  const logs = parts.logs.map((log) => addLog(log, files, add, sha256))
  return withManifest(parts, logs, files, sha256, sign)
}

const json = (value: unknown): Uint8Array => utf8(canonicalJson(value))

const lines = (values: readonly unknown[]): Uint8Array =>
  utf8(values.map((value) => `${canonicalJson(value)}\n`).join(''))

type Add = (path: string, bytes: Uint8Array) => void

function addLog(log: LogParts, files: Map<string, Uint8Array>, add: Add, sha256: Sha256): ManifestLog {
  const paths = logPaths(log.logId)
  if (log.startNote !== undefined) add(paths.start, utf8(log.startNote))
  add(paths.end, utf8(log.endNote))
  const consistency = log.consistency.toSorted((a, b) => a.from - b.from)
  add(paths.consistency, lines(consistency.map(({ from, proof }) => ({ from, proof: base64ListOf(proof) }))))
  const { left, right } = log.edges
  add(paths.range, json({ v: 1, left: base64ListOf(left), right: base64ListOf(right) }))
  add(paths.entries, encodeEntries(log.leaves))
  const leaves = log.leaves.map(leafOf)
  const later = log.later.toSorted((a, b) => a.index - b.index)
  add(
    paths.later,
    lines(
      later.map(({ index, leaf, proof }) => ({ index, leaf: base64Of(leaf), proof: base64ListOf(proof) })),
    ),
  )
  const place = placesOf([...leaves, ...later.map(({ leaf }) => leafOf(leaf))])
  addDisclosures(log, place, add, sha256)
  addBlobs(log, leaves, place, files, add, sha256)
  for (const [entry, rows] of log.observations) {
    const ordered = rows.toSorted((a, b) =>
      a.process === b.process ? a.number - b.number : a.process < b.process ? -1 : 1,
    )
    add(
      paths.observationsOf(entry),
      lines(ordered.map(({ process, number, bytes }) => ({ process, number, bytes: base64Of(bytes) }))),
    )
  }
  return {
    log: log.logId,
    origin: log.origin,
    from: log.from,
    to: log.from + log.leaves.length,
    start: log.startNote === undefined ? 0 : sizeOf(log.startNote),
    end: sizeOf(log.endNote),
  }
}

function leafOf(bytes: Uint8Array): Leaf {
  const leaf = decodeLeaf(bytes)
  if (isRefusal(leaf)) throw new TypeError(leaf.detail)
  return leaf
}

function sizeOf(note: string): number {
  const checkpoint = parseSignedCheckpoint(note)
  if (isRefusal(checkpoint)) throw new TypeError(checkpoint.detail)
  return checkpoint.size
}

/** Orders lines as the entries stand in the log, whatever order rows came in. */
function placesOf(leaves: readonly Leaf[]): (entry: string) => number {
  const places = new Map(leaves.map(({ id }, i) => [id, i]))
  return (entry) => places.get(entry) ?? places.size
}

function addDisclosures(log: LogParts, place: (entry: string) => number, add: Add, sha256: Sha256): void {
  const values = log.disclosures.map((part) => ({
    ...part,
    digest: part.state === 'disclosed' ? digestOfDisclosure(part.text, sha256) : part.digest,
  }))
  values.sort((a, b) => place(a.entry) - place(b.entry) || compareText(a.digest, b.digest))
  add(logPaths(log.logId).disclosures, lines(values))
}

function addBlobs(
  log: LogParts,
  leaves: readonly Leaf[],
  place: (entry: string) => number,
  files: Map<string, Uint8Array>,
  add: Add,
  sha256: Sha256,
): void {
  const parts = log.blobs.toSorted((a, b) => place(a.entry) - place(b.entry) || compareText(a.h, b.h))
  add(logPaths(log.logId).blobs, lines(parts.map((part) => lineOf(part, sha256))))
  const byKey = new Map(parts.map((part) => [`${part.entry} ${part.h}`, part]))
  const casts = new Map<string, Uint8Array[]>()
  for (const leaf of leaves) {
    for (const { kind, h } of leaf.blobs ?? []) {
      const part = byKey.get(`${leaf.id} ${h}`)
      if (part?.state !== 'present' && part?.state !== 'redacted') continue
      if (kind === CAST_CHUNK) {
        const session = leaf.refs.find(([refKind]) => refKind === SESSION)?.[1]
        if (session === undefined)
          throw new TypeError(`entry ${leaf.id} has a recording chunk and no session`)
        casts.set(session, casts.get(session) ?? [])
        casts.get(session)!.push(part.bytes)
      } else if (kind !== CAST_REDACTED) {
        // One file may be attached to several entries, of several logs.
        files.set(blobPath(h), part.bytes)
      }
    }
  }
  for (const [session, chunks] of casts) add(logPaths(log.logId).castOf(session), concatBytes(chunks))
}

function lineOf(part: BlobPart, sha256: Sha256): Readonly<Record<string, unknown>> {
  const { entry, h, state } = part
  switch (part.state) {
    case 'present':
    case 'withheld':
      return { entry, h, state }
    case 'erased':
    case 'expired':
      return { by: part.by, entry, h, state }
    case 'redacted':
      return { by: part.by, entry, h, state, with: hexOf(sha256(part.bytes)) }
  }
}

function withManifest(
  parts: PackParts,
  logs: readonly ManifestLog[],
  files: Map<string, Uint8Array>,
  sha256: Sha256,
  sign: SignManifest,
): Map<string, Uint8Array> {
  const manifest: Manifest = {
    v: 1,
    format: FORMAT,
    id: parts.id,
    created_at: timestampOf(parts.createdAt),
    requester: parts.requester,
    purpose: parts.purpose,
    period: { from: timestampOf(parts.period.from), to: timestampOf(parts.period.to) },
    scope: parts.scope,
    logs: logs.toSorted((a, b) => compareText(a.log, b.log)),
    files: [...files]
      .map(([path, bytes]) => ({ path, sha256: hexOf(sha256(bytes)), size: bytes.length }))
      .toSorted((a, b) => compareText(a.path, b.path)),
  }
  if (!isManifest(manifest)) throw new TypeError('the parts do not make a manifest: see docs/audit-pack.md')
  const bytes = json(manifest)
  const text = manifestNoteText(hexOf(sha256(bytes)))
  files.set(MANIFEST_PATH, bytes)
  files.set(MANIFEST_NOTE_PATH, utf8(formatNote({ text, signatures: sign(text) })))
  return new Map([...files].toSorted(([a], [b]) => compareText(a, b)))
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
