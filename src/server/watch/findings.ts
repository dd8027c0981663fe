/** What is wrong in a picture of the database: the auditor's rules, without I/O. */
import { intentLateness, stepLateness } from '../../domain/operations/paging/lateness.ts'
import type { AlarmKind } from '../../contract/watch.ts'
import type { Finding } from './finding.ts'
import { duty, idleEngine, missedDrills } from './duty-findings.ts'
import { CLOCK_SKEW_ALARM_MS } from '../platform/clock.ts'
import { GONE_AFTER_MS } from '../platform/processes.ts'
import type { Snapshot } from './snapshot.ts'

/** How long the engine may take for what is due before it is suspected. A send's lease comes before this. */
export const GRACE_MS = 15_000
/** Within a minute somebody is told by a way that finds them, or it is an alarm. */
export const TELL_WITHIN_MS = 60_000
/** Acts and receipts are in the ledger within this (ARCHITECTURE.md, invariant 5). */
export const EVIDENCE_WITHIN_MS = 120_000

/**
 * Kinds that follow from what the engine did not do. They are judged only when the database has answered without a break
 * for a while: after an outage nobody could work or give a sign of life, and blaming the engine would be false.
 */
export const OF_THE_ENGINE: readonly AlarmKind[] = [
  'promise-without-outcome',
  'step-late',
  'nobody-told',
  'no-engine',
  'engine-idle',
]
/** Of these the ones that a held installation is meant to show. */
export const OF_SENDING: readonly AlarmKind[] = [
  'promise-without-outcome',
  'step-late',
  'nobody-told',
  'engine-idle',
]
/** What would keep a page from being sent or going on. */
export const OF_PAGING: readonly AlarmKind[] = [...OF_THE_ENGINE, 'clock-skew']

const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`

const promises = ({ intents }: Snapshot, now: number): Finding[] => {
  const late = intents.flatMap(({ pageId, attempt, dueAt, leaseUntilAt }) => {
    const status = leaseUntilAt === null ? 'intended' : 'claimed'
    const lateness = intentLateness({ status, attempt, dueAt, leaseUntilAt }, now, GRACE_MS)
    return lateness ? [{ pageId, ...lateness }] : []
  })
  return [...Map.groupBy(late, ({ pageId }) => pageId)].map(([subject, each]) => {
    const vanished = each.filter(({ what }) => what === 'sender-vanished').length
    const how =
      vanished === 0
        ? 'nobody has begun to send'
        : `${vanished === each.length ? '' : `${vanished} of them: `}whoever began to send has vanished`
    return {
      kind: 'promise-without-outcome',
      subject,
      sinceAt: Math.min(...each.map(({ sinceAt }) => sinceAt)),
      detail: `${plural(each.length, 'message')} of this page without outcome; ${how}.`,
    }
  })
}

const steps = ({ openPages }: Snapshot, now: number): Finding[] =>
  openPages.flatMap(({ id, nextStepAt }) => {
    const late = stepLateness({ status: 'open', nextStepAt }, now, GRACE_MS)
    return late
      ? [
          {
            kind: 'step-late',
            subject: id,
            sinceAt: late.sinceAt,
            detail: 'The next step of this page has not begun.',
          },
        ]
      : []
  })

const untold = ({ openPages }: Snapshot, now: number): Finding[] =>
  openPages.flatMap(({ id, requestedAt, told }) =>
    told || requestedAt + TELL_WITHIN_MS >= now
      ? []
      : [
          {
            kind: 'nobody-told',
            subject: id,
            sinceAt: requestedAt,
            detail: 'This page rings, and no mail and no push about it has been accepted for anybody.',
          },
        ],
  )

const engine = ({ processes }: Snapshot, now: number): Finding[] => {
  const engines = processes.filter(({ roles }) => roles.includes('engine'))
  if (engines.some(({ stoppedAt, seenAt }) => stoppedAt === null && seenAt + GONE_AFTER_MS >= now)) return []
  const last = Math.max(0, ...engines.map(({ stoppedAt, seenAt }) => stoppedAt ?? seenAt))
  const detail =
    last === 0 ? 'None was seen in the last day.' : 'The last one gives no sign of life any more.'
  return [{ kind: 'no-engine', subject: 'engine', sinceAt: last || now, detail }]
}

const parked = ({ parked: kinds }: Snapshot): Finding[] =>
  kinds.map(({ kind, count, sinceAt }) => ({
    kind: 'tasks-parked',
    subject: kind,
    sinceAt,
    detail: `${plural(count, 'task')} of this kind failed for good and ${count === 1 ? 'waits' : 'wait'} for a person.`,
  }))

const evidence = ({ oldestActAt, oldestReceiptAt }: Snapshot, now: number): Finding[] => {
  const late = (subject: string, at: number | null, what: string): Finding[] =>
    at === null || at + EVIDENCE_WITHIN_MS >= now
      ? []
      : [
          {
            kind: 'evidence-late',
            subject,
            sinceAt: at,
            detail: `${what}, the oldest for ${Math.round((now - at) / 1_000)} seconds. Nothing is lost: it waits.`,
          },
        ]
  return [
    ...late('acts', oldestActAt, 'Acts are committed and not yet in the ledger'),
    ...late('alert-receipts', oldestReceiptAt, 'Received alerts are stored and not yet sealed'),
  ]
}

/** Every process follows the database's clock; a machine that is far off shows it in its offset, or in signs of life from the future. */
const clocks = ({ processes }: Snapshot, now: number): Finding[] => {
  const alive = processes.filter(
    ({ stoppedAt, seenAt }) => stoppedAt === null && seenAt + GONE_AFTER_MS >= now,
  )
  return [...Map.groupBy(alive, ({ host }) => host)].flatMap(([host, each]) => {
    const worst = Math.max(
      ...each.map(({ clockOffsetMs, seenAt }) => Math.max(Math.abs(clockOffsetMs), seenAt - now)),
    )
    if (worst <= CLOCK_SKEW_ALARM_MS) return []
    return [
      {
        kind: 'clock-skew',
        subject: host,
        sinceAt: now,
        detail: `Its clock is ${(worst / 1_000).toFixed(1)} seconds away from the database's.`,
      },
    ]
  })
}

const mailOff = ({ peopleOnMailAlone }: Snapshot, now: number, canMail: boolean): Finding[] =>
  canMail || peopleOnMailAlone === 0
    ? []
    : [
        {
          kind: 'mail-off',
          subject: 'SMTP_URL',
          sinceAt: now,
          detail: `${plural(peopleOnMailAlone, 'member of staff has', 'members of staff have')} no browser registered either.`,
        },
      ]

type Circumstances = {
  readonly now: number
  /** The database has answered without a break for long enough to judge the engine. */
  readonly steady: boolean
  readonly canMail: boolean
}

/** What is judged and what was found: an alarm of a judged kind that is not found any more has ended. */
export const judge = (
  snapshot: Snapshot,
  { now, steady, canMail }: Circumstances,
): { judged: AlarmKind[]; findings: Finding[] } => {
  const rules: readonly (readonly [AlarmKind, () => Finding[]])[] = [
    ['promise-without-outcome', () => promises(snapshot, now)],
    ['step-late', () => steps(snapshot, now)],
    ['nobody-told', () => untold(snapshot, now)],
    ['no-engine', () => engine(snapshot, now)],
    ['engine-idle', () => idleEngine(snapshot, now)],
    ['tasks-parked', () => parked(snapshot)],
    ['evidence-late', () => evidence(snapshot, now)],
    ['clock-skew', () => clocks(snapshot, now)],
    ['mail-off', () => mailOff(snapshot, now, canMail)],
    ['empty-schedule', () => duty(snapshot, 'empty-schedule')],
    ['unverified-contact', () => duty(snapshot, 'unverified-contact')],
    ['drill-missed', () => missedDrills(snapshot)],
  ]
  const open = rules.filter(
    ([kind]) => (steady || !OF_THE_ENGINE.includes(kind)) && !(snapshot.held && OF_SENDING.includes(kind)),
  )
  return { judged: open.map(([kind]) => kind), findings: open.flatMap(([, rule]) => rule()) }
}
