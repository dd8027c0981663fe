/** Taking a page or an alert: once, by one person, with everything that hangs on it, and nothing that came later. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { isFault } from './paging-faults.fixture.ts'
import { acknowledgeAlert } from '../alerts/acknowledge-alert.ts'
import { getAlert } from '../alerts/get-alert.ts'
import { acknowledgePage } from './acknowledge-page.ts'
import { MINUTE, pagingTest, type PagingTest } from './paging.fixture.ts'

const RACES = Number(process.env['FORTNIGHT_RACES'] ?? 10)
let paging: PagingTest
before(async () => {
  paging = await pagingTest()
})
after(() => paging?.stop())

const alertNamed = (name: string) =>
  paging.server.platform.database.db
    .selectFrom('alerts')
    .selectAll()
    .where('name', '=', name)
    .executeTakeFirstOrThrow()
const as = (person: { actor: Parameters<PagingTest['server']['as']>[0] }) => paging.server.as(person.actor)
const resolveAll = (environment: PagingTest['team']['acmeProd'], ...names: string[]) =>
  paging.fire(environment, ...names.map((name) => ({ name, status: 'resolved' as const })))

test('whoever takes a page has taken every alert on it, by one act that names them', async () => {
  const { acmeProd, engineers } = paging.team
  const names = ['Taken A', 'Taken B', 'Taken C']
  await paging.fire(acmeProd, ...names.map((name) => ({ name })))
  const [page] = await paging.pagesOf(acmeProd)
  await acknowledgePage(as(engineers[0]), { pageId: page!.id })
  for (const name of names) {
    const alert = await alertNamed(name)
    assert.deepEqual([alert.status, alert.acknowledged_by], ['acknowledged', engineers[0].id])
    const { activity } = await getAlert(as(engineers[1]), { alertId: alert.id }, async () => [])
    assert.deepEqual(
      activity.filter(({ by }) => by?.id === engineers[0].id).map(({ kind }) => kind),
      ['page-acknowledged', 'acknowledged-with-page'],
    )
  }
  const { db } = paging.server.platform.database
  const acts = await db.selectFrom('events').select('id').where('type', '=', 'alerts.acknowledged').execute()
  assert.equal(acts.length, 1)
  await resolveAll(acmeProd, ...names)
})

test('whoever takes one alert has taken the page that rings for it and what else it carries', async () => {
  const { acmeProd, engineers } = paging.team
  await paging.fire(acmeProd, { name: 'One of two' }, { name: 'Other of two' })
  const { id } = await alertNamed('One of two')
  await acknowledgeAlert(as(engineers[1]), { alertId: id })
  const page = (await paging.pagesOf(acmeProd)).at(-1)!
  assert.deepEqual([page.status, page.acknowledged_by], ['acknowledged', engineers[1].id])
  assert.equal((await alertNamed('Other of two')).acknowledged_by, engineers[1].id)
  await acknowledgeAlert(as(engineers[1]), { alertId: id })
  await assert.rejects(
    acknowledgeAlert(as(engineers[0]), { alertId: id }),
    isFault('conflict', /^Cleo Example has this alert already since Tue 10 Nov 2026 09:00 \+01:00/),
  )
  await resolveAll(acmeProd, 'One of two', 'Other of two')
  await assert.rejects(acknowledgeAlert(as(engineers[0]), { alertId: id }), isFault('conflict', /closed/))
})

test('an alert that pages nobody is taken alone', async () => {
  const { acmeStaging, engineers } = paging.team
  await paging.fire(acmeStaging, { name: 'Quiet', severity: 'low' })
  await acknowledgeAlert(as(engineers[0]), { alertId: (await alertNamed('Quiet')).id })
  assert.equal((await alertNamed('Quiet')).status, 'acknowledged')
  assert.deepEqual(await paging.pagesOf(acmeStaging), [])
})

test('an acknowledgement covers the alerts that were there: the next one of the same group rings anew', async () => {
  const { globexProd, engineers } = paging.team
  const [first] = engineers
  await paging.fire(globexProd, { name: 'First of group', labels: { group: 'disks' } })
  await paging.drain()
  const [page] = await paging.pagesOf(globexProd)
  await acknowledgePage(as(first), { pageId: page!.id })
  const mailsBefore = paging.mailsTo(first).length

  paging.server.clock.advance(MINUTE)
  await paging.fire(globexProd, { name: 'Second of group', labels: { group: 'disks' } })
  await paging.drain()
  const [, second, ...more] = await paging.pagesOf(globexProd)
  assert.equal(second?.status, 'open')
  assert.deepEqual(more, [])
  assert.equal((await alertNamed('Second of group')).status, 'open')
  assert.equal(paging.mailsTo(first).length, mailsBefore + 1, 'the one who has the first hears of the second')

  await paging.fire(globexProd, { name: 'Third of group', labels: { group: 'disks' } })
  assert.equal((await paging.pagesOf(globexProd)).length, 2, 'what rings already is joined')
})

test('of two who acknowledge at once exactly one wins, and the other is told who', async () => {
  const { acmeProd, engineers } = paging.team
  for (let round = 0; round < RACES; round++) {
    const name = `Race ${round}`
    await paging.fire(acmeProd, { name })
    const page = (await paging.pagesOf(acmeProd)).at(-1)!
    const outcomes = await Promise.allSettled(
      engineers.map((person) => acknowledgePage(as(person), { pageId: page.id })),
    )
    const winners = engineers.filter((_, index) => outcomes[index]?.status === 'fulfilled')
    assert.equal(winners.length, 1, `round ${round}`)
    const row = (await paging.pagesOf(acmeProd)).at(-1)!
    assert.equal(row.acknowledged_by, winners[0]!.id)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        assert.match(String(outcome.reason.message), new RegExp(`^${winners[0]!.name} has this page already`))
    }
    await resolveAll(acmeProd, name)
  }
})

test('taking a page while its alerts end, and taking an alert while its page is taken, both come to an end', async () => {
  const { acmeProd, engineers } = paging.team
  const names = ['Ending 1', 'Ending 2', 'Ending 3']
  for (let round = 0; round < RACES; round++) {
    await paging.fire(acmeProd, ...names.map((name) => ({ name })))
    const page = (await paging.pagesOf(acmeProd)).at(-1)!
    const alerts = await paging.server.platform.database.db
      .selectFrom('page_alerts')
      .select('alert_id')
      .where('page_id', '=', page.id)
      .execute()
    const taking = [
      acknowledgePage(as(engineers[0]), { pageId: page.id }),
      ...alerts.map(({ alert_id }) => acknowledgeAlert(as(engineers[0]), { alertId: alert_id })),
      resolveAll(acmeProd, ...names),
    ]
    for (const outcome of await Promise.allSettled(taking)) {
      if (outcome.status === 'rejected') assert.equal(outcome.reason.status, 409, outcome.reason.stack)
    }
    assert.equal((await paging.pagesOf(acmeProd)).at(-1)!.status, 'resolved')
  }
})
