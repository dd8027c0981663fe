// Webhooks at a fixed rate from a process of its own, whether or not answers come in time: a storm does not wait. wrk cannot
// do that; it sends the next request when it has the answer to the last. Latency therefore counts from the instant at which
// a request was due, so that one which a slow answer held up is not forgotten.
import { fork, type ChildProcess } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { percentile } from '../figures.ts'

const ALERTS = 10
const BODIES = 100
const TICK_MS = 1
const CONNECTIONS = 64

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

/** One request at a time on a connection; the answer fits into a packet or two. */
type Line = { readonly socket: Socket; dueAt: number; heard: string }

const requestOf = ({ url, key }: Storm, body: string): Buffer => {
  const { host } = new URL(url)
  const head = [
    'POST /integrations/alertmanager HTTP/1.1',
    `host: ${host}`,
    `authorization: Bearer ${key}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ].join('\r\n')
  return Buffer.from(`${head}\r\n\r\n${body}`)
}

/** Whether a whole answer has been heard: RFC 9112, with the length that our server always says. */
const isWhole = (heard: string): boolean => {
  const end = heard.indexOf('\r\n\r\n')
  const length = /\r\ncontent-length: (\d+)/i.exec(heard.slice(0, Math.max(0, end)))?.[1]
  return end >= 0 && heard.length >= end + 4 + Number(length ?? 0)
}

/**
 * The child's side. By hand over sockets: with node:http this client took half a core at 2,000 requests/s, and its own
 * pauses stood in the figures as if they were the server's.
 */
const rage = (storm: Storm): void => {
  const { url, perSecond, fresh = false, severity = 'warning' } = storm
  const prepared = Array.from({ length: BODIES }, (_, number) => requestOf(storm, bodyOf(number, severity)))
  const nextRequest = (number: number): Buffer =>
    fresh ? requestOf(storm, bodyOf(number, severity)) : (prepared[number % BODIES] as Buffer)
  const figures = { sent: 0, answered: 0, refused: 0 }
  const latencies: number[] = []
  const free: Line[] = []
  /** Due instants of requests that found no free connection. */
  const waiting: number[] = []
  const startedAt = performance.now()
  const send = (line: Line, dueAt: number): void => {
    line.dueAt = dueAt
    line.heard = ''
    line.socket.write(nextRequest(figures.sent++))
  }
  const hear = (line: Line, part: string): void => {
    line.heard += part
    if (!isWhole(line.heard)) return
    if (line.heard.startsWith('HTTP/1.1 200')) figures.answered++
    else figures.refused++
    latencies.push(performance.now() - line.dueAt)
    const next = waiting.shift()
    if (next === undefined) free.push(line)
    else send(line, next)
  }
  const { hostname, port } = new URL(url)
  for (let number = 0; number < CONNECTIONS; number++) {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true }).setEncoding('latin1')
    const line: Line = { socket, dueAt: 0, heard: '' }
    socket.on('data', (part) => hear(line, String(part))).on('error', () => figures.refused++)
    free.push(line)
  }
  const seconds = (): number => (performance.now() - startedAt) / 1000
  let due = 0
  const timer = setInterval(() => {
    for (; due < Math.floor(seconds() * perSecond); due++) {
      const dueAt = startedAt + (due * 1000) / perSecond
      const line = free.pop()
      if (line) send(line, dueAt)
      else waiting.push(dueAt)
    }
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
