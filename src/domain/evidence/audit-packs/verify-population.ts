/** Whether the entries of a pack are all there are between two places of the log, and which later ones it cites. */

import { isRefusal } from '../../refusal.ts'
import {
  bytesOfBase64,
  decodeEntries,
  decodeLeaf,
  equalBytes,
  leafHash,
  rootOfRange,
  verifyInclusion,
} from '../ledger/index.ts'
import type { Leaf, RangeClaim, VerifiedCheckpoint } from '../ledger/index.ts'
import { logPaths } from './format.ts'
import type { ManifestLog } from './format.ts'
import { bytesOfBase64List } from './hash-list.ts'
import type { PackReading } from './pack-reading.ts'
import { hasExactly, isCount, readCanonical, readLines } from './shape.ts'
import { finding } from './verdict.ts'

export type IndexedLeaf = { readonly index: number; readonly leaf: Leaf }

export type Population = {
  readonly entries: readonly IndexedLeaf[]
  /** Entries behind the range that say what became of things in it; each with a verified proof. */
  readonly later: readonly IndexedLeaf[]
  /** The leaf hashes and edges, when they are well formed: roots of earlier sizes follow from them. */
  readonly range?: RangeClaim
  /** True when the entries lead to the root of the signed end. */
  readonly isProved: boolean
}

export function verifyPopulation(
  reading: PackReading,
  log: ManifestLog,
  end: VerifiedCheckpoint | undefined,
): Population {
  const { faults } = reading.findings
  const paths = logPaths(log.log)
  const bundle = decodeEntries(reading.take(paths.entries) ?? new Uint8Array(0))
  const edges = readEdges(reading, paths.range)
  if (bundle === undefined || bundle.length !== log.to - log.from) {
    faults.push(
      finding('entries-count', `the bundle does not hold ${log.to - log.from} entries`, paths.entries),
    )
    return { entries: [], later: [], isProved: false }
  }
  const leafHashes = bundle.map((bytes) => leafHash(bytes, reading.sha256))
  const range = edges === undefined ? undefined : { ...edges, from: log.from, leafHashes, size: log.end }
  const root = range === undefined ? undefined : rootOfRange(range, reading.sha256)
  const isProved = root !== undefined && end !== undefined && equalBytes(root, end.root)
  if (range !== undefined && end !== undefined && !isProved)
    faults.push(
      finding(
        'population-unproved',
        'entries and edges do not lead to the signed root: an entry was changed, added, removed or moved',
        paths.entries,
      ),
    )
  const entries = readEntries(reading, log, bundle)
  return {
    entries,
    later: readLater(reading, log, end, new Set(entries.map(({ leaf }) => leaf.id))),
    ...(range === undefined ? {} : { range }),
    isProved,
  }
}

function readEdges(
  reading: PackReading,
  path: string,
): { readonly left: readonly Uint8Array[]; readonly right: readonly Uint8Array[] } | undefined {
  const bytes = reading.take(path)
  if (bytes === undefined) return undefined
  const value = readCanonical(bytes)?.value
  if (hasExactly(value, ['v', 'left', 'right']) && value['v'] === 1) {
    const left = bytesOfBase64List(value['left'])
    const right = bytesOfBase64List(value['right'])
    if (left !== undefined && right !== undefined) return { left, right }
  }
  reading.findings.faults.push(finding('edges-malformed', 'the range is not {left, right} hashes', path))
  return undefined
}

function readEntries(
  reading: PackReading,
  log: ManifestLog,
  bundle: readonly Uint8Array[],
): readonly IndexedLeaf[] {
  const entries: IndexedLeaf[] = []
  const ids = new Set<string>()
  for (const [i, bytes] of bundle.entries()) {
    const where = `entry ${log.from + i}`
    const leaf = readLeaf(reading, log, bytes, where)
    if (leaf === undefined) continue
    if (ids.has(leaf.id))
      reading.findings.faults.push(finding('entry-twice', `id ${leaf.id} stands twice`, where))
    ids.add(leaf.id)
    entries.push({ index: log.from + i, leaf })
  }
  return entries
}

function readLeaf(
  reading: PackReading,
  log: ManifestLog,
  bytes: Uint8Array,
  where: string,
): Leaf | undefined {
  const leaf = decodeLeaf(bytes)
  if (isRefusal(leaf)) {
    reading.findings.faults.push(finding(leaf.code, leaf.detail, where))
    return undefined
  }
  if (leaf.log === log.log) return leaf
  reading.findings.faults.push(finding('leaf-of-other-log', 'the leaf names another log', where))
  return undefined
}

function readLater(
  reading: PackReading,
  log: ManifestLog,
  end: VerifiedCheckpoint | undefined,
  ids: Set<string>,
): readonly IndexedLeaf[] {
  const path = logPaths(log.log).later
  const { faults } = reading.findings
  const later: IndexedLeaf[] = []
  let before = log.to - 1
  for (const line of readLines(reading.take(path) ?? new Uint8Array(0))) {
    const parsed = parseLater(line)
    if (parsed === undefined || parsed.index <= before) {
      faults.push(finding('later-malformed', 'a line is not an entry with its proof, in order', path))
      return later
    }
    before = parsed.index
    const where = `entry ${parsed.index}`
    const claim = { index: parsed.index, size: log.end, leafHash: leafHash(parsed.bytes, reading.sha256) }
    if (
      end === undefined ||
      !verifyInclusion({ ...claim, proof: parsed.proof, root: end.root }, reading.sha256)
    ) {
      faults.push(finding('inclusion-unproved', 'the later entry is not proved to be in the log', where))
      continue
    }
    const leaf = readLeaf(reading, log, parsed.bytes, where)
    if (leaf === undefined) continue
    if (ids.has(leaf.id)) faults.push(finding('entry-twice', `id ${leaf.id} stands twice`, where))
    ids.add(leaf.id)
    later.push({ index: parsed.index, leaf })
  }
  return later
}

function parseLater(
  line: unknown,
): { readonly index: number; readonly bytes: Uint8Array; readonly proof: readonly Uint8Array[] } | undefined {
  if (!hasExactly(line, ['index', 'leaf', 'proof']) || !isCount(line['index'])) return undefined
  const bytes = typeof line['leaf'] === 'string' ? bytesOfBase64(line['leaf']) : undefined
  const proof = bytesOfBase64List(line['proof'])
  return bytes === undefined || proof === undefined ? undefined : { index: line['index'], bytes, proof }
}
