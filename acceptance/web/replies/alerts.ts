/** Alerts of a fictional night, as a list, in groups, and one of them whole. */
import { alertRoutes, type AlertReply } from '../../../src/contract/operations/alerts.ts'
import type { ReplyOf } from '../../../src/contract/route.ts'
import { environmentRef, person } from './people.ts'
import { minutes, newId, now, pageThrough, pick, replyTo, type Answer, type Case } from './reply.ts'

type Told = readonly [AlertReply['priority'], AlertReply['status'], string, string, number, number]
const told: readonly Told[] = [
  [
    'P1',
    'open',
    'KubePersistentVolumeFillingUp',
    'Volume data-opensearch-data-2 is 97 % full and will be full in 40 minutes',
    0,
    4,
  ],
  ['P1', 'acknowledged', 'KubeAPIDown', 'The API server of workload-2 does not answer', 2, 21],
  ['P2', 'open', 'NodeNotReady', 'Node worker-7 has been unready for 15 minutes', 0, 26],
  ['P2', 'acknowledged', 'PrometheusRuleFailures', 'Prometheus failed to evaluate 12 rules', 1, 55],
  ['P3', 'open', 'CertificateExpiresSoon', 'Certificate harbor-tls expires in 6 days', 3, 190],
  [
    'P3',
    'open',
    'VeleroBackupPartiallyFailed',
    'Last backup of namespace tenant-a-with-a-rather-long-name-of-its-own finished with 3 errors',
    3,
    320,
  ],
  ['P4', 'open', 'HighRequestLatency', 'p99 of ingress is 1.4 s', 2, 900],
  ['P5', 'open', 'Watchdog', '', 1, 4000],
]
const alertOf = (position: number): AlertReply => {
  const [priority, status, name, summary, environment, age] = pick(told, position)
  const at = now - minutes(age + Math.floor(position / told.length) * 37)
  return {
    id: newId(),
    environment: environmentRef(environment),
    status,
    priority,
    severity: priority === 'P1' ? 'critical' : 'warning',
    name: position < told.length ? name : `${name}${position}`,
    summary,
    groupKey: `{}:{alertname="${name}"}`,
    startsAt: at - minutes(1),
    openedAt: at,
    lastSeenAt: now - minutes(1),
    count: 1 + (position % 9),
    acknowledgedAt: status === 'acknowledged' ? at + minutes(2) : null,
    acknowledgedBy: status === 'acknowledged' ? person(position % 3) : null,
    closedAt: null,
    owner: position % 3 === 1 ? person(1) : null,
    snoozedUntil: position === 3 ? now + minutes(95) : null,
    tags: position % 4 === 0 ? ['storage', 'customer-visible'] : [],
    group: position % 3 === 0 ? 'Storage' : null,
    cluster: 'acme-prod-workload-1',
  }
}

export const alerts: readonly AlertReply[] = told.map((_, position) => alertOf(position))
const alertsFor = (kase: Case): readonly AlertReply[] =>
  kase === 'empty' ? [] : kase === 'thousand' ? Array.from({ length: 1000 }, (_, n) => alertOf(n)) : alerts

/** What two policies made of an alert. */
const treated: Pick<ReplyOf<typeof alertRoutes.getAlert>, 'policies' | 'sent'> = {
  policies: [
    { id: 'night-words', name: 'Words for the night', did: 'rewrite' },
    { id: 'short', name: 'What is short', did: 'delay' },
  ],
  sent: { message: 'PersistentVolumeClaim data-opensearch-data-2 filling up', priority: 'P2' },
}

const rule: ReplyOf<typeof alertRoutes.getAlert>['rule'] = {
  file: 'rules/storage.yaml',
  line: 12,
  name: 'KubePersistentVolumeFillingUp',
  group: 'Storage',
  severity: 'critical',
  expression:
    'kubelet_volume_stats_available_bytes{job="kubelet"}\n  / kubelet_volume_stats_capacity_bytes < 0.03\nand predict_linear(kubelet_volume_stats_available_bytes[6h], 4 * 3600) < 0',
  holdsFor: '5m',
  runbook: { kind: 'link', text: 'https://runbooks.example/volume-filling-up' },
  findings: [],
}

const activity: ReplyOf<typeof alertRoutes.getAlert>['activity'] = [
  ...(
    [
      [4, 'opened', null, null],
      [3, 'paged', null, null],
      [2, 'tagged', person(1), '+ storage\n+ customer-visible'],
      [1, 'noted', person(1), 'Asked the tenant whether the old indices may go.'],
    ] as const
  ).map(([ago, kind, by, detail]) => ({
    at: now - minutes(ago),
    kind,
    by,
    whom: null,
    until: null,
    detail,
  })),
  {
    at: now - minutes(1),
    kind: 'assigned',
    by: person(1),
    whom: person(2),
    until: null,
    detail: null,
  },
]

export const alertReplies: readonly Answer[] = [
  replyTo(alertRoutes.listAlerts)((kase, asked) => ({
    ...pageThrough(alertsFor(kase), asked),
    counts: { open: kase === 'empty' ? 0 : 6, acknowledged: kase === 'empty' ? 0 : 2, most: 10_000 },
    lookedTo: null,
  })),
  replyTo(alertRoutes.groupAlerts)((kase) => ({
    by: ['group', 'severity', 'cluster'],
    rows:
      kase === 'empty'
        ? []
        : (
            [
              ['Storage', 'critical', 'acme-prod-workload-1', 'label.group:Storage', 341, 12, 'P1'],
              [
                null,
                'critical',
                'a-cluster-with-a-rather-long-name-of-its-own',
                'NOT label.group:*',
                3,
                3,
                'P1',
              ],
              ['Capacity', 'warning', 'globex-prod-workload-2', 'label.group:Capacity', 12_040, 0, 'P2'],
              ['Certificates', null, null, null, 1, 0, 'P5'],
            ] as const
          ).map(([group, severity, cluster, query, count, acknowledged, urgent]) => ({
            values: [group, severity, cluster],
            query,
            count,
            acknowledged,
            priority: urgent,
            newestAt: now - minutes(count % 50),
          })),
    looked: kase === 'empty' ? 0 : 20_000,
    left: kase === 'empty' ? 0 : 3,
    lookedTo: null,
    next: null,
  })),
  replyTo(alertRoutes.listAlertViews)((kase, { may }) => ({
    rows:
      kase === 'empty'
        ? []
        : (
            [
              ['storage', 'Storage of all customers, whoever keeps it', 'label.group:Storage'],
              [null, 'Night', 'priority <= P2'],
            ] as const
          ).map(([slug, name, query]) => ({
            id: newId(),
            slug,
            name,
            query,
            status: 'not-closed' as const,
            environment: null,
            priority: null,
            groupBy: slug ? 'usual' : null,
            can: { change: true },
          })),
    can: { share: may('alerts.change') },
  })),
  replyTo(alertRoutes.countAlerts)((kase) => ({ count: alertsFor(kase).length, isAll: true })),
  replyTo(alertRoutes.getAlert)((kase) => ({
    ...alerts[0]!,
    fingerprint: '9b1f6c3d2a7e4f80',
    labels: {
      alertname: 'KubePersistentVolumeFillingUp',
      namespace: 'opensearch-system',
      persistentvolumeclaim: 'data-opensearch-data-2',
      cluster: 'acme-prod-workload-1',
      severity: 'critical',
      instance: '198.51.100.14:9100',
    },
    annotations: {
      description:
        'Based on recent sampling, the volume is expected to fill up within four hours. Currently 3 % is available.',
      runbook_url: 'https://runbooks.example/volume-filling-up',
    },
    generatorUrl: 'https://prometheus.example/graph?g0.expr=kubelet_volume_stats_available_bytes',
    runbookUrl: 'https://runbooks.example/volume-filling-up',
    rule,
    leniencies: ['The summary was longer than 1,000 characters and was cut.'],
    closedBy: null,
    ...treated,
    pages: [{ id: newId(), status: 'open', requestedAt: now - minutes(4) }],
    suppression:
      kase === 'empty'
        ? null
        : { windowId: newId(), decision: { id: newId(), number: 'D-12' }, until: now + minutes(75) },
    attachments: [
      {
        id: newId(),
        fileName: 'node-exporter-before-the-restart-of-the-storage-layer.txt',
        mediaType: 'text/plain',
        size: 48_213,
        at: now - minutes(2),
        by: person(1),
      },
    ],
    incidents: [{ id: newId(), number: 'acme-prod/I-3', title: 'OpenSearch volume is filling up' }],
    activity: [...activity],
    can: {
      acknowledge: true,
      unacknowledge: false,
      snooze: true,
      escalate: true,
      change: true,
      note: true,
      close: true,
      openIncident: true,
      readAttachments: true,
    },
  })),
  replyTo(alertRoutes.acknowledgeAlert)(() => ({}) as never),
  replyTo(alertRoutes.actOnAlerts)((_, { body }) => {
    const { which } = body as { which: { ids?: readonly string[] } }
    const matched = which.ids?.length ?? 8
    return { id: newId(), matched, changed: matched, passedOver: 0, finished: true }
  }),
]
