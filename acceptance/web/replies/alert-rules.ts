/** Alerting rules of a fictional platform, with what is wrong with some of them. */
import {
  alertRuleRoutes,
  type AlertRuleReply,
  type RuleSetReply,
} from '../../../src/contract/operations/alert-rules.ts'
import { environmentRef, person } from './people.ts'
import { days, hours, now, pageThrough, pick, replyTo, type Answer, type Asked, type Case } from './reply.ts'

const sets: readonly RuleSetReply[] = [
  {
    name: 'platform',
    environments: null,
    files: 38,
    rules: 311,
    red: 4,
    amber: 131,
    withoutRunbook: 55,
    importedAt: now - days(12),
    importedBy: person(1),
  },
  {
    name: 'globex-add-ons',
    environments: [environmentRef(2), environmentRef(0)],
    files: 1,
    rules: 9,
    red: 0,
    amber: 0,
    withoutRunbook: 0,
    importedAt: now - hours(3),
    importedBy: person(0),
  },
]

const noGroup = {
  code: 'no-group' as const,
  severity: 'red' as const,
  detail: 'The group stands among the annotations: only as a label it can group.',
}
const noRunbook = {
  code: 'runbook-missing' as const,
  severity: 'amber' as const,
  detail: 'There is no annotation runbook_url: whoever is paged has nothing to read.',
}
const rules: readonly AlertRuleReply[] = [
  [
    'MetricsFromWorkloadClusterAreMissing',
    '',
    'critical',
    'absent(up{cluster="workload-1"})',
    [noGroup, noRunbook],
  ],
  [
    'KubePersistentVolumeFillingUp',
    'Storage',
    'critical',
    'kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes < 0.03',
    [],
  ],
  [
    'NodeGroupCPU{{ .Values.capacity.limit }}PercentOver1h',
    'Capacity',
    '{{ .Values.severity }}',
    'avg by (node_group) (rate(node_cpu_seconds_total[1h])) > {{ .Values.capacity.limit }}',
    [noRunbook],
  ],
  [
    'CertificateExpiresSoon',
    'Certificates',
    'warning',
    'certmanager_certificate_expiration_timestamp_seconds - time() < 604800',
    [],
  ],
].map(([name, group, severity, expression, findings], position) => ({
  file: 'rules/platform.yaml',
  line: 4 + position * 12,
  name: name as string,
  group: group as string,
  severity: severity as string,
  expression: expression as string,
  holdsFor: position === 0 ? null : '5m',
  runbook:
    position === 0
      ? { kind: 'none' as const, text: null }
      : position === 2
        ? { kind: 'templated' as const, text: '{{ .Values.runbooks.capacity }}' }
        : { kind: 'link' as const, text: 'https://runbooks.example/storage' },
  findings: findings as AlertRuleReply['findings'],
}))

const rulesFor = (kase: Case): readonly AlertRuleReply[] =>
  kase === 'empty'
    ? []
    : kase === 'thousand'
      ? Array.from({ length: 1000 }, (_, n) => ({ ...pick(rules, n), line: n + 1 }))
      : rules

const counts = (all: number, withRunbook: number, filledIn = 0) => ({
  rules: all,
  withRunbook,
  filledIn,
  without: all - withRunbook - filledIn,
})

export const alertRuleReplies: readonly Answer[] = [
  replyTo(alertRuleRoutes.listRuleSets)((kase: Case, asked: Asked) => ({
    rows: kase === 'empty' ? [] : [...sets],
    can: { change: asked.may('alert-rules.change') },
  })),
  replyTo(alertRuleRoutes.listRules)((kase, asked) => pageThrough(rulesFor(kase), asked)),
  replyTo(alertRuleRoutes.putRuleSet)((_, { body }) => ({
    stored: (body as { dryRun?: boolean }).dryRun !== true,
    rules: 4,
    red: 1,
    amber: 2,
    recording: 0,
    unread: [],
    findings: [{ ...noGroup, file: 'rules/platform.yaml', line: 4, name: rules[0]!.name }],
    findingsTotal: 3,
  })),
  replyTo(alertRuleRoutes.showRunbookCoverage)(() => ({
    from: now - days(90),
    to: now,
    environments: [
      { environment: environmentRef(0), ...counts(320, 210, 99), unknown: 3, silent: 180 },
      { environment: environmentRef(1), ...counts(311, 201, 99), unknown: 0, silent: 240 },
    ],
    groups: [
      { group: '', ...counts(4, 0) },
      { group: 'A group with a rather long name of its own, as somebody wrote it', ...counts(12, 3, 9) },
      { group: 'Storage', ...counts(53, 12) },
      { group: 'Thanos', ...counts(42, 42) },
    ],
    unknown: [
      {
        environment: environmentRef(0),
        name: 'BackupOfTheTenantDatabaseIsOlderThanItShouldBe',
        count: 41,
        lastAt: now - hours(5),
      },
      {
        environment: environmentRef(0),
        name: 'Heartbeat alertmanager-workload-1',
        count: 2,
        lastAt: now - days(3),
      },
    ],
    silent: [
      { set: 'platform', group: 'Storage', name: 'CephMonDownQuorumAtRisk' },
      { set: 'platform', group: '', name: 'MetricsFromWorkloadClusterAreMissing' },
    ],
    totals: { unknown: 2, silent: 420, listed: 300 },
  })),
]
