/** The trap of a route that is edited while it fires: Alertmanager calls the same group by another alias and forgets the first. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openOpsGenieTest, type OpsGenieTest } from './opsgenie.fixture.ts'

let og: OpsGenieTest
before(async () => {
  og = await openOpsGenieTest()
})
after(() => og?.stop())

const alias = (letter: string): string => letter.repeat(64)
const group = (name: string, called: string, more: object = {}) => ({
  alias: alias(called),
  message: `[FIRING:1] ${name} acme-prod (critical)`,
  description: `\nAlerts Firing:\nLabels:\n - alertname = ${name}\n - node = n1\n`,
  details: { alertname: name, severity: 'critical' },
  source: 'http://am:9093/#/alerts?receiver=og',
  ...more,
})
const alertsNamed = (name: string) =>
  og.query(
    `select a.*, s.count, (select count(*)::int from page_alerts pa where pa.alert_id = a.id) as pages
     from alerts a left join alert_sightings s on s.alert_id = a.id where a.name = $1 order by a.opened_at, a.id`,
    name,
  )
const close = (key: string, called: string) =>
  og.call(key, 'POST', `/v2/alerts/${alias(called)}/close?identifierType=alias`)

test('route edit while firing: one alert, no second page, and the end under the new name ends it', async () => {
  const { key } = og.team.acmeProd
  await og.post(key, group('Edited', 'a'))
  const [first] = await alertsNamed('Edited')
  await og.call(key, 'POST', `/v2/alerts/${alias('a')}/acknowledge?identifierType=alias`, {
    user: og.team.engineers[0].handle,
  })
  const again = await og.post(key, group('Edited', 'b'))
  const outcome = await og.outcome(key, again)
  assert.equal(outcome.alertId, first.id)
  await og.post(key, group('Edited', 'b'))
  const rows = await alertsNamed('Edited')
  assert.deepEqual(
    rows.map(({ id, status, pages }) => [id, status, pages]),
    [[first.id, 'acknowledged', 1]],
  )
  const byNew = await og.call(key, 'GET', `/v2/alerts/${alias('b')}?identifierType=alias`)
  assert.equal(byNew.body.data.id, first.id)
  const notes = await og.call(key, 'GET', `/v2/alerts/${first.id}/notes`)
  assert.equal(notes.body.data.length, 1, 'said once')
  await close(key, 'b')
  assert.equal((await alertsNamed('Edited'))[0].status, 'closed')
  await og.post(key, group('Edited', 'b'))
  assert.equal((await alertsNamed('Edited')).length, 2, 'what fires after that is a new fire')
})

test('a route that is edited back is the same alert still', async () => {
  const { key } = og.team.acmeProd
  for (const called of ['c', 'd', 'c']) await og.post(key, group('Back', called))
  assert.equal((await alertsNamed('Back')).length, 1)
  await close(key, 'c')
  assert.equal((await alertsNamed('Back'))[0].status, 'closed')
})

test('what is said last counts: the group grew before the route was edited', async () => {
  const { key } = og.team.acmeProd
  const grown = { description: '\nAlerts Firing:\nLabels:\n - node = n1\n - node = n2\n' }
  await og.post(key, group('Grown', 'e'))
  await og.post(key, group('Grown', 'e', grown))
  await og.post(key, group('Grown', 'f', grown))
  assert.equal((await alertsNamed('Grown')).length, 1)
})

test('another group, another receiver, another key, or no list of alerts is another alert', async () => {
  const { key } = og.team.acmeProd
  await og.post(key, group('Other', '1'))
  await og.post(key, group('Other', '2', { description: '\nAlerts Firing:\nLabels:\n - node = n2\n' }))
  await og.post(key, group('Other', '3', { source: 'http://am:9093/#/alerts?receiver=other' }))
  await og.post(og.team.acmeStaging.key, group('Other', '4'))
  await og.post(key, group('Other', '5', { description: '' }))
  await og.post(key, group('Other', '6', { description: '' }))
  await og.post(key, { ...group('Other', '7'), alias: 'a name of mine' })
  const rows = await alertsNamed('Other')
  assert.equal(rows.length, 7)
  await close(key, '2')
  assert.equal((await alertsNamed('Other')).filter(({ status }) => status === 'closed').length, 1)
})
