// Webhooks at a fixed rate from a process of its own, whether or not answers come in time: a storm does not wait. wrk cannot
// do that; it sends the next request when it has the answer to the last.
import { fork, type ChildProcess } from 'node:child_process'
import { Agent, request } from 'node:http'

const ALERTS = 10
const BODIES = 100
const TICK_MS = 5

type Storm = { readonly url: string; readonly key: string; readonly perSecond: number }
export type StormFigures = {
  readonly sent: number
  readonly answered: number
  readonly refused: number
  readonly seconds: number
}

const bodyOf = (number: number): string => {
  const startsAt = new Date(Date.now() - 60_000).toISOString()
  const alerts = Array.from({ length: ALERTS }, (_, index) => {
    const pod = `orders-${(number * ALERTS + index).toString(16)}`
    const labels = { alertname: 'PodNotReady', severity: 'warning', cluster: 'workload-1', namespace: 'shop' }
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
      fingerprint: (number * ALERTS + index).toString(16).padStart(16, 'f'),
    }
  })
  const envelope = { receiver: 'fortnight', status: 'firing', version: '4', groupKey: '{}' }
  return JSON.stringify({ ...envelope, alerts, truncatedAlerts: 0 })
}

/** The child's side. A hundred different bodies; a thousand alerts that stay open. */
const rage = ({ url, key, perSecond }: Storm): void => {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 })
  const bodies = Array.from({ length: BODIES }, (_, number) => Buffer.from(bodyOf(number)))
  const figures = { sent: 0, answered: 0, refused: 0 }
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
  const send = (): void => {
    const body = bodies[figures.sent++ % BODIES] as Buffer
    const sent = request(
      `${url}/integrations/alertmanager`,
      { method: 'POST', agent, headers: { ...headers, 'content-length': body.length } },
      (reply) => {
        if (reply.statusCode === 200) figures.answered++
        else figures.refused++
        reply.resume()
      },
    )
    sent.on('error', () => figures.refused++)
    sent.end(body)
  }
  const startedAt = performance.now()
  const seconds = (): number => (performance.now() - startedAt) / 1000
  const timer = setInterval(() => {
    const due = Math.floor(seconds() * perSecond)
    while (figures.sent < due) send()
  }, TICK_MS)
  process.once('message', () => {
    clearInterval(timer)
    process.send?.({ ...figures, seconds: seconds() }, () => process.exit(0))
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
