/** Debian's Alertmanager pings a heartbeat with its key as password; killed, it is missed, and somebody is told. */
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
let key: string
let alertmanager: Alertmanager | undefined

before(async () => {
  mail = await startMailServer()
  installation = await openInstallation({ SMTP_URL: mail.url, PAGE_BUNDLING: 'off' })
  await installation.start()
  pool = new pg.Pool({ connectionString: installation.connectionString })
  pool.on('error', () => undefined)
  const steps = await takeFirstSteps(installation)
  key = ((await steps.post('/api/environments/acme-prod/keys', { name: 'heartbeat' })) as { secret: string })
    .secret
})
after(async () => {
  await alertmanager?.stop()
  await pool?.end()
  await installation?.close()
  await mail?.close()
})

const ask = async (method: string, path: string, body?: object) => {
  const reply = await fetch(`${installation.url}${path}`, {
    method,
    headers: { authorization: `GenieKey ${key}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return ((await reply.json()) as { data: { expired: boolean; lastPingTime?: string } }).data
}
const startPinging = () =>
  startAlertmanagerWith(`
    webhook_configs:
      - url: ${installation.url}/v2/heartbeats/acme-prod/ping
        http_config: { basic_auth: { password: ${key} } }
`)
const watchdog = { alertname: 'Watchdog', severity: 'none', cluster: 'workload-1' }
/** A minute passes: the shortest interval there is. */
const passAMinute = async () => {
  await pool.query('update heartbeat_pings set last_at = last_at - 61000')
  await pool.query(`update tasks set due_at = due_at - 61000 where kind = 'heartbeat.due'`)
}

test('it is heard while Alertmanager lives, missed when it is gone, and heard again', async () => {
  await ask('POST', '/v2/heartbeats', {
    name: 'acme-prod',
    interval: 1,
    intervalUnit: 'minutes',
    enabled: true,
  })
  alertmanager = await startPinging()
  await alertmanager.post(watchdog, {})
  await eventually('a ping', async () => (await ask('GET', '/v2/heartbeats/acme-prod')).lastPingTime)
  assert.equal((await ask('GET', '/v2/heartbeats/acme-prod')).expired, false)
  await alertmanager.stop()
  alertmanager = undefined
  await passAMinute()
  await eventually('a mail', () =>
    mail.received.find(({ subject }) => /^\[P1\] .*Nothing was heard of acme-prod/.test(subject ?? '')),
  )
  assert.equal((await ask('GET', '/v2/heartbeats/acme-prod')).expired, true)
  alertmanager = await startPinging()
  await alertmanager.post(watchdog, {})
  await eventually('the end of the silence', async () =>
    (await ask('GET', '/v2/heartbeats/acme-prod')).expired ? undefined : true,
  )
  const { rows } = await pool.query(
    `select a.status, p.status as page from alerts a join page_alerts pa on pa.alert_id = a.id
     join pages p on p.id = pa.page_id where a.name = 'HeartbeatExpired'`,
  )
  assert.deepEqual(rows, [{ status: 'closed', page: 'resolved' }])
})
