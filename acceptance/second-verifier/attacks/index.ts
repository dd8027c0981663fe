/** Every trial both verifiers have to pass. */

import { outsiderAttacks } from './by-outsiders.ts'
import { rewritingAttacks } from './by-rewriting.ts'
import { trustTrials } from './of-trust.ts'
import { disclosureAttacks, excuseAttacks } from './on-disclosures.ts'
import { consistencyAttacks, headAttacks } from './on-heads.ts'
import { rotationTrials } from './on-keys.ts'
import { observationAttacks } from './on-observations.ts'
import { populationAttacks } from './on-the-population.ts'
import { zipAttacks } from './on-the-zip.ts'
import { incompleteRecordings, recordingAttacks } from './on-recordings.ts'
import type { Trial } from './trial.ts'

export const trials = (): readonly Trial[] => [
  ...trustTrials(),
  ...outsiderAttacks(),
  ...populationAttacks(),
  ...headAttacks(),
  ...consistencyAttacks(),
  ...rewritingAttacks(),
  ...disclosureAttacks(),
  ...excuseAttacks(),
  ...recordingAttacks(),
  ...incompleteRecordings(),
  ...observationAttacks(),
  ...rotationTrials(),
  ...zipAttacks(),
]
