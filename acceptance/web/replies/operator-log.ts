/** Recorded shells of a fictional team, with a short recording that plays. */
import type { z } from 'zod'
import {
  operatorLogRoutes,
  type logEntryRow,
  type recordingRow,
} from '../../../src/contract/operations/operator-log.ts'
import { environmentRef, person } from './people.ts'
import { hours, minutes, newId, now, pageThrough, pick, replyTo, type Answer, type Case } from './reply.ts'

type Entry = z.infer<typeof logEntryRow>
type Recording = z.infer<typeof recordingRow>

const began = now - hours(2)
const typed = [
  'kubectl -n opensearch-system get pvc',
  'kubectl -n opensearch-system get pods -o wide',
  'kubectl -n opensearch-system describe pvc data-opensearch-data-2 | tail -n 20',
  'kubectl -n opensearch-system patch pvc data-opensearch-data-2 --type merge -p \'{"spec":{"resources":{"requests":{"storage":"200Gi"}}}}\'',
  'kubectl -n opensearch-system get pvc data-opensearch-data-2 -w',
  'kubectl -n opensearch-system exec opensearch-data-2 -- df -h /usr/share/opensearch/data',
  'kubectl -n opensearch-system get events --sort-by=.lastTimestamp | tail',
  'helm history opensearch -n opensearch-system',
  'exit',
]
const commands = typed.map((command, position) => ({
  n: position + 1,
  command,
  cwd: '/home/astrid',
  context: 'acme-prod',
  startedAt: began + position * 4000,
  durationMs: position === 4 ? 3200 : 400,
  exitCode: position === 2 ? 1 : 0,
}))

/** asciicast v3: intervals since the event before. */
export const cast = [
  JSON.stringify({ version: 3, term: { cols: 100, rows: 26 }, timestamp: Math.floor(began / 1000) }),
  ...typed.flatMap((command) => [
    JSON.stringify([0.4, 'o', '\u001b[32mastrid@jump\u001b[0m:\u001b[34m~\u001b[0m$ ']),
    JSON.stringify([1.2, 'o', `${command}\r\n`]),
    JSON.stringify([
      2.4,
      'o',
      'NAME                     STATUS   CAPACITY\r\ndata-opensearch-data-2   Bound    100Gi\r\n',
    ]),
  ]),
].join('\n')

const recording = (position: number): Recording => {
  const kind = pick(['decided', 'look', 'look', 'break-glass', 'look'] as const, position)
  const open = position === 1
  return {
    id: newId(),
    environment: environmentRef(position),
    kind,
    state: open ? 'open' : 'closed',
    operator: person(position),
    decision: kind === 'look' ? null : { id: newId(), number: kind === 'decided' ? 'D-14' : 'D-13' },
    host: 'jump.example',
    shell: 'bash',
    startedAt: began - position * hours(7),
    openedAt: began - position * hours(7),
    openedOffline: position === 3,
    closedAt: open ? null : began + minutes(20),
    durationMs: minutes(3 + position * 11),
    commandCount: open ? 0 : commands.length,
    changedWithoutDecision: position === 4,
    entry: open ? null : { id: newId(), number: `L-${30 - position}` },
  }
}
const recordings: readonly Recording[] = [0, 1, 2, 3, 4].map(recording)

const titles = [
  'Grew the data volumes of OpenSearch',
  'Looked at the node pressure of worker-7, which turned out to be a neighbour with a very long name and no limits',
  'Looked at certificates',
  'Restarted the API server',
  'Looked at the backup, and deleted a stuck job',
]
const entry = (position: number): Entry => {
  const from = pick(recordings, position)
  return {
    id: newId(),
    number: `L-${30 - position}`,
    environment: environmentRef(position),
    category: from.kind === 'look' ? 'look' : 'change',
    what: pick(titles, position),
    author: person(position),
    at: from.startedAt,
    recording:
      position % 7 === 6
        ? null
        : {
            id: from.id,
            kind: from.kind,
            durationMs: from.durationMs,
            commandCount: from.commandCount,
            changedWithoutDecision: from.changedWithoutDecision,
          },
    decision: from.decision,
    released: position === 0,
  }
}
const entries = titles.map((_, position) => entry(position))
const entriesFor = (kase: Case): readonly Entry[] =>
  kase === 'empty'
    ? []
    : kase === 'thousand'
      ? Array.from({ length: 1000 }, (_, n) => ({ ...entry(n), number: `L-${1000 - n}` }))
      : entries

export const operatorLogReplies: readonly Answer[] = [
  replyTo(operatorLogRoutes.listLogEntries)((kase, asked) => pageThrough(entriesFor(kase), asked)),
  replyTo(operatorLogRoutes.getLogEntry)((kase, asked) => ({
    ...entries[0]!,
    recording: asked.contact ? null : entries[0]!.recording,
    summary:
      kase === 'empty'
        ? ''
        : 'Patched the three claims to 200 GiB one after the other.\n\n- data-0 and data-1 grew at once\n- data-2 needed a restart of the pod, as feared',
    tooling: kase === 'empty' ? '' : 'kubectl 1.33.4, helm 3.19',
    links: kase === 'empty' ? [] : ['https://tickets.example/OPS-1207'],
    incidentId: null,
    releasedSummary:
      kase === 'empty' ? null : 'We doubled the storage of your log search. It was not interrupted.',
    attachments:
      kase === 'empty'
        ? []
        : [
            {
              id: newId(),
              fileName: 'df-before-and-after.txt',
              mediaType: 'text/plain',
              size: 3412,
              at: now - hours(1),
            },
          ],
    can: { attach: !asked.contact, release: !asked.contact },
  })),
  replyTo(operatorLogRoutes.listRecordings)((kase, asked) => ({
    ...pageThrough(kase === 'empty' ? [] : recordings, asked),
    shares: { total: 62, look: 42, decided: 17, breakGlass: 3, changesWithoutDecision: 1, undeclared: 2 },
  })),
  replyTo(operatorLogRoutes.getRecording)((kase) => ({
    ...recordings[0]!,
    next: 4,
    head: 'a'.repeat(64),
    cols: 100,
    rows: 26,
    alertId: null,
    incidentId: null,
    summary: null,
    commands: kase === 'empty' ? [] : commands,
    redactions: kase === 'empty' ? {} : { 'bearer-token': 2 },
    pauses: kase === 'empty' ? [] : [{ fromMs: 12_000, toMs: 42_000, why: 'looked up a password' }],
    cuts:
      kase === 'empty'
        ? []
        : [
            {
              fromMs: 50_000,
              toMs: 62_000,
              why: 'a token was shown',
              by: recordings[0]!.operator,
              at: began + minutes(2),
              done: true,
            },
          ],
    lostTailMs: 0,
    forgedMarks: 0,
    shellMarks: kase !== 'empty',
    authorities: [
      { kind: 'look', decisionId: null, fromCommand: 1, at: began },
      { kind: 'decided', decisionId: recordings[0]!.decision!.id, fromCommand: 4, at: began + minutes(1) },
    ],
    castUrl: `/api/recordings/${recordings[0]!.id}/cast`,
    can: { play: true },
  })),
  replyTo(operatorLogRoutes.playRecording)(() => cast),
]
