/** Debian's Alertmanager with a pagerduty receiver, unmodified but for its URL and routing key: fire, page, resolve; refused, and back. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { startAlertmanagerWith, type Alertmanager } from '../chain/alertmanager.ts'
import { eventually } from '../chain/eventually.ts'
import { openInstallation, type Installation } from '../chaos/installation.ts'
import { takeFirstSteps } from '../paging/first-steps.ts'
import { startMailServer, type MailServer } from '../../src/server/testing/mail-server.ts'

let mail: MailServer
let installation: Installation
let pool: pg.Pool
let alertmanager: Alertmanager

before(async () => {
  mail = await startMailServer()
  installation = await openInstallation({ SMTP_URL: mail.url })
  await installation.start()
  pool = new pg.Pool({ connectionString: installation.connectionString })
  pool.on('error', () => undefined)
  const steps = await takeFirstSteps(installation)
  const { secret } = (await steps.post('/api/environments/acme-prod/keys', { name: 'pagerduty' })) as {
    secret: string
  }
  alertmanager = await startAlertmanagerWith(`
    pagerduty_configs:
      - url: ${installation.url}/v2/enqueue
        routing_key: ${secret}
        severity: '{{ .CommonLabels.severity }}'
        details: { alertname: '{{ .GroupLabels.alertname }}' }
        send_resolved: true
`)
})
after(async () => {
  await alertmanager?.stop()
  await pool?.end()
  await installation?.close()
  await mail?.close()
})

type Row = {
  readonly id: string
  readonly status: string
  readonly priority: number
  readonly page: string | null
}
const alertNamed = async (name: string): Promise<Row | undefined> => {
  const { rows } = await pool.query<Row>(
    `select a.id, a.status, a.priority, p.status as page from alerts a
     left join page_alerts pa on pa.alert_id = a.id left join pages p on p.id = pa.page_id where a.name = $1`,
    [name],
  )
  assert.ok(rows.length <= 1, 'one alert')
  return rows[0]
}
const labels = (alertname: string) => ({ alertname, severity: 'critical', cluster: 'workload-1' })

test('it fires and somebody is told by mail; it resolves and the alert and its page are over', async () => {
  await alertmanager.post(labels('NodeNotReady'), { summary: 'Node n1 is not ready' })
  await eventually('a mail', () =>
    mail.received.find(({ subject }) => /^\[P1\] .*NodeNotReady/.test(subject ?? '')),
  )
  const fired = await alertNamed('NodeNotReady')
  assert.deepEqual([fired?.status, fired?.priority, fired?.page], ['open', 1, 'open'])
  await alertmanager.post(labels('NodeNotReady'), {}, new Date(Date.now() - 1_000))
  const over = await eventually('the resolve', async () => {
    const alert = await alertNamed('NodeNotReady')
    return alert?.status === 'closed' ? alert : undefined
  })
  assert.equal(over.page, 'resolved')
})

test('what fires while the server is dead arrives when it is back', async () => {
  await installation.kill()
  await alertmanager.post(labels('WhileDead'), {})
  await installation.start()
  await eventually('its page', async () => (await alertNamed('WhileDead'))?.page ?? undefined)
})
