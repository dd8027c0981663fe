/** The fate of every attached file and recording chunk, and that each recording is its chunks and nothing else. */

import { equalBytes, hexOf, isHexHash, isUuid, bytesOfHex } from '../ledger/index.ts'
import type { Leaf, LeafBlob } from '../ledger/index.ts'
import {
  blobPath,
  CAST_CHUNK,
  CAST_REDACTED,
  ERASED,
  EXPIRED,
  GONE_BLOBS,
  logPaths,
  REDACTED,
  REPLACED_BLOBS,
  SESSION,
} from './format.ts'
import type { ManifestLog } from './format.ts'
import { goneByRecord } from './gone-by-record.ts'
import type { GoneClaim } from './gone-by-record.ts'
import type { PackReading } from './pack-reading.ts'
import { hasExactly, isCount, readLines } from './shape.ts'
import { finding } from './verdict.ts'
import type { BlobVerdict } from './verdict.ts'
import type { DisclosedFields } from './disclosed-fields.ts'
import type { IndexedLeaf, Population } from './verify-population.ts'

type Line =
  | { readonly state: 'present' | 'withheld'; readonly entry: string; readonly h: string }
  | { readonly state: 'erased' | 'expired'; readonly entry: string; readonly h: string; readonly by: number }
  | {
      readonly state: 'redacted'
      readonly entry: string
      readonly h: string
      readonly by: number
      readonly with: string
    }

export function verifyBlobs(
  reading: PackReading,
  log: ManifestLog,
  population: Population,
  disclosed: DisclosedFields,
): (entry: IndexedLeaf) => readonly BlobVerdict[] {
  const lines = readBlobLines(reading, log, population)
  const isGone = goneByRecord(reading, population, disclosed)
  const verdicts = new Map<string, BlobVerdict>()
  for (const { index, leaf } of population.entries) {
    for (const blob of leaf.blobs ?? []) {
      const key = keyOf(leaf.id, blob.h)
      if (verdicts.has(key)) continue
      verdicts.set(key, judgeBlob(reading, population, index, blob, lines.get(key), isGone))
    }
  }
  const blobsOf = ({ leaf }: IndexedLeaf): readonly BlobVerdict[] =>
    (leaf.blobs ?? []).map((blob) => verdicts.get(keyOf(leaf.id, blob.h))!)
  verifyCasts(reading, log, population, blobsOf)
  return blobsOf
}

const keyOf = (entry: string, h: string): string => `${entry} ${h}`

function readBlobLines(
  reading: PackReading,
  log: ManifestLog,
  population: Population,
): ReadonlyMap<string, Line> {
  const path = logPaths(log.log).blobs
  const { faults } = reading.findings
  const carried = new Set<string>()
  for (const { leaf } of population.entries)
    for (const { h } of leaf.blobs ?? []) carried.add(keyOf(leaf.id, h))
  const lines = new Map<string, Line>()
  for (const [i, value] of readLines(reading.take(path) ?? new Uint8Array(0)).entries()) {
    const where = `${path} line ${i + 1}`
    const line = parseLine(value)
    const key = line === undefined ? '' : keyOf(line.entry, line.h)
    if (line === undefined) faults.push(finding('blob-malformed', 'the line is not a blob line', where))
    else if (!carried.has(key))
      faults.push(finding('blob-foreign', 'the entry does not carry this hash', where))
    else if (lines.has(key)) faults.push(finding('blob-twice', 'the hash has a second line', where))
    else lines.set(key, line)
  }
  return lines
}

function parseLine(value: unknown): Line | undefined {
  const state = (value as { state?: unknown } | undefined | null)?.state
  if (state === 'present' || state === 'withheld') {
    if (!hasExactly(value, ['entry', 'h', 'state'])) return undefined
  } else if (state === 'erased' || state === 'expired') {
    if (!hasExactly(value, ['by', 'entry', 'h', 'state']) || !isCount(value['by'])) return undefined
  } else if (state === 'redacted') {
    if (!hasExactly(value, ['by', 'entry', 'h', 'state', 'with'])) return undefined
    if (!isCount(value['by']) || !isHexHash(value['with'])) return undefined
  } else {
    return undefined
  }
  const { entry, h } = value as Record<string, unknown>
  return isUuid(entry) && isHexHash(h) ? (value as unknown as Line) : undefined
}

function judgeBlob(
  reading: PackReading,
  population: Population,
  index: number,
  blob: LeafBlob,
  line: Line | undefined,
  isGone: (claim: GoneClaim) => boolean,
): BlobVerdict {
  const { h, kind, n } = blob
  const { faults } = reading.findings
  const where = `entry ${index}`
  const missing = { state: 'missing', h, kind } as const
  if (line === undefined) {
    faults.push(finding('blob-missing', `${kind} ${h} is neither in the pack nor accounted for`, where))
    return missing
  }
  switch (line.state) {
    case 'withheld':
      return { state: 'withheld', h, kind }
    case 'present':
      if (isOfCast(kind)) return { state: 'present', h, kind }
      return isFile(reading, h, n) ? { state: 'present', h, kind } : missing
    case 'erased':
    case 'expired': {
      const type = line.state === 'erased' ? ERASED : EXPIRED
      const gone = isGone({ index, by: line.by, type, field: GONE_BLOBS, what: h })
      return gone ? { state: line.state, h, kind, by: line.by } : missing
    }
    case 'redacted': {
      // What stands for a chunk may itself be redacted once more.
      if (!isOfCast(kind)) {
        faults.push(finding('blob-malformed', 'only chunks of a recording are redacted', where))
        return missing
      }
      const what = [h, line.with]
      if (!isGone({ index, by: line.by, type: REDACTED, field: REPLACED_BLOBS, what })) return missing
      if (replacementIn(population, line.by, line.with) === undefined) {
        faults.push(
          finding('gone-unproved', `entry ${line.by} does not carry the replacement ${line.with}`, where),
        )
        return missing
      }
      return { state: 'redacted', h, kind, by: line.by, with: line.with }
    }
  }
}

const isOfCast = (kind: string): boolean => kind === CAST_CHUNK || kind === CAST_REDACTED

function isFile(reading: PackReading, h: string, n: number): boolean {
  const bytes = reading.take(blobPath(h))
  if (bytes === undefined) return false
  if (bytes.length === n && hexOf(reading.sha256(bytes)) === h) return true
  reading.findings.faults.push(finding('blob-false', 'the file is not the one recorded', blobPath(h)))
  return false
}

const replacementIn = (population: Population, by: number, h: string): LeafBlob | undefined =>
  [...population.entries, ...population.later]
    .find(({ index }) => index === by)
    ?.leaf.blobs?.find((blob) => blob.kind === CAST_REDACTED && blob.h === h)

type Piece = { readonly index: number; readonly h: string; readonly n: number }

/** Cuts each recording where the log says, and compares every piece. */
function verifyCasts(
  reading: PackReading,
  log: ManifestLog,
  population: Population,
  blobsOf: (entry: IndexedLeaf) => readonly BlobVerdict[],
): void {
  const pieces = new Map<string, Piece[]>()
  const replacements = new Set<string>()
  for (const entry of population.entries) {
    const verdicts = blobsOf(entry)
    for (const [i, blob] of (entry.leaf.blobs ?? []).entries()) {
      if (blob.kind !== CAST_CHUNK) continue
      const piece = pieceOf(population, entry.index, blob, verdicts[i]!)
      const session = sessionOf(reading, entry)
      if (piece === undefined || session === undefined) continue
      if (verdicts[i]!.state === 'redacted') replacements.add(piece.h)
      const known = pieces.get(session)
      if (known === undefined) pieces.set(session, [piece])
      else known.push(piece)
    }
  }
  for (const [session, expected] of pieces) verifyCast(reading, logPaths(log.log).castOf(session), expected)
  for (const entry of population.entries)
    for (const { state, kind, h } of blobsOf(entry))
      if (kind === CAST_REDACTED && state === 'present' && !replacements.has(h))
        reading.findings.faults.push(
          finding(
            'blob-missing',
            `replacement ${h} is said to be present and stands nowhere`,
            `entry ${entry.index}`,
          ),
        )
}

/** What stands in the recording for a chunk: itself, its replacement, or nothing. */
function pieceOf(
  population: Population,
  index: number,
  blob: LeafBlob,
  verdict: BlobVerdict,
): Piece | undefined {
  if (verdict.state === 'present') return { index, h: blob.h, n: blob.n }
  if (verdict.state !== 'redacted') return undefined
  const replacement = replacementIn(population, verdict.by, verdict.with)
  return replacement === undefined ? undefined : { index, h: replacement.h, n: replacement.n }
}

function sessionOf(reading: PackReading, { index, leaf }: IndexedLeaf): string | undefined {
  const sessions = sessionsOf(leaf)
  if (sessions.length === 1) return sessions[0]
  reading.findings.faults.push(
    finding('chunk-without-session', 'an entry with a recording chunk names one session', `entry ${index}`),
  )
  return undefined
}

const sessionsOf = (leaf: Leaf): readonly string[] =>
  leaf.refs.filter(([kind]) => kind === SESSION).map(([, id]) => id)

function verifyCast(reading: PackReading, path: string, pieces: readonly Piece[]): void {
  const bytes = reading.take(path)
  if (bytes === undefined) return
  let at = 0
  for (const { index, h, n } of pieces) {
    const piece = bytes.subarray(at, at + n)
    if (piece.length !== n || !equalBytes(reading.sha256(piece), bytesOfHex(h)!)) {
      reading.findings.faults.push(
        finding(
          'recording-false',
          `the recording does not hold chunk ${h} at byte ${at} (entry ${index})`,
          path,
        ),
      )
      return
    }
    at += n
  }
  if (at !== bytes.length)
    reading.findings.faults.push(
      finding('recording-false', `${bytes.length - at} bytes follow the last chunk`, path),
    )
}
