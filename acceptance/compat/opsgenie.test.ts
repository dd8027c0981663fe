/**
 * Debian's Alertmanager with an opsgenie receiver, unmodified but for its URL and key: it fires and somebody is paged, it
 * resolves and the page ends; two of them with the same alias are two alerts.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { startAlertmanagerWith, type Alertmanager } from '../chain/alertmanager.ts'
import { eventually } from '../chain/eventually.ts'
import { openInstallation, type Installation } from '../chaos/installation.ts'
import { ADMINISTRATOR, takeFirstSteps, type FirstSteps } from '../paging/first-steps.ts'
import { startMailServer, type MailServer } from '../../src/server/testing/mail-server.ts'

type Row = {
  readonly id: string
  readonly status: string
  readonly priority: number
  readonly summary: string
  readonly count: number | null
  readonly annotations: Readonly<Record<string, string>>
  readonly leniencies: readonly string[]
}

let mail: MailServer
let installation: Installation
let steps: FirstSteps
let pool: pg.Pool
const running: Alertmanager[] = []

before(async () => {
  mail = await startMailServer()
  installation = await openInstallation({ SMTP_URL: mail.url, PAGE_BUNDLING: 'off' })
  await installation.start()
  pool = new pg.Pool({ connectionString: installation.connectionString })
  pool.on('error', () => undefined)
  steps = await takeFirstSteps(installation)
})
after(async () => {
  for (const each of running) await each.stop()
  await pool?.end()
  await installation?.close()
  await mail?.close()
})

const newKey = async (name: string): Promise<string> =>
  ((await steps.post('/api/environments/acme-prod/keys', { name })) as { secret: string }).secret

const start = async (url: string, key: string, more = ''): Promise<Alertmanager> => {
  const alertmanager = await startAlertmanagerWith(`
    opsgenie_configs:
      - api_url: ${url}/
        api_key: ${key}
        send_resolved: true${more}
`)
  running.push(alertmanager)
  return alertmanager
}

const alertsNamed = async (name: string): Promise<Row[]> =>
  (
    await pool.query<Row>(
      `select a.*, s.count from alerts a left join alert_sightings s on s.alert_id = a.id
       where a.name = $1 order by a.opened_at, a.id`,
      [name],
    )
  ).rows
const pageOf = async (alertId: string): Promise<string | undefined> =>
  (
    await pool.query<{ status: string }>(
      'select p.status from pages p join page_alerts pa on pa.page_id = p.id where pa.alert_id = $1',
      [alertId],
    )
  ).rows[0]?.status

const labels = (alertname: string, severity = 'critical') => ({ alertname, severity, cluster: 'workload-1' })
const resolved = () => new Date(Date.now() - 1_000)

test('it fires and somebody is told by mail; it resolves and the alert and its page are over', async () => {
  const alertmanager = await start(installation.url, await newKey('opsgenie'))
  await alertmanager.post(labels('NodeNotReady'), { summary: 'Node n1 is not ready' })
  const sent = await eventually('a mail', () =>
    mail.received.find(({ to }) => JSON.stringify(to).includes(ADMINISTRATOR.email)),
  )
  assert.match(sent.subject ?? '', /^\[P1\] .*NodeNotReady/)
  const [alert] = await alertsNamed('NodeNotReady')
  assert.equal(await pageOf(alert!.id), 'open')
  assert.match(alert!.annotations['alias'] ?? '', /^[0-9a-f]{64}$/)
  assert.deepEqual(alert!.leniencies, [])
  await alertmanager.post(labels('NodeNotReady'), {}, resolved())
  await eventually(
    'the close',
    async () => (await alertsNamed('NodeNotReady'))[0]?.status === 'closed' || undefined,
  )
  assert.equal(await pageOf(alert!.id), 'resolved')
})

test('two Alertmanagers that are set up alike send one alias; with a key each they are two alerts', async () => {
  const [one, other] = [
    await start(installation.url, await newKey('cluster-1')),
    await start(installation.url, await newKey('cluster-2')),
  ]
  for (const each of [one, other]) await each.post(labels('DiskFull', 'low'), { summary: 'Disk is full' })
  const both = await eventually('two alerts', async () => {
    const rows = await alertsNamed('DiskFull')
    return rows.length === 2 ? rows : undefined
  })
  assert.equal(both[0]!.annotations['alias'], both[1]!.annotations['alias'])
  await one.post(labels('DiskFull', 'low'), {}, resolved())
  await eventually(
    'the first close',
    async () => (await alertsNamed('DiskFull')).some(({ status }) => status === 'closed') || undefined,
  )
  assert.deepEqual((await alertsNamed('DiskFull')).map(({ status }) => status).sort(), ['closed', 'open'])
})

test('with update_alerts, tags, responders and a priority it is understood whole', async () => {
  const alertmanager = await start(
    installation.url,
    await newKey('full'),
    `
        update_alerts: true
        priority: P4
        message: '{{ .GroupLabels.alertname }}: {{ len .Alerts.Firing }} firing'
        description: '{{ template "nothing" . }}{{ define "nothing" }}{{ end }}'
        tags: 'blue, {{ .CommonLabels.cluster }}'
        entity: acme
        responders: [{ name: ops, type: team }]`,
  )
  await alertmanager.post({ ...labels('Slow'), pod: 'a' }, {})
  await eventually('the first', async () => (await alertsNamed('Slow'))[0])
  await alertmanager.post({ ...labels('Slow'), pod: 'b' }, {})
  const alert = await eventually('the new message', async () => {
    const [row] = await alertsNamed('Slow')
    return row?.summary === 'Slow: 2 firing' ? row : undefined
  })
  assert.deepEqual(
    [alert.priority, alert.annotations['tags'], alert.annotations['entity']],
    [4, 'blue, workload-1', 'acme'],
  )
  assert.ok(alert.leniencies.some((each) => each.startsWith('responders')))
})

test('what fires while the server is dead arrives when it is back', async () => {
  const alertmanager = await start(installation.url, await newKey('dead'))
  await installation.kill()
  await alertmanager.post(labels('WhileDead'), {})
  await installation.start()
  const alert = await eventually('the alert', async () => (await alertsNamed('WhileDead'))[0])
  await eventually('its page', () => pageOf(alert.id))
})
