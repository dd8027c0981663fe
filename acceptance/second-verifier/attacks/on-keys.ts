/** A pack across a rotation of the ledger's key: honest, and with a key that was retired, or a rotation that one side made up. */

import {
  checkpointNote,
  logKey,
  nextLogKey,
  packKeyOf,
  packParts,
  rotationStatement,
  witnessKey,
} from '../../../src/domain/evidence/audit-packs/log-for-tests.test.ts'
import {
  PERIOD,
  storyLogParts,
  tellStory,
} from '../../../src/domain/evidence/audit-packs/story-for-tests.test.ts'
import { buildPack } from '../../../src/domain/evidence/audit-packs/index.ts'
import { zipOfFiles } from '../../../src/cli/verify/zip-write.ts'
import { ed25519Sign, sha256 } from '../../../src/domain/evidence/ledger/crypto-for-tests.test.ts'
import { formatVkey, signNote } from '../../../src/domain/evidence/ledger/index.ts'
import type { Trial } from './trial.ts'

type Which = 'old' | 'next'
const logKeyOf = (which: Which) => (which === 'old' ? logKey : nextLogKey)

const policyOf = (...which: readonly Which[]): string =>
  [
    ...which.map((one) => `log ${formatVkey(logKeyOf(one).verifier)}`),
    ...which.map((one) => `pack ${formatVkey(packKeyOf(one).verifier)}`),
    `witness customer ${formatVkey(witnessKey.verifier)}`,
    'quorum customer',
    '',
  ].join('\n')

/** The start is signed before the rotation, so by the old key. */
function packAcross(end: Which, manifest: Which, statement = rotationStatement()): Uint8Array {
  const story = tellStory(undefined, statement)
  const parts = packParts(
    [{ ...storyLogParts(story), endNote: checkpointNote(story.log, story.cut.end, logKeyOf(end)) }],
    PERIOD,
  )
  return zipOfFiles(
    buildPack({ ...parts, keys: policyOf('old', 'next') }, sha256, (text) => [
      signNote(text, packKeyOf(manifest).signing, ed25519Sign),
    ]),
  )
}

export function rotationTrials(): readonly Trial[] {
  const honest = packAcross('next', 'next')
  const both = policyOf('old', 'next')
  const forged = rotationStatement().replace('fortnight/key-rotation/v1', 'fortnight/key-rotation/v2')
  return [
    { name: 'a rotation of the key, and a policy that names both', expected: 0, zip: honest, policy: both },
    {
      name: 'a rotation, and a policy that knows the old key only',
      expected: 2,
      zip: honest,
      policy: policyOf('old'),
    },
    {
      name: 'a rotation, and a policy that knows the new key only',
      expected: 2,
      zip: honest,
      policy: policyOf('next'),
    },
    {
      name: 'the end signed by the key that the log had retired',
      expected: 1,
      zip: packAcross('old', 'next'),
      policy: both,
    },
    {
      name: 'the manifest signed by the key that the log had retired',
      expected: 1,
      zip: packAcross('next', 'old'),
      policy: both,
    },
    {
      name: 'a rotation that the new key made up',
      expected: 1,
      zip: packAcross('next', 'next', rotationStatement(['next'])),
      policy: both,
    },
    {
      name: 'a rotation that the old key made up',
      expected: 1,
      zip: packAcross('next', 'next', rotationStatement(['old'])),
      policy: both,
    },
    {
      name: 'a rotation whose words were changed',
      expected: 1,
      zip: packAcross('next', 'next', forged),
      policy: both,
    },
  ]
}
