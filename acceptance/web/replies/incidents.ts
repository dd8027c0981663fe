/** An incident in its second round, and the ones around it. */
import {
  incidentRoutes,
  type IncidentDetailReply,
  type IncidentRowReply,
} from '../../../src/contract/operations/incidents.ts'
import { alerts } from './alerts.ts'
import { environmentRef, person } from './people.ts'
import { hours, minutes, newId, now, pageThrough, pick, replyTo, type Answer, type Case } from './reply.ts'

const row = (
  position: number,
  title: string,
  status: IncidentRowReply['status'],
  severity: number,
  age: number,
): IncidentRowReply => ({
  id: newId(),
  number: `I-${9 - position}`,
  environment: environmentRef(position),
  title,
  status,
  phase: pick(['orient', 'act', 'observe', 'decide'] as const, position),
  severity,
  loop: 2 - (position % 2),
  openedAt: now - minutes(age),
  openedBy: person(0),
  impactStartedAt: now - minutes(age + 4),
  impactEndedAt: status === 'open' ? null : now - minutes(age - 30),
  mitigatedAt: status === 'open' ? null : now - minutes(age - 35),
  resolvedAt: status === 'resolved' ? now - minutes(age - 60) : null,
})
const rows: readonly IncidentRowReply[] = [
  row(0, 'OpenSearch volume is filling up and log ingestion is about to stop', 'open', 2, 34),
  row(1, 'API server of workload-2 does not answer', 'mitigated', 1, 96),
  row(2, 'Backups of one namespace fail', 'open', 4, 700),
]
const rowsFor = (kase: Case): readonly IncidentRowReply[] =>
  kase === 'empty'
    ? []
    : kase === 'thousand'
      ? Array.from({ length: 1000 }, (_, n) => ({ ...pick(rows, n), id: newId(), number: `I-${1000 - n}` }))
      : rows

const pins = [
  {
    id: newId(),
    about: 'note' as const,
    text: 'Only data-2 is full; data-0 and data-1 are at 61 %',
    recordId: null,
    observedAt: now - minutes(28),
  },
  {
    id: newId(),
    about: 'output' as const,
    text: 'Index retention job last succeeded on Thursday',
    recordId: null,
    observedAt: now - minutes(25),
  },
  {
    id: newId(),
    about: 'link' as const,
    text: 'https://grafana.example/d/opensearch?from=now-6h',
    recordId: null,
    observedAt: now - minutes(21),
  },
]
const filled = {
  impact: 'Log search answers slowly; new logs will be lost when the volume is full.',
  outsideTicket: { text: 'OPS-1207', url: 'https://tickets.example/OPS-1207' },
  alerts: alerts.slice(0, 2).map(({ id, name, summary, priority, status, startsAt }) => ({
    id,
    name,
    summary,
    priority,
    status,
    startsAt,
  })),
  observe: {
    lastChanges: [
      { at: now - hours(30), what: 'D-12 Upgrade OpenSearch to 3.2', by: 'Bo Fiktivsson' },
      { at: now - hours(52), what: 'L-27 Rotated the ingress certificates', by: 'Elif Örnek' },
    ],
    awake: [{ ...person(2), seenAt: now - minutes(3) }],
  },
  pins,
  hypotheses: [
    {
      id: newId(),
      statement: 'The retention job stopped after the upgrade, so old indices were never deleted',
      status: 'supported' as const,
      proposedBy: person(0),
      for: [pins[1]!.id],
      against: [],
    },
    {
      id: newId(),
      statement: 'A tenant sends ten times the usual logs',
      status: 'refuted' as const,
      proposedBy: person(1),
      for: [],
      against: [pins[0]!.id],
    },
    {
      id: newId(),
      statement: 'Shards are placed unevenly',
      status: 'open' as const,
      proposedBy: person(0),
      for: [pins[0]!.id],
      against: [],
    },
  ],
  participants: [
    { ...person(0), joinedAt: now - minutes(33), leftAt: null },
    { ...person(1), joinedAt: now - minutes(20), leftAt: null },
  ],
  escalations: [
    {
      to: 'delivery-manager',
      reason: 'The customer should hear of it before nine',
      by: person(0),
      at: now - minutes(15),
    },
  ],
  decisions: [
    {
      id: newId(),
      number: 'D-14',
      what: 'Grow the data volumes of OpenSearch from 100 to 200 GiB',
      status: 'decided',
    },
  ],
  sessions: [
    {
      id: newId(),
      kind: 'look',
      operator: 'Astrid Nordkvist',
      state: 'closed',
      startedAt: now - minutes(30),
    },
    {
      id: newId(),
      kind: 'decided',
      operator: 'Astrid Nordkvist',
      state: 'open',
      startedAt: now - minutes(9),
    },
  ],
  timeline: [
    {
      at: now - minutes(34),
      by: person(0),
      loop: 1,
      phase: 'observe' as const,
      what: 'Opened from KubePersistentVolumeFillingUp',
      about: null,
    },
    {
      at: now - minutes(28),
      by: person(0),
      loop: 1,
      phase: 'observe' as const,
      what: 'Pinned a fact',
      about: pins[0]!.text,
    },
    {
      at: now - minutes(24),
      by: person(1),
      loop: 1,
      phase: 'orient' as const,
      what: 'Proposed a hypothesis',
      about: 'A tenant sends ten times the usual logs',
    },
    {
      at: now - minutes(12),
      by: person(0),
      loop: 1,
      phase: 'decide' as const,
      what: 'Decided D-14',
      about: null,
    },
    {
      at: now - minutes(9),
      by: person(0),
      loop: 2,
      phase: 'act' as const,
      what: 'Opened a recorded shell',
      about: 'under D-14',
    },
  ],
}
const bare = {
  impact: null,
  outsideTicket: null,
  alerts: [],
  observe: { lastChanges: [], awake: [] },
  pins: [],
  hypotheses: [],
  participants: [],
  escalations: [],
  decisions: [],
  sessions: [],
  timeline: filled.timeline.slice(0, 1),
}
const detail = (kase: Case): IncidentDetailReply => ({
  ...rows[0]!,
  ...(kase === 'empty' ? bare : filled),
  loops: [{ startedAt: now - minutes(34), firstActAt: now - minutes(9), endedAt: null, helped: null }],
  timings: {
    detectedMs: minutes(1),
    pagedMs: minutes(2),
    acknowledgedMs: minutes(4),
    firstDecisionMs: kase === 'empty' ? null : minutes(22),
    firstActMs: kase === 'empty' ? null : minutes(25),
    mitigatedMs: null,
    resolvedMs: null,
  },
  can: { change: true, mitigate: true, resolve: true, reopen: false, judgeAct: kase !== 'empty' },
})

export const incidentReplies: readonly Answer[] = [
  replyTo(incidentRoutes.listIncidents)((kase, asked) => pageThrough(rowsFor(kase), asked)),
  replyTo(incidentRoutes.getIncident)(detail),
]
