/** Rows behind sealed windows, and windows that never became an entry. */

import {
  append,
  logParts,
  newLog,
  packParts,
  signManifest,
  START,
} from '../../../src/domain/evidence/audit-packs/log-for-tests.test.ts'
import { PERIOD, SESSION_ID } from '../../../src/domain/evidence/audit-packs/story-for-tests.test.ts'
import { buildPack } from '../../../src/domain/evidence/audit-packs/index.ts'
import { sha256 } from '../../../src/domain/evidence/ledger/crypto-for-tests.test.ts'
import { base64Of, utf8 } from '../../../src/domain/evidence/ledger/index.ts'
import { zipOfFiles } from '../../../src/cli/verify/zip-write.ts'
import { story, folder, path, editLines, insider } from './trial.ts'
import type { Trial, Line } from './trial.ts'

export function observationAttacks(): readonly Trial[] {
  const rows = (edit: (lines: Line[]) => readonly unknown[]) => ({
    [path.observations]: editLines(path.observations, edit),
  })
  return [
    insider(
      'an observed row edited',
      1,
      rows(([row, ...rest]) => [{ ...row, bytes: base64Of(utf8('nothing happened')) }, ...rest]),
    ),
    insider(
      'an observed row left out',
      1,
      rows((all) => all.toSpliced(2, 1)),
    ),
    insider(
      'an observed row added',
      1,
      rows((all) => [...all, { ...all[0], number: 6 }]),
    ),
    insider('observed rows of an entry that sealed nothing', 1, {
      [`${folder}/observations/${SESSION_ID}.ndjson`]: utf8(''),
    }),
    windowLeftOut(),
  ]
}

/** The second of three windows never became an entry: its rows were hidden before the log was written. */
function windowLeftOut(): Trial {
  const log = newLog()
  const sealed = story.log.entries.filter(({ leaf }) => leaf.type === 'observations.sealed')
  for (const { texts } of [sealed[0]!, sealed[2]!]) {
    const [, , window] = JSON.parse(texts['window']!) as [string, string, Line]
    append(log, { type: 'observations.sealed', at: START, fields: { window } })
  }
  const parts = packParts([logParts(log, { from: 0, to: 2, start: 0, end: 2 })], PERIOD)
  // One window begins the chain, the other follows a window that is not there.
  return {
    name: 'a window of observations left out',
    expected: 1,
    zip: zipOfFiles(buildPack(parts, sha256, signManifest)),
  }
}
