// One run of the load client. wrk, because it is another process in C: at 3,000 requests a second it takes a tenth of a
// core, where a client in Node takes as much as the server and on two cores mostly measures itself.
import { spawn } from 'node:child_process'
import { join } from 'node:path'

export type Load = {
  readonly url: string
  readonly path: string
  readonly key?: string
  /** the same thousand alerts again and again, or each alert new */
  readonly seen: boolean
  /** a webhook, or the bare list that Alertmanager itself takes */
  readonly envelope: 'webhook' | 'list'
  readonly severity?: string
  readonly connections: number
  readonly seconds: number
}

export type LoadFigures = {
  readonly requestsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  readonly requests: number
}

export const ALERTS_A_REQUEST = 10
let runs = 0

/** Throws when anything but a 2xx came back: such a run measured something else. */
export const sendAlerts = async (load: Load): Promise<LoadFigures> => {
  runs += 1
  const run = load.seen ? 'feed0000' : (Date.now() + runs).toString(16).slice(-8)
  const argv = ['-t1', `-c${load.connections}`, `-d${load.seconds}s`, '--timeout', '10s', '-s']
  const child = spawn('wrk', [...argv, join(import.meta.dirname, 'alerts.lua'), load.url], {
    env: {
      ...process.env,
      REQUEST_PATH: load.path,
      RUN: run,
      SEEN: load.seen ? '1' : '0',
      ENVELOPE: load.envelope,
      SEVERITY: load.severity ?? 'warning',
      ...(load.key ? { KEY: load.key } : {}),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout.on('data', (chunk) => (said += String(chunk)))
  child.stderr.on('data', (chunk) => (said += String(chunk)))
  await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject))
  const found = /^FIGURES (.*)$/m.exec(said)
  if (!found) throw new Error(`wrk said no figures:\n${said}`)
  const figures = JSON.parse(found[1] as string) as Record<
    'requests' | 'durationUs' | 'p50Us' | 'p99Us' | 'maxUs' | 'refused' | 'broken',
    number
  >
  if (figures.refused + figures.broken > 0)
    throw new Error(
      `of ${figures.requests} requests ${figures.refused} were refused and ${figures.broken} broke`,
    )
  return {
    requestsPerSecond: figures.requests / (figures.durationUs / 1e6),
    p50Ms: figures.p50Us / 1000,
    p99Ms: figures.p99Us / 1000,
    maxMs: figures.maxUs / 1000,
    requests: figures.requests,
  }
}
