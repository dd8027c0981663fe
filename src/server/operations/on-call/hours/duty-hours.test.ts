/** Hours through the API: the past stays as it was whatever becomes of the rota, periods add up, and no cell is a formula. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { DutyHoursReply } from '../../../../contract/operations/duty-hours.ts'
import { dutyHoursRoutes } from '../../../../contract/operations/duty-hours.ts'
import { webhookBody } from '../../../testing/alertmanager-body.ts'
import { updateAccount } from '../../../people/accounts/update-account.ts'
import { at, expectStatus, openRota, weekly, type Rota } from '../rota-for-tests.test.ts'

let rota: Rota
before(async () => {
  rota = await openRota()
  const { deliveryManager, engineers } = rota.team
  const layers = [weekly(engineers.map(({ id }) => id))]
  const body = { slug: 'primary', name: 'Primary', layers }
  expectStatus(await rota.call(deliveryManager, 'POST', '/api/schedules', body), 201)
})
after(() => rota.stop())

const get = async (url: string, token = rota.team.auditor.token) =>
  rota.http.inject({ url, headers: { authorization: `Bearer ${token}` } })
const hours = async (from: string, to: string): Promise<DutyHoursReply[]> => {
  const reply = await get(`/api/schedules/primary/hours?from=${at(from)}&to=${at(to)}`)
  assert.equal(reply.statusCode, 200, reply.body)
  return dutyHoursRoutes.showDutyHours.reply.parse(reply.json()).rows
}
const byName = (rows: readonly DutyHoursReply[], name: string) =>
  rows.find(({ person }) => person.name.startsWith(name))

test('a week is 168 hours, 56 of them nights, and two halves of it add up to it', async () => {
  const rows = await hours('2026-11-16T08:00Z', '2026-11-23T08:00Z')
  assert.deepEqual(
    rows.map(({ person, shifts, onCallMinutes, nightMinutes, weekendMinutes, offHoursMinutes }) => [
      person.name,
      shifts,
      onCallMinutes,
      nightMinutes,
      weekendMinutes,
      offHoursMinutes,
    ]),
    [['Cleo Example', 1, 168 * 60, 56 * 60, 48 * 60, (168 - 50) * 60]],
  )
  const halves = [
    ...(await hours('2026-11-16T08:00Z', '2026-11-19T01:30Z')),
    ...(await hours('2026-11-19T01:30Z', '2026-11-23T08:00Z')),
  ]
  assert.equal(
    halves.reduce((sum, row) => sum + row.nightMinutes, 0),
    56 * 60,
  )
})

test('a page counts for whoever was told in their own hours, once however many ways told them', async () => {
  const { deliveryManager, acmeProd } = rota.team
  const { id } = (await get('/api/schedules/primary')).json()
  const headers = { authorization: `Bearer ${deliveryManager.token}` }
  const payload = {
    slug: 'default',
    name: 'Default',
    steps: [{ afterMinutes: 0, targets: [{ kind: 'schedule', id }] }],
    fallback: [{ kind: 'role', role: 'administrator' }],
  }
  const policy = await rota.http.inject({ method: 'POST', url: '/api/escalation-policies', headers, payload })
  assert.equal(policy.statusCode, 201, policy.body)
  const fired = await rota.http.inject({
    method: 'POST',
    url: '/integrations/alertmanager',
    headers: { authorization: `Bearer ${acmeProd.key}`, 'content-type': 'application/json' },
    payload: JSON.stringify(webhookBody({ name: 'DiskFull' })),
  })
  assert.equal(fired.statusCode, 200, fired.body)
  await rota.tasks.drain()
  const [bo] = await hours('2026-11-10T08:00Z', '2026-11-16T08:00Z')
  assert.deepEqual([bo?.person.name, bo?.pages, bo?.offHoursPages], ['Bo Example', 1, 0])
  assert.deepEqual(await hours('2026-11-10T00:00Z', '2026-11-10T08:00Z'), [], 'the rota did not exist yet')
})

test('a holiday of the service hours in the zone of the rota counts', async () => {
  const payload = {
    slug: 'office',
    name: 'Office',
    zone: 'Europe/Stockholm',
    windows: [{ days: [1, 2, 3, 4, 5], from: '06:00', to: '22:00' }],
    holidays: ['2026-11-18'],
  }
  const headers = { authorization: `Bearer ${rota.team.deliveryManager.token}` }
  const made = await rota.http.inject({ method: 'POST', url: '/api/service-hours', headers, payload })
  assert.equal(made.statusCode, 201, made.body)
  const [cleo] = await hours('2026-11-16T08:00Z', '2026-11-23T08:00Z')
  assert.equal(cleo?.holidayMinutes, 24 * 60)
})

test('a rota that is changed later leaves the hours of the past as they were', async () => {
  const [bo, , dag] = rota.team.engineers
  rota.clock.advance(at('2026-11-18T08:00Z') - rota.clock.now())
  const before = await hours('2026-11-10T08:00Z', '2026-11-18T08:00Z')
  const body = { name: 'Primary', layers: [weekly([dag.id])] }
  expectStatus(await rota.call(rota.team.deliveryManager, 'PUT', '/api/schedules/primary', body), 200)
  assert.deepEqual(await hours('2026-11-10T08:00Z', '2026-11-18T08:00Z'), before)
  const whole = await hours('2026-11-10T08:00Z', '2026-11-23T08:00Z')
  assert.equal(byName(whole, 'Bo')?.onCallMinutes, 6 * 24 * 60)
  assert.equal(byName(whole, 'Dag')?.onCallMinutes, 5 * 24 * 60)
  assert.ok(bo.id)
})

test('the table has a row for each shift in both zones, and a name that is a formula is text', async () => {
  const [bo] = rota.team.engineers
  const evil = { accountId: bo.id, name: '=HYPERLINK("http://x.test","x"), Bo', zone: 'Asia/Kolkata' }
  await updateAccount(rota.as(rota.team.administrator.actor), evil as never)
  const token = bo.token
  const me = await rota.http.inject({
    method: 'PATCH',
    url: '/api/me',
    headers: { authorization: `Bearer ${token}` },
    payload: { zone: 'Asia/Kolkata' },
  })
  assert.equal(me.statusCode, 200, me.body)
  const url = `/api/schedules/primary/hours.csv?from=${at('2026-11-10T08:00Z')}&to=${at('2026-11-23T08:00Z')}`
  const reply = await get(url)
  assert.match(reply.headers['content-type'] as string, /^text\/csv/)
  const [head = '', first = ''] = reply.body.split('\r\n')
  assert.match(head, /^schedule,handle,name,from_utc,to_utc,from_person,/)
  assert.ok(first.includes(`"'=HYPERLINK(""http://x.test"",""x""), Bo"`), first)
  assert.ok(first.includes('2026-11-10T13:30+05:30'), first)
  assert.ok(first.includes('2026-11-10T09:00+01:00'), first)
  assert.equal((await rota.http.inject({ url })).statusCode, 401)
  const long = await get(`/api/schedules/primary/hours.csv?from=0&to=${at('2026-11-23T08:00Z')}`)
  assert.equal(long.statusCode, 422)
})
