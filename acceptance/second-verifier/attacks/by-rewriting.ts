/** The insider with database and key, against a head that left the building. */

import {
  append,
  checkpointNote,
  HOUR,
  ORIGIN,
  START,
} from '../../../src/domain/evidence/audit-packs/log-for-tests.test.ts'
import { storyPack, tellStory } from '../../../src/domain/evidence/audit-packs/story-for-tests.test.ts'
import { zipOfFiles } from '../../../src/cli/verify/zip-write.ts'
import { edited, story, honest, packOf, retellWithEdit } from './trial.ts'
import type { Trial } from './trial.ts'

export function rewritingAttacks(): readonly Trial[] {
  const rewritten = { ...story, log: retellWithEdit(20) }
  const zip = zipOfFiles(storyPack(rewritten))
  const ahead = tellStory()
  const opened = ahead.log.entries[8]!
  ahead.log.entries[8] = { ...opened, bytes: edited(opened.bytes, '"size":7', '"size":39') }
  const longer = tellStory()
  append(longer.log, { type: 'alert.resolved', at: START + 400 * HOUR })
  const all = zipOfFiles(honest)
  const foreign = checkpointNote(story.log, 17).replaceAll(ORIGIN, 'fortnight.example/l/other')
  return [
    { name: 'history rewritten and signed again, nothing kept: nobody can see it', expected: 0, zip },
    {
      name: 'history rewritten and signed again, before a head that a later entry had seen',
      expected: 1,
      zip: packOf({ ...story, log: retellWithEdit(6) }),
    },
    { name: 'an entry that had seen a head from after itself', expected: 1, zip: packOf(ahead) },
    {
      name: 'history rewritten, a head within the period kept',
      expected: 1,
      zip,
      since: checkpointNote(story.log, 30),
    },
    { name: 'history rewritten, the last head kept', expected: 1, zip, since: checkpointNote(story.log, 40) },
    {
      name: 'the log truncated since the kept head',
      expected: 1,
      zip: all,
      since: checkpointNote(longer.log, 41),
    },
    { name: 'a kept head from before the edit', expected: 0, zip, since: checkpointNote(story.log, 12) },
    {
      name: 'a kept head without a proof in the pack',
      expected: 2,
      zip: all,
      since: checkpointNote(story.log, 38),
    },
    { name: 'a kept head of another log', expected: 2, zip: all, since: foreign },
    { name: 'a kept head that is none', expected: 2, zip: all, since: 'hello\n' },
  ]
}
