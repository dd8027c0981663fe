/** Debian's Alertmanager, sending to us as a customer's would. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './running-server.ts'

export type Alertmanager = {
  /** As Prometheus posts; `endsAt` in the past resolves it. */
  readonly post: (
    labels: Record<string, string>,
    annotations: Record<string, string>,
    endsAt?: Date,
  ) => Promise<void>
  /** Other routes under the first one, as a list in YAML's flow style; what fires goes on firing. */
  readonly reroute: (routes: string) => Promise<void>
  readonly stop: () => Promise<void>
}

const program = process.env['FORTNIGHT_ALERTMANAGER'] ?? 'prometheus-alertmanager'

const webhook = (url: string, key: string): string => `
    webhook_configs:
      - url: ${url}/integrations/alertmanager
        send_resolved: true
        http_config:
          authorization: { credentials: ${key} }
`

const configuration = (receiver: string, routes: string): string => `
route:
  receiver: fortnight
  group_by: [alertname, cluster]
  group_wait: 0s
  group_interval: 1s
  repeat_interval: 1h
  routes: ${routes}
receivers:
  - name: fortnight${receiver}
`

const untilReady = async (url: string): Promise<void> => {
  const deadline = Date.now() + 30_000
  for (;;) {
    const ready = await fetch(`${url}/-/ready`)
      .then((reply) => reply.ok)
      .catch(() => false)
    if (ready) return
    if (Date.now() > deadline) throw new Error('Alertmanager was not ready in 30 s')
    await new Promise((next) => setTimeout(next, 50))
  }
}

export const startAlertmanager = (server: string, key: string): Promise<Alertmanager> =>
  startAlertmanagerWith(webhook(server, key))

/** @param receiver what stands in the receiver, in YAML, beginning with a line break */
export const startAlertmanagerWith = async (receiver: string, routes = '[]'): Promise<Alertmanager> => {
  const folder = mkdtempSync(join(tmpdir(), 'fortnight-alertmanager-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const write = (wanted: string): void =>
    writeFileSync(join(folder, 'alertmanager.yml'), configuration(receiver, wanted))
  write(routes)
  const child = spawn(
    program,
    [
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--storage.path=${folder}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    { stdio: 'ignore' },
  )
  await untilReady(url)
  return {
    post: async (labels, annotations, endsAt) => {
      const alert = {
        labels,
        annotations,
        generatorURL: 'http://prometheus.example/graph',
        ...(endsAt ? { endsAt: endsAt.toISOString() } : {}),
      }
      const reply = await fetch(`${url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([alert]),
      })
      if (!reply.ok) throw new Error(`Alertmanager answered ${reply.status}`)
    },
    reroute: async (wanted) => {
      write(wanted)
      const reply = await fetch(`${url}/-/reload`, { method: 'POST' })
      if (!reply.ok) throw new Error(`Alertmanager answered ${reply.status} to a reload`)
    },
    stop: async () => {
      const ended = new Promise<void>((done) => child.once('exit', () => done()))
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
