/**
 * While we cannot take more, each kind of receiver is told so with the status after which it sends again: a hundred groups
 * fire meanwhile, and all arrive afterwards, each once.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startAlertmanagerWith, type Alertmanager } from '../chain/alertmanager.ts'
import { eventually } from '../chain/eventually.ts'
import { openCompatInstallation, type CompatInstallation } from './compat-installation.ts'
import { openGate, type Gate } from './gate.ts'

let at: CompatInstallation
const running: Alertmanager[] = []
const gates: Gate[] = []
before(async () => {
  at = await openCompatInstallation()
})
after(async () => {
  for (const each of running) await each.stop()
  for (const gate of gates) gate.close()
  await at?.close()
})

const receivers: Readonly<Record<string, (url: string, key: string) => string>> = {
  opsgenie: (url, key) => `
    opsgenie_configs:
      - api_url: ${url}/
        api_key: ${key}
`,
  pagerduty: (url, key) => `
    pagerduty_configs:
      - url: ${url}/v2/enqueue
        routing_key: ${key}
        details: { alertname: '{{ .GroupLabels.alertname }}' }
        severity: info
`,
  webhook: (url, key) => `
    webhook_configs:
      - url: ${url}/integrations/alertmanager
        http_config: { authorization: { credentials: ${key} } }
`,
}

/** What we answer when too many wait, or the database is away. A webhook is never told 429: Alertmanager would not send it again. */
const told = [
  ['opsgenie', 503],
  ['opsgenie', 429],
  ['pagerduty', 429],
  ['webhook', 503],
] as const

for (const [kind, status] of told) {
  test(`${kind}: a hundred groups that were answered ${status} come again, and each is one alert`, async () => {
    const gate = await openGate(at.installation.url)
    gates.push(gate)
    const key = await at.newKey(`${kind}-${status}`)
    const alertmanager = await startAlertmanagerWith(receivers[kind]!(gate.url, key))
    running.push(alertmanager)
    gate.refuse(status)
    const names = Array.from({ length: 100 }, (_, index) => `Refused-${kind}-${status}-${index}`)
    for (const alertname of names) await alertmanager.post({ alertname, severity: 'low', cluster: 'c' }, {})
    await eventually('each was refused', () => gate.refused() >= 2 * names.length || undefined)
    for (const name of names) assert.deepEqual(await at.alertsNamed(name), [])
    gate.refuse(undefined)
    for (const name of names)
      assert.equal((await eventually(name, async () => (await at.alertsNamed(name))[0])).status, 'open')
    for (const name of names) assert.equal((await at.alertsNamed(name)).length, 1)
  })
}

test('an unclustered pair with one key says everything twice, and each group is one alert', async () => {
  const key = await at.newKey('pair')
  for (const _ of [1, 2])
    running.push(await startAlertmanagerWith(receivers['opsgenie']!(at.installation.url, key)))
  const labels = { alertname: 'SaidTwice', severity: 'critical', cluster: 'c' }
  await Promise.all(running.slice(-2).map((each) => each.post(labels, { summary: 'Disk full' })))
  const counted = await eventually('both were heard', async () => {
    const { rows } = await at.pool.query(
      `select s.count::int, (select count(*)::int from page_alerts pa where pa.alert_id = a.id) as pages
       from alerts a join alert_sightings s on s.alert_id = a.id where a.name = 'SaidTwice' and s.count >= 2`,
    )
    return rows[0]
  })
  assert.equal(counted.pages, 1)
  assert.equal((await at.alertsNamed('SaidTwice')).length, 1)
})
