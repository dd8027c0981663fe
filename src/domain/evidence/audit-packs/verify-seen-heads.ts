/** Heads that entries say their writer had seen: whoever forks the log has to rewrite all of them, too. */

import { appendLeafHash, base64Of, bytesOfBase64, equalBytes, frontierRoot } from '../ledger/index.ts'
import type { Frontier } from '../ledger/index.ts'
import type { PackReading } from './pack-reading.ts'
import { finding } from './verdict.ts'
import { leadsTo } from './verify-heads.ts'
import type { Heads } from './verify-heads.ts'
import type { Population } from './verify-population.ts'

/** Of heads that the pack can prove nothing about, nothing is said: the entry lies within the population either way. */
export function verifySeenHeads(reading: PackReading, heads: Heads, population: Population): void {
  const roots = rootsWithin(reading, population)
  for (const { index, leaf } of population.entries) {
    if (leaf.prev_cp === undefined) continue
    const { size, root } = leaf.prev_cp
    const agrees = size <= index && agreement(reading, heads, roots, size, bytesOfBase64(root)!)
    if (agrees === false)
      reading.findings.faults.push(
        finding(
          'seen-head-contradicts',
          `its writer had seen a head of ${size} entries that is not part of this log: history was rewritten`,
          `entry ${index}`,
        ),
      )
  }
}

function agreement(
  reading: PackReading,
  { start, end, consistency }: Heads,
  roots: ReadonlyMap<number, string>,
  size: number,
  root: Uint8Array,
): boolean | undefined {
  const within = roots.get(size)
  if (within !== undefined) return within === base64Of(root)
  for (const head of [start, end]) if (head?.size === size) return equalBytes(head.root, root)
  const proof = consistency.get(size)
  return proof === undefined || end === undefined ? undefined : leadsTo(reading, { size, root }, end, proof)
}

/** Roots of the sizes that entries name, as far as they follow from the edges and leaves: one walk over them. */
function rootsWithin(
  { sha256 }: PackReading,
  { entries, range, isProved }: Population,
): ReadonlyMap<number, string> {
  const roots = new Map<number, string>()
  if (!isProved || range === undefined) return roots
  const wanted = new Set(
    entries.flatMap(({ leaf }) => (leaf.prev_cp === undefined ? [] : [leaf.prev_cp.size])),
  )
  let frontier: Frontier = { size: range.from, hashes: range.left }
  const note = (): void => {
    if (wanted.has(frontier.size)) roots.set(frontier.size, base64Of(frontierRoot(frontier, sha256)))
  }
  note()
  if (wanted.size === 0) return roots
  for (const hash of range.leafHashes) {
    frontier = appendLeafHash(frontier, hash, sha256)
    note()
  }
  return roots
}
