/** A rota is drawn as it was known then, whatever was corrected since; and whoever is on call only on paper is said, a year ahead and before saving. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { at, expectStatus, openRota, weekly, type Rota } from './rota-for-tests.test.ts'

let rota: Rota
before(async () => {
  rota = await openRota()
})
after(() => rota.stop())

test('what was known then is drawn, corrections and all, and nothing of it can be changed', async () => {
  const { deliveryManager, auditor, engineers } = rota.team
  const [bo, cleo, dag] = engineers
  const body = { slug: 'primary', name: 'Primary', layers: [weekly([bo.id, cleo.id])] }
  expectStatus(await rota.call(deliveryManager, 'POST', '/api/schedules', body), 201)
  const override = { accountId: dag.id, from: at('2026-11-17T08:00Z'), to: at('2026-11-18T08:00Z') }
  rota.clock.advance(60_000)
  const made = await rota.call<'addOverride'>(bo, 'POST', '/api/schedules/primary/overrides', override)
  const knownAt = rota.clock.now()
  rota.clock.advance(60_000)
  const url = `/api/schedules/primary/overrides/${expectStatus(made, 201).body.override.id}`
  expectStatus(await rota.call(bo, 'DELETE', url), 200)
  const changed = { name: 'Primary', layers: [weekly([dag.id])] }
  expectStatus(await rota.call(deliveryManager, 'PUT', '/api/schedules/primary', changed), 200)
  const drawn = async (query: string) => {
    const window = `from=${at('2026-11-16T08:00Z')}&to=${at('2026-11-23T08:00Z')}`
    const path = `/api/schedules/primary/timeline?${window}${query}`
    return expectStatus(await rota.call<'scheduleTimeline'>(deliveryManager, 'GET', path), 200).body
  }
  const names = ({ shifts }: Awaited<ReturnType<typeof drawn>>) => shifts.map(({ person }) => person.name)
  assert.deepEqual(names(await drawn('')), ['Dag Example'])
  const then = await drawn(`&knownAt=${knownAt}`)
  assert.deepEqual(names(then), ['Cleo Example', 'Dag Example', 'Cleo Example'])
  assert.deepEqual(
    then.overrides.map(({ to, can }) => [to, can.remove]),
    [[override.to, false]],
  )
  assert.deepEqual([then.knownAt, then.can], [knownAt, { change: false, override: false }])
  assert.deepEqual(names(await drawn(`&knownAt=${knownAt - 30_000}`)), ['Cleo Example'])
  const early = `/api/schedules/primary/timeline?from=0&to=1000&knownAt=1000`
  assert.equal((await rota.call(auditor, 'GET', early)).status, 404, 'there was no such rota')
})

test('whoever P1 would not wake is red in the findings of the year and in a preview', async () => {
  const { deliveryManager, engineers } = rota.team
  const layers = [weekly([engineers[0].id, engineers[1].id])]
  const preview = await rota.call<'previewSchedule'>(deliveryManager, 'POST', '/api/schedules/preview', {
    layers,
  })
  const asleep = expectStatus(preview, 200).body.findings.filter(({ code }) => code === 'would-not-wake')
  assert.deepEqual(
    asleep.map(({ person, severity }) => [person?.name, severity]),
    [
      ['Bo Example', 'red'],
      ['Cleo Example', 'red'],
    ],
  )
  const year = await rota.call<'scheduleFindings'>(deliveryManager, 'GET', '/api/schedules/primary/findings')
  const { from, to, findings } = expectStatus(year, 200).body
  assert.equal(to - from, 365 * 86_400_000)
  assert.ok(findings.some(({ code, person }) => code === 'would-not-wake' && person?.name === 'Dag Example'))
})
