/** Debian's Prometheus posting to us as to an Alertmanager: it fires, is paged, is over, and says nothing while we are dead. */
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { eventually } from '../chain/eventually.ts'
import { freePort } from '../chain/running-server.ts'
import { openCompatInstallation, type CompatInstallation } from './compat-installation.ts'

const program = process.env['FORTNIGHT_PROMETHEUS'] ?? 'prometheus'

let at: CompatInstallation
let child: ChildProcess | undefined
let folder: string
let prometheusUrl: string

const configuration = (host: string, key: string): string => `
global: { evaluation_interval: 1s, external_labels: { cluster: workload-1 } }
rule_files: [rules.yml]
alerting:
  alertmanagers:
    - static_configs: [{ targets: ['${host}'] }]
      authorization: { type: GenieKey, credentials: ${key} }
`

/** `vector(1)` under a condition on the clock: it fires until that second and is over then. */
const rules = (...alerts: { name: string; until?: number }[]): string => `
groups:
  - name: acceptance
    rules:${alerts
      .map(
        ({ name, until }) => `
      - alert: ${name}
        expr: vector(1) and on() vector(time()) < ${until ?? 4_000_000_000}
        labels: { severity: critical }
        annotations: { summary: '${name} of the acceptance test' }`,
      )
      .join('')}
`
const write = (text: string): void => writeFileSync(join(folder, 'rules.yml'), text)
const reload = async (text: string): Promise<void> => {
  write(text)
  assert.equal((await fetch(`${prometheusUrl}/-/reload`, { method: 'POST' })).status, 200)
}
const inSeconds = (seconds: number): number => Math.ceil(Date.now() / 1_000) + seconds

before(async () => {
  at = await openCompatInstallation()
  folder = mkdtempSync(join(tmpdir(), 'fortnight-prometheus-'))
  const host = new URL(at.installation.url).host
  writeFileSync(join(folder, 'prometheus.yml'), configuration(host, await at.newKey('prometheus')))
  write(rules())
  const port = await freePort()
  prometheusUrl = `http://127.0.0.1:${port}`
  child = spawn(
    program,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'tsdb')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-lifecycle',
      // What fires before Prometheus has found its targets is otherwise said again after a minute only.
      '--rules.alert.resend-delay=2s',
    ],
    { stdio: 'ignore' },
  )
  await eventually('Prometheus', () =>
    fetch(`${prometheusUrl}/-/ready`).then(
      ({ ok }) => ok || undefined,
      () => undefined,
    ),
  )
})
after(async () => {
  if (child) {
    const ended = new Promise<void>((done) => child!.once('exit', () => done()))
    child.kill('SIGTERM')
    await ended
  }
  rmSync(folder, { recursive: true, force: true })
  await at?.close()
})

test('it fires and somebody is told by mail; it ends and the alert and its page are over', async () => {
  await reload(rules({ name: 'NodeNotReady', until: inSeconds(12) }))
  const fired = await eventually('the alert', async () => (await at.alertsNamed('NodeNotReady'))[0])
  assert.deepEqual([fired.status, fired.priority, fired.leniencies], ['open', 1, []])
  assert.deepEqual(fired.labels, { alertname: 'NodeNotReady', cluster: 'workload-1', severity: 'critical' })
  await eventually('a mail', () =>
    at.mail.received.find(({ subject }) => /^\[P1\] .*NodeNotReady/.test(subject ?? '')),
  )
  const over = await eventually('its end', async () => {
    const [alert] = await at.alertsNamed('NodeNotReady')
    return alert?.status === 'closed' ? alert : undefined
  })
  assert.equal(over.page, 'resolved')
  assert.equal((await at.alertsNamed('NodeNotReady')).length, 1, 'said many times, and one alert')
})

test('what fires while the server is dead arrives when it is back', async () => {
  await at.installation.kill()
  await reload(rules({ name: 'WhileDead' }))
  await at.installation.start()
  const alert = await eventually('the alert', async () => (await at.alertsNamed('WhileDead'))[0])
  await eventually('its page', async () => (await at.alertsNamed('WhileDead'))[0]?.page ?? undefined)
  assert.equal(alert.status, 'open')
})
