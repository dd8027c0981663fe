/** The ledger of a fictional team, its packs, and the installation around it. */
import { auditPackRoutes, type AuditPackReply } from '../../../src/contract/evidence/audit-packs.ts'
import {
  ledgerRoutes,
  type LedgerEntryReply,
  type LedgerLogReply,
} from '../../../src/contract/evidence/ledger.ts'
import { installationAreaRoutes } from '../../../src/contract/installation/installation.ts'
import { alerts } from './alerts.ts'
import { environmentRef, person } from './people.ts'
import {
  days,
  hours,
  minutes,
  newId,
  now,
  pageThrough,
  pick,
  replyTo,
  type Answer,
  type Case,
} from './reply.ts'

const root = `${'Qm9ndXNSb290'.repeat(4).slice(0, 43)}=`
const log = (position: number): LedgerLogReply => ({
  id: newId(),
  origin: `fortnight.example/l/${position}`,
  environment: position === 0 ? null : environmentRef(position - 1),
  size: 12_480 - position * 1_713,
  root,
  checkpoint: { size: 12_478 - position * 1_713, root, signedAt: now - minutes(1) },
  pending: position === 2 ? 3 : 0,
  delayMs: position === 2 ? minutes(4) : 0,
  windows: 900,
  createdAt: now - days(370),
})
const logs = [0, 1, 2, 3, 4].map(log)

const said = [
  ['decision.decided', 'Grow the data volumes of OpenSearch from 100 to 200 GiB'],
  ['page.acknowledged', 'KubePersistentVolumeFillingUp'],
  ['session.opened', 'under D-14'],
  ['window.sealed', null],
  [
    'incident.hypothesis-proposed',
    'The retention job stopped after the upgrade, so old indices were never deleted and the volume fills up',
  ],
] as const
const entry = (position: number): LedgerEntryReply => {
  const [type, headline] = pick(said, position)
  return {
    number: 10_766 - position,
    id: newId(),
    type,
    at: now - minutes(position * 7 + 2),
    recordedAt: now - minutes(position * 7 + 2),
    actor:
      type === 'window.sealed'
        ? { kind: 'system', person: null }
        : { kind: 'person', person: person(position) },
    via: 'web',
    headline,
    fields: ['what', 'why'],
    erasedFields: [],
  }
}
const entriesFor = (kase: Case): readonly LedgerEntryReply[] =>
  kase === 'empty' ? [] : Array.from({ length: kase === 'thousand' ? 1000 : 12 }, (_, n) => entry(n))

const pack = (status: AuditPackReply['status'], position: number): AuditPackReply => ({
  id: newId(),
  status,
  step: status === 'building' ? 'collects recordings' : null,
  environments: position === 3 ? [] : [environmentRef(position)],
  from: now - days(52),
  to: now - days(22),
  purpose: 'Yearly audit of the information security management system',
  requestedBy: person(3),
  requestedAt: now - hours(position * 30 + 1),
  endedAt: status === 'building' ? null : now - hours(position * 30),
  size: status === 'ready' ? 18_734_211 : null,
  sha256: status === 'ready' ? 'd2'.repeat(32) : null,
  entries: status === 'ready' ? 1873 : null,
  failure:
    status === 'failed'
      ? {
          code: 'contradiction',
          detail: 'A signed head is not held by this database.',
          findings: ['log 3: size 8,767 was signed'],
        }
      : null,
  downloadUrl: status === 'ready' ? '/api/evidence/packs/1/download' : null,
  keptUntil: status === 'ready' ? now + days(29) : null,
})
const packs = [pack('building', 0), pack('ready', 1), pack('failed', 2), pack('ready', 3)]

const kinds = [
  { kind: 'page.send', waiting: 4, due: 4, fromBackup: 3, standsStill: true },
  { kind: 'page.step', waiting: 2, due: 1, fromBackup: 2, standsStill: true },
  { kind: 'ledger.sequence', waiting: 1, due: 1, fromBackup: 0, standsStill: false },
]
const hold = {
  since: now - minutes(12),
  reason: 'Restored on host-b.',
  backup: { id: newId(), takenAt: now - hours(9), ageMs: hours(9) },
}

export const evidenceReplies: readonly Answer[] = [
  replyTo(ledgerRoutes.getLedger)((kase) => ({
    sequencer: { state: kase === 'thousand' ? 'stopped' : 'at-work', since: now - days(2), seenAt: now },
    pending: kase === 'empty' ? 0 : 3,
    delayMs: kase === 'empty' ? 0 : minutes(4),
    contradictions:
      kase === 'thousand'
        ? [
            {
              log: logs[1]!.id,
              size: 10_800,
              root,
              source: 'key-folder',
              foundAt: now,
              held: { size: 10_767, root },
              environment: environmentRef(0),
            },
          ]
        : [],
    logs:
      kase === 'empty'
        ? []
        : kase === 'thousand'
          ? Array.from({ length: 1000 }, (_, n) => ({ ...pick(logs, n), id: newId() }))
          : logs,
    keysUrl: '/evidence/keys.txt',
    can: { export: true, recover: true, erase: true },
  })),
  replyTo(ledgerRoutes.listLedgerEntries)((kase, asked) => pageThrough(entriesFor(kase), asked)),
  replyTo(ledgerRoutes.getLedgerEntry)((kase) => ({
    ...entry(0),
    log: logs[1]!.id,
    environment: environmentRef(0),
    refs: [
      ['decision', newId()],
      ['environment', newId()],
    ],
    values:
      kase === 'empty'
        ? []
        : [
            { name: 'what', value: said[0][1], digest: 'a1' },
            {
              name: 'options',
              value: [{ title: 'Grow all three volumes online', chosen: true }],
              digest: 'a2',
            },
          ],
    erased:
      kase === 'empty'
        ? [
            {
              field: 'what',
              digest: 'a3',
              reason: 'A name was in it that nobody needs.',
              at: now,
              byEntry: newId(),
            },
          ]
        : [],
    blobs: [{ kind: 'recording', sha256: 'c4'.repeat(32), size: 48_211 }],
    leaf: '{"actor":"p:8d1f","at":1795336612000,"fields":["3q2-7w","9_xk1A"],"type":"decision.decided","v":1}',
    leafHash: 'b7'.repeat(32),
    proof:
      kase === 'empty'
        ? null
        : {
            size: 10_767,
            root,
            hashes: ['aa'.repeat(22), 'bb'.repeat(22)],
            checkpoint: `fortnight.example/l/1\n10767\n${root}\n`,
          },
  })),
  replyTo(auditPackRoutes.listPacks)((kase, asked) => pageThrough(kase === 'empty' ? [] : packs, asked)),
  replyTo(auditPackRoutes.getPack)((kase) => (kase === 'empty' ? packs[2]! : packs[1]!)),
  replyTo(installationAreaRoutes.showInstallation)((kase) => ({
    organisation: 'Example Operations',
    version: '0.1.0',
    held: kase === 'thousand' ? hold : null,
  })),
  replyTo(installationAreaRoutes.showHeld)(() => ({
    held: hold,
    kinds,
    tasks: [],
    pages: [
      {
        id: newId(),
        title: 'KubeAPIDown',
        environment: 'acme-prod',
        status: 'open',
        priority: 'P1',
        requestedAt: now - hours(9),
        fromBackup: true,
        nextStepAt: now - hours(8.8),
        unfinishedIntents: 2,
      },
    ],
    alerts: alerts.slice(0, 4).map((alert, position) => ({
      id: alert.id,
      name: alert.name,
      environment: alert.environment,
      status: 'open',
      priority: alert.priority,
      openedAt: alert.openedAt,
      lastSeenAt: now,
      fromBackup: true,
      seenSince: position < 2,
    })),
    alertCounts: { notClosed: 4, seenSince: 2 },
  })),
]
