/** What is wrong with those who would be paged: standing faults, which are told once a day and not every quarter of an hour. */
import type { AlarmKind } from '../../contract/watch.ts'
import { GONE_AFTER_MS } from '../platform/processes.ts'
import type { Finding } from './finding.ts'
import type { Snapshot } from './snapshot.ts'

/** The engine's beat comes every ten seconds; one that claims nothing for this long does not page either. */
export const BEATS_WITHIN_MS = 60_000

/** Nothing rings at this moment for want of them: a mail a day is enough. */
export const STANDING: readonly AlarmKind[] = [
  'mail-off',
  'empty-schedule',
  'unverified-contact',
  'drill-missed',
]

/** An engine that lives and claims nothing; one that has just started is given time. */
export const idleEngine = ({ processes, beatAt }: Snapshot, now: number): Finding[] => {
  const engines = processes.filter(
    ({ roles, stoppedAt, seenAt }) =>
      roles.includes('engine') && stoppedAt === null && seenAt + GONE_AFTER_MS >= now,
  )
  if (engines.length === 0) return []
  const since = Math.max(beatAt ?? 0, Math.min(...engines.map(({ startedAt }) => startedAt)))
  return since + BEATS_WITHIN_MS >= now
    ? []
    : [
        {
          kind: 'engine-idle',
          subject: 'engine',
          sinceAt: since,
          detail: 'It gives signs of life, and has claimed nothing of what is due in the lane of pages.',
        },
      ]
}

export const duty = ({ duty: found }: Snapshot, wanted: 'empty-schedule' | 'unverified-contact'): Finding[] =>
  found.filter(({ kind }) => kind === wanted)

export const missedDrills = ({ missedDrills: missed }: Snapshot): Finding[] =>
  missed.map(({ id, environment, person, endedAt }) => ({
    kind: 'drill-missed',
    subject: id,
    sinceAt: endedAt,
    detail: `The drill in ${environment}${person === null ? '' : ` of ${person}`} was not taken, and none has been since.`,
  }))
