/** Honest packs under the policies of more and less careful auditors. */

import {
  checkpointNote,
  LOG_ID,
  ORIGIN,
  policyText,
} from '../../../src/domain/evidence/audit-packs/log-for-tests.test.ts'
import { SESSION_ID } from '../../../src/domain/evidence/audit-packs/story-for-tests.test.ts'
import { keyPairOf } from '../../../src/domain/evidence/ledger/crypto-for-tests.test.ts'
import { formatVkey, SIGNATURE, utf8 } from '../../../src/domain/evidence/ledger/index.ts'
import { zipOfFiles } from '../../../src/cli/verify/zip-write.ts'
import { story, honest, replaced, insider } from './trial.ts'
import type { Trial } from './trial.ts'

export function trustTrials(): readonly Trial[] {
  const zip = zipOfFiles(honest)
  const stranger = formatVkey(keyPairOf(ORIGIN, SIGNATURE).verifier)
  const withoutPack = policyText.replace(/^pack .*$/m, '')
  return [
    { name: 'an honest pack', expected: 0, zip },
    {
      name: 'an honest pack and an honest kept head',
      expected: 0,
      zip,
      since: checkpointNote(story.log, 17),
    },
    { name: 'an honest pack and no policy', expected: 2, zip, policy: null },
    { name: 'an honest pack and a policy of nobody', expected: 2, zip, policy: '' },
    { name: 'a policy without the key that signs packs', expected: 2, zip, policy: withoutPack },
    {
      name: 'a policy that asks for no witness',
      expected: 0,
      zip,
      policy: policyText.replace('quorum customer', 'quorum none'),
    },
    {
      name: 'a policy with a bare log key for another log',
      expected: 2,
      zip,
      policy: stranger.replace(LOG_ID, SESSION_ID) === stranger ? '' : `pack ${stranger}\n`,
    },
    { name: 'a policy that cannot be read', expected: 3, zip, policy: 'trust everybody' },
    insider('a format of the future', 2, {
      'manifest.json': replaced('manifest.json', 'audit-pack/v1', 'audit-pack/v2'),
    }),
    insider('a register of actors that cannot be read', 1, { 'actors.json': utf8('[]') }),
    insider('keys inside the pack that cannot be read, beside a policy', 0, {
      'keys.txt': utf8('trust everybody'),
    }),
  ]
}
