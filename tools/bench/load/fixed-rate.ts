// Webhooks at a fixed rate from a process of its own, whether or not answers come in time: a storm does not wait. wrk cannot
// do that; it sends the next request when it has the answer to the last. Latency therefore counts from the instant at which
// a request was due, so that one which a slow answer held up is not forgotten.
import { fork, type ChildProcess } from 'node:child_process'
import { Agent, request } from 'node:http'
import { percentile } from '../figures.ts'

const ALERTS = 10
const BODIES = 100
const TICK_MS = 1

type Storm = {
  readonly url: string
  readonly key: string
  /** requests of ten alerts each */
  readonly perSecond: number
  /** the same thousand alerts again and again (default), or each alert new */
  readonly fresh?: boolean
  readonly severity?: string
}
export type StormFigures = {
  readonly sent: number
  readonly answered: number
  readonly refused: number
  readonly seconds: number
  /** from the instant a request was due to its whole answer */
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

/** So that two storms on one server share no alert. */
const run = (Date.now() % 0xffffff).toString(16).padStart(6, '0')

const bodyOf = (number: number, severity: string): string => {
  const startsAt = new Date(Date.now() - 60_000).toISOString()
  const alerts = Array.from({ length: ALERTS }, (_, index) => {
    const pod = `orders-${run}-${(number * ALERTS + index).toString(16)}`
    const labels = { alertname: 'PodNotReady', severity, cluster: 'workload-1', namespace: 'shop' }
    return {
      status: 'firing',
      labels: { ...labels, pod },
      annotations: {
        summary: 'Pod is not ready.',
        description: `Pod shop/${pod} has not been ready for 15 minutes.`,
      },
      startsAt,
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'http://prometheus.example/graph',
      fingerprint: `${run}${(number * ALERTS + index).toString(16).padStart(10, '0')}`,
    }
  })
  const envelope = { receiver: 'fortnight', status: 'firing', version: '4', groupKey: '{}' }
  return JSON.stringify({ ...envelope, alerts, truncatedAlerts: 0 })
}

/** The child's side. */
const rage = ({ url, key, perSecond, fresh = false, severity = 'warning' }: Storm): void => {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 })
  const bodies = Array.from({ length: BODIES }, (_, number) => Buffer.from(bodyOf(number, severity)))
  const nextBody = (number: number): Buffer =>
    fresh ? Buffer.from(bodyOf(number, severity)) : (bodies[number % BODIES] as Buffer)
  const figures = { sent: 0, answered: 0, refused: 0 }
  const latencies: number[] = []
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
  const startedAt = performance.now()
  const send = (): void => {
    const dueAt = startedAt + (figures.sent * 1000) / perSecond
    const body = nextBody(figures.sent++)
    const sent = request(
      `${url}/integrations/alertmanager`,
      { method: 'POST', agent, headers: { ...headers, 'content-length': body.length } },
      (reply) => {
        if (reply.statusCode === 200) figures.answered++
        else figures.refused++
        reply.once('end', () => latencies.push(performance.now() - dueAt)).resume()
      },
    )
    sent.on('error', () => figures.refused++)
    sent.end(body)
  }
  const seconds = (): number => (performance.now() - startedAt) / 1000
  const timer = setInterval(() => {
    const due = Math.floor(seconds() * perSecond)
    while (figures.sent < due) send()
  }, TICK_MS)
  process.once('message', () => {
    clearInterval(timer)
    const share = (part: number): number => percentile(latencies, part)
    const of = { p50Ms: share(0.5), p99Ms: share(0.99), maxMs: share(1) }
    process.send?.({ ...figures, seconds: seconds(), ...of }, () => process.exit(0))
  })
}

export const startStorm = (storm: Storm): { readonly stop: () => Promise<StormFigures> } => {
  const child: ChildProcess = fork(import.meta.filename, {
    env: { ...process.env, STORM: JSON.stringify(storm) },
  })
  return {
    stop: () =>
      new Promise((resolve, reject) => {
        child.once('message', (figures) => resolve(figures as StormFigures)).once('error', reject)
        child.send('stop')
      }),
  }
}

const given = process.env['STORM']
if (given && process.send) rage(JSON.parse(given) as Storm)
