/** Entries left out, added, moved, edited, and periods cut short. */

import {
  LOG_ID,
  logParts,
  packParts,
  signManifest,
} from '../../../src/domain/evidence/audit-packs/log-for-tests.test.ts'
import {
  PERIOD,
  SESSION_ID,
  storyLogParts,
} from '../../../src/domain/evidence/audit-packs/story-for-tests.test.ts'
import { buildPack } from '../../../src/domain/evidence/audit-packs/index.ts'
import { sha256 } from '../../../src/domain/evidence/ledger/crypto-for-tests.test.ts'
import {
  base64Of,
  bytesOfBase64,
  canonicalJson,
  decodeEntries,
  encodeEntries,
  utf8,
} from '../../../src/domain/evidence/ledger/index.ts'
import { zipOfFiles } from '../../../src/cli/verify/zip-write.ts'
import { story, honest, path, text, insider, retold, flipped, edited } from './trial.ts'
import type { Trial } from './trial.ts'

const leaves = decodeEntries(honest.get(path.bundle)!)!
const bundleOf = (edited: readonly Uint8Array[]): Uint8Array => encodeEntries(edited)
export function populationAttacks(): readonly Trial[] {
  const parts = storyLogParts(story)
  const { left, right } = JSON.parse(text(honest, path.range)) as { left: string[]; right: string[] }
  const range = (edges: { left: readonly string[]; right: readonly string[] }): Uint8Array =>
    utf8(canonicalJson({ v: 1, ...edges }))
  const flip = (hash: string): string => base64Of(flipped(bytesOfBase64(hash)!, 5))
  const cut = (from: number, to: number): Uint8Array =>
    zipOfFiles(
      buildPack(packParts([logParts(story.log, { ...story.cut, from, to })], PERIOD), sha256, signManifest),
    )
  return [
    insider('an entry edited', 1, {
      [path.bundle]: bundleOf(
        leaves.map((leaf, i) => (i === 3 ? edited(leaf, 'a_engineer', 'a_somebody') : leaf)),
      ),
    }),
    retold('an entry deleted, the count with it', 1, { leaves: leaves.toSpliced(20, 1) }),
    insider('an entry deleted, the count left', 1, { [path.bundle]: bundleOf(leaves.toSpliced(20, 1)) }),
    insider('two entries exchanged', 1, {
      [path.bundle]: bundleOf(leaves.with(3, leaves[4]!).with(4, leaves[3]!)),
    }),
    retold('a backdated entry inserted', 1, { leaves: leaves.toSpliced(10, 0, leaves[10]!) }),
    insider('an entry of another log put in', 1, {
      [path.bundle]: bundleOf(leaves.map((leaf, i) => (i === 9 ? edited(leaf, LOG_ID, SESSION_ID) : leaf))),
    }),
    insider('the bundle cut within an entry', 1, { [path.bundle]: honest.get(path.bundle)!.subarray(0, -3) }),
    insider('a left edge changed', 1, {
      [path.range]: range({ left: left.map((h, i) => (i === 0 ? flip(h) : h)), right }),
    }),
    insider('a right edge changed', 1, {
      [path.range]: range({ left, right: right.map((h, i) => (i === 0 ? flip(h) : h)) }),
    }),
    insider('an edge too many', 1, { [path.range]: range({ left: [...left, left[0]!], right }) }),
    insider('an edge too few', 1, { [path.range]: range({ left, right: right.slice(1) }) }),
    insider('edges swapped', 1, { [path.range]: range({ left: right, right: left }) }),
    retold('the range said to start one later', 1, { from: parts.from + 1 }),
    { name: 'a cut after the period began', expected: 2, zip: cut(7, 36) },
    { name: 'a cut before the period ended', expected: 2, zip: cut(5, 31) },
  ]
}
