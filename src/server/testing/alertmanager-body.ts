/** Webhook bodies as Alertmanager writes them (version 4), made for tests. */

type Given = {
  readonly name?: string
  readonly severity?: string
  readonly status?: 'firing' | 'resolved'
  readonly labels?: Record<string, string>
  readonly fingerprint?: string
  readonly startsAt?: string
}

const fnv = (text: string): string => {
  let sum = 0xcbf29ce484222325n
  for (const byte of Buffer.from(text)) sum = ((sum ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn
  return sum.toString(16).padStart(16, '0')
}

export const alertBody = (given: Given = {}) => {
  const labels = {
    alertname: given.name ?? 'KubeNodeNotReady',
    severity: given.severity ?? 'critical',
    cluster: 'workload-1',
    ...given.labels,
  }
  const status = given.status ?? 'firing'
  return {
    status,
    labels,
    annotations: {
      summary: `${labels.alertname} in ${labels.cluster}`,
      runbook_url: 'https://runbooks.example/node',
    },
    startsAt: given.startsAt ?? '2026-11-10T07:59:30.123456789Z',
    endsAt: status === 'firing' ? '0001-01-01T00:00:00Z' : '2026-11-10T08:05:00Z',
    generatorURL: 'http://prometheus.example/graph?g0.expr=up',
    fingerprint: given.fingerprint ?? fnv(JSON.stringify(labels)),
  }
}

export const webhookBody = (...alerts: Given[]) => {
  const bodies = alerts.map(alertBody)
  return {
    receiver: 'fortnight',
    status: bodies.some((alert) => alert.status === 'firing') ? 'firing' : 'resolved',
    alerts: bodies,
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example',
    version: '4',
    groupKey: '{}:{}',
    truncatedAlerts: 0,
  }
}
