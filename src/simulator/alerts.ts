/** Alerts as a platform's rules fire them, with the labels that such rules carry. */
import type { Random } from './random.ts'

export type AlertKind = {
  readonly name: string
  readonly severity: string
  readonly group: string
  readonly summary: string
  readonly cause: string
  readonly change: string
  readonly commands: readonly (readonly [command: string, output: string])[]
}

export const ALERT_KINDS: readonly AlertKind[] = [
  {
    name: 'KubeNodeNotReady',
    severity: 'critical',
    group: 'kubernetes-system',
    summary: 'Node worker-3 has not been ready for 15 minutes',
    cause: 'the kubelet lost its disk',
    change: 'Replace node worker-3',
    commands: [
      [
        'kubectl get nodes',
        'NAME       STATUS     ROLES    AGE   VERSION\r\nworker-1   Ready      <none>   90d   v1.36.2\r\nworker-2   Ready      <none>   90d   v1.36.2\r\nworker-3   NotReady   <none>   90d   v1.36.2\r\n',
      ],
      [
        'kubectl drain worker-3 --ignore-daemonsets --delete-emptydir-data',
        'node/worker-3 cordoned\r\nevicting pod default/web-6c8d9\r\nnode/worker-3 drained\r\n',
      ],
      ['kubectl delete node worker-3', 'node "worker-3" deleted\r\n'],
    ],
  },
  {
    name: 'PersistentVolumeFillingUp',
    severity: 'critical',
    group: 'capacity',
    summary: 'Volume data-opensearch-0 will be full in four hours',
    cause: 'index retention was not applied after the upgrade',
    change: 'Apply the index retention policy again',
    commands: [
      [
        'kubectl -n opensearch exec opensearch-0 -- df -h /data',
        'Filesystem  Size  Used Avail Use% Mounted on\r\n/dev/sdb    100G   93G  7.0G  93% /data\r\n',
      ],
      [
        'kubectl -n opensearch create job retention --from=cronjob/retention',
        'job.batch/retention created\r\n',
      ],
    ],
  },
  {
    name: 'CertificateExpiringSoon',
    severity: 'warning',
    group: 'cert-manager',
    summary: 'Certificate ingress-tls expires in six days',
    cause: 'the DNS challenge was refused',
    change: 'Renew the DNS credentials of cert-manager',
    commands: [
      [
        'kubectl -n ingress-nginx get certificate',
        'NAME          READY   SECRET        AGE\r\ningress-tls   False   ingress-tls   84d\r\n',
      ],
    ],
  },
  {
    name: 'EndpointDown',
    severity: 'critical',
    group: 'blackbox',
    summary: 'https://harbor answers 502 from outside',
    cause: 'the database pod of Harbor was evicted',
    change: 'Raise the memory limit of the Harbor database',
    commands: [
      [
        'kubectl -n harbor get pods',
        'NAME                  READY   STATUS    RESTARTS   AGE\r\nharbor-core-7d9f      1/1     Running   0          4d\r\nharbor-database-0     0/1     Evicted   0          2h\r\n',
      ],
    ],
  },
  {
    name: 'NodeGroupCPU75PercentOver24h',
    severity: 'medium',
    group: 'capacity',
    summary: 'Node group workers has averaged 78 % CPU for a day',
    cause: 'a batch job was added by the customer',
    change: 'Add a node to the group workers',
    commands: [
      [
        'kubectl top nodes',
        'NAME       CPU(cores)   CPU%\r\nworker-1   3120m        78%\r\nworker-2   3200m        80%\r\n',
      ],
    ],
  },
  {
    name: 'VeleroBackupMissing48h',
    severity: 'warning',
    group: 'backup-status',
    summary: 'No successful backup for 48 hours',
    cause: 'the object store refused the credentials',
    change: 'Rotate the object store credentials',
    commands: [
      ['velero backup get', 'NAME        STATUS            ERRORS\r\ndaily-1109  PartiallyFailed   3\r\n'],
    ],
  },
  {
    name: 'KubePodCrashLooping',
    severity: 'low',
    group: 'kubernetes-apps',
    summary: 'Pod report-builder restarts every few minutes',
    cause: 'a customer release',
    change: '',
    commands: [],
  },
]

const fingerprintOf = (text: string): string => {
  let high = 0x811c9dc5
  let low = 0x01000193
  for (const char of text) {
    high = Math.imul(high ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0
    low = Math.imul(low ^ high, 0x85ebca6b) >>> 0
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0')
}

export type FiredAlert = {
  readonly kind: AlertKind
  readonly cluster: string
  readonly fingerprint: string
  readonly startsAt: number
}

export const fire = (random: Random, kind: AlertKind, at: number): FiredAlert => {
  const cluster = random.pick(['management', 'workload-1'])
  return {
    kind,
    cluster,
    fingerprint: fingerprintOf(`${kind.name}${cluster}${random.next()}`),
    startsAt: at - random.between(20, 300) * 1000,
  }
}

export const webhook = (alert: FiredAlert, status: 'firing' | 'resolved', at: number) => ({
  version: '4',
  receiver: 'fortnight',
  status,
  groupKey: `{}:{alertname="${alert.kind.name}"}`,
  externalURL: 'http://alertmanager.example',
  truncatedAlerts: 0,
  groupLabels: {},
  commonLabels: {},
  commonAnnotations: {},
  alerts: [
    {
      status,
      labels: {
        alertname: alert.kind.name,
        severity: alert.kind.severity,
        group: alert.kind.group,
        cluster: alert.cluster,
      },
      annotations: {
        summary: alert.kind.summary,
        description: `${alert.kind.summary}. Look at the run book first.`,
        runbook_url: `https://runbooks.example/${alert.kind.name}`,
      },
      startsAt: new Date(alert.startsAt).toISOString(),
      endsAt: status === 'firing' ? '0001-01-01T00:00:00Z' : new Date(at).toISOString(),
      generatorURL: 'http://prometheus.example/graph',
      fingerprint: alert.fingerprint,
    },
  ],
})
