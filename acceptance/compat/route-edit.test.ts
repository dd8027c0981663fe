/** A route of Debian's Alertmanager is edited and reloaded while an alert fires: one alert, one page, and its end ends it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startAlertmanagerWith, type Alertmanager } from '../chain/alertmanager.ts'
import { eventually } from '../chain/eventually.ts'
import { openCompatInstallation, type CompatInstallation } from './compat-installation.ts'

let at: CompatInstallation
const running: Alertmanager[] = []
before(async () => {
  at = await openCompatInstallation()
})
after(async () => {
  for (const each of running) await each.stop()
  await at?.close()
})

const route = (matcher: string): string => `[{ receiver: fortnight, matchers: ['${matcher}'] }]`
const receivers = (key: string) => ({
  opsgenie: `
    opsgenie_configs:
      - api_url: ${at.installation.url}/
        api_key: ${key}
        send_resolved: true
        priority: P1
`,
  pagerduty: `
    pagerduty_configs:
      - url: ${at.installation.url}/v2/enqueue
        routing_key: ${key}
        severity: critical
        send_resolved: true
`,
})

for (const dialect of ['opsgenie', 'pagerduty'] as const) {
  test(`route edit while firing, ${dialect}: no second page, and nothing stays open`, async () => {
    const receiver = receivers(await at.newKey(dialect))[dialect]
    const alertmanager = await startAlertmanagerWith(receiver, route('severity="critical"'))
    running.push(alertmanager)
    const labels = { alertname: `RouteEdit-${dialect}`, severity: 'critical', cluster: 'workload-1' }
    await alertmanager.post(labels, { summary: 'Node n1 is not ready' })
    const stored = async () =>
      (
        await at.pool.query<{ id: string; status: string; pages: number; names: number; count: number }>(
          `select a.id, a.status, coalesce(s.count, 1)::int as count,
             (select count(*)::int from page_alerts pa where pa.alert_id = a.id) as pages,
             (select count(*)::int from sent_alert_names n where n.alert_id = a.id) as names
           from alerts a left join alert_sightings s on s.alert_id = a.id
           where a.summary like $1 order by a.opened_at`,
          [`%RouteEdit-${dialect}%`],
        )
      ).rows
    const [fired] = await eventually('the alert', async () => {
      const rows = await stored()
      return rows[0]?.pages === 1 && rows[0].names === 1 ? rows : undefined
    })
    await alertmanager.reroute(route('severity=~"critical|page"'))
    const after = await eventually('the second name', async () => {
      const rows = await stored()
      return rows.some(({ names }) => names === 2) || rows.length > 1 ? rows : undefined
    })
    assert.deepEqual(
      after.map(({ id, status, pages }) => [id, status, pages]),
      [[fired!.id, 'open', 1]],
    )
    const pages = (await at.pool.query('select id from pages where status = $1', ['open'])).rows
    assert.equal(pages.length, 1)
    await alertmanager.post(labels, {}, new Date(Date.now() - 1_000))
    await eventually('its end', async () => (await stored())[0]?.status === 'closed' || undefined)
    assert.deepEqual((await at.pool.query('select id from pages where status <> $1', ['resolved'])).rows, [])
  })
}
