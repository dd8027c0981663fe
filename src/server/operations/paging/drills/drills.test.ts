/** Drills: rung through the whole path, told apart from the real thing, taken or missed, and never in its way. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { drillDetail } from '../../../../contract/operations/drills.ts'
import { replaceAlertPolicies } from '../../alerts/policies/policies.ts'
import { acknowledgePage } from '../acknowledge-page.ts'
import { replaceRouting } from '../routing/routing.ts'
import { linkIn, MINUTE, pagingTest, type PagingTest } from '../paging.fixture.ts'
import { showReadiness } from '../readiness.ts'
import { answerDrill } from './answer-drill.ts'
import { listDrillPlans, putDrillPlan, removeDrillPlan } from './drill-plans.ts'
import { getDrill, listDrills, showProven } from './read-drills.ts'
import { startDrill } from './start-drill.ts'

const WEEK = 7 * 24 * 60 * MINUTE

let paging: PagingTest
before(async () => {
  paging = await pagingTest()
})
after(() => paging?.stop())
beforeEach(() => {
  paging.server.clock.advance(61 * MINUTE)
  paging.mail.received.length = 0
})

const as = (person: { actor: Parameters<PagingTest['server']['as']>[0] }) => paging.server.as(person.actor)
const ada = () => as(paging.team.administrator)
const bo = () => paging.team.engineers[0]
const drilled = async (person?: string) => {
  const drill = await startDrill(ada(), { environment: 'acme-prod', ...(person ? { person } : {}) })
  await paging.drain()
  return drill.id
}
const statusOf = async (id: string) => (await getDrill(ada(), { drillId: id })).status
const alertStatus = async () => {
  const { rows } = await paging.server.platform.database.pool.query(
    `select status from alerts where name = 'DRILL' order by opened_at desc limit 1`,
  )
  return rows[0]?.status
}
const lastPage = async () => (await paging.pagesOf(paging.team.acmeProd)).at(-1)!

describe('the path', () => {
  test('a drill goes through intake, routing, page and mail to the link that takes it, and every step has its time', async () => {
    const id = await drilled()
    assert.equal(await statusOf(id), 'ringing')
    const [mail] = paging.mailsTo(bo())
    assert.match(mail?.subject ?? '', /DRILL: nothing is wrong/)
    paging.server.clock.advance(MINUTE)
    const link = linkIn(mail)
    const token = link.split('/').at(-1) ?? ''
    const reply = await paging.server.http.inject({
      method: 'POST',
      url: '/acknowledge',
      payload: { token },
      headers: { accept: 'application/json' },
    })
    assert.equal(reply.statusCode, 200, reply.body)
    const detail = drillDetail.parse(await getDrill(ada(), { drillId: id }))
    assert.equal(detail.status, 'proved')
    assert.equal(detail.takenBy?.id, bo().id)
    assert.deepEqual(
      detail.steps.map(({ what }) => what),
      ['asked', 'received', 'paged', 'promised', 'sent', 'taken'],
    )
    assert.equal(detail.steps.at(-1)!.at - detail.steps[0]!.at, MINUTE)
    // Nothing rings on, and nobody finds an alert that nothing caused in the morning.
    assert.deepEqual([await alertStatus(), (await lastPage()).status], ['closed', 'resolved'])
    const receipts = await paging.server.platform.database.pool.query(
      'select count(*)::int as n from alert_receipts where key_id = $1',
      [id],
    )
    assert.equal(receipts.rows[0].n, 1, 'it was received as any alert is')
  })

  test('a drill that nobody takes is missed after a quarter of an hour, and its alert ends', async () => {
    const id = await drilled()
    paging.server.clock.advance(6 * MINUTE)
    await paging.drain()
    assert.equal(await statusOf(id), 'ringing', 'the second step rings meanwhile')
    paging.server.clock.advance(10 * MINUTE)
    await paging.drain()
    const detail = await getDrill(ada(), { drillId: id })
    assert.deepEqual([detail.status, detail.why], ['missed', 'nobody-took-it'])
    assert.deepEqual([await alertStatus(), (await lastPage()).status], ['closed', 'resolved'])
  })

  test('a drill of one person rings nobody else, and another’s hand does not prove it', async () => {
    const id = await drilled(paging.team.engineers[1].id)
    const page = await lastPage()
    const told = new Set((await paging.intentsOf(page.id)).map(({ account_id }) => account_id))
    assert.deepEqual([...told], [paging.team.engineers[1].id])
    await acknowledgePage(as(bo()), { pageId: page.id })
    const detail = await getDrill(ada(), { drillId: id })
    assert.deepEqual([detail.status, detail.why], ['missed', 'taken-by-another'])
  })

  test('a rule that lets alerts wait or only lists them is overruled, and that is written down', async () => {
    await replaceRouting(ada(), { rules: [{ id: 'quiet', name: 'Quiet', when: {}, does: { kind: 'list' } }] })
    const id = await drilled()
    await replaceRouting(ada(), { rules: [] })
    const detail = await getDrill(ada(), { drillId: id })
    assert.deepEqual([detail.status, detail.overruledRule], ['ringing', 'quiet'])
    await acknowledgePage(as(bo()), { pageId: detail.page! })
  })
})

describe('no alert policy treats a drill', () => {
  for (const does of [
    { kind: 'suppress' },
    { kind: 'rewrite', message: 'All is well', priority: 'P5' },
    { kind: 'delay', minutes: 60, occurrences: null },
    { kind: 'deduplicate', alias: '{{name}}' },
  ] as const)
    test(`${does.kind} is not for it`, async () => {
      const policies = [{ id: 'every', name: 'Every alert', when: {}, does }]
      await replaceAlertPolicies(ada(), { policies: policies as never })
      const id = await drilled()
      const page = await lastPage()
      await replaceAlertPolicies(ada(), { policies: [] })
      assert.deepEqual([await statusOf(id), page.is_drill, page.priority], ['ringing', true, 1])
      assert.match(page.title, /^DRILL/)
      await acknowledgePage(as(bo()), { pageId: page.id })
      assert.deepEqual([await statusOf(id), await alertStatus()], ['proved', 'closed'])
    })
})

describe('out of the way of the real thing', () => {
  test('a real alert never joins the page of a drill, and a drill never joins a real page', async () => {
    const id = await drilled()
    await paging.fire(paging.team.acmeProd, { name: 'Real', severity: 'critical' } as never)
    const pages = (await paging.pagesOf(paging.team.acmeProd)).filter(({ status }) => status === 'open')
    assert.deepEqual(
      pages.map(({ is_drill }) => is_drill),
      [true, false],
    )
    const second = await drilled()
    assert.equal(
      (await paging.pagesOf(paging.team.acmeProd)).filter(({ status }) => status === 'open').length,
      3,
    )
    for (const page of pages) await acknowledgePage(as(bo()), { pageId: page.id })
    assert.equal(await statusOf(id), 'proved')
    assert.equal(await statusOf(second), 'ringing')
    await acknowledgePage(as(bo()), { pageId: (await lastPage()).id })
  })

  test('the message of a drill holds up no message of the real thing', async () => {
    const { platform } = paging.server
    const before = platform.config.PAGE_BUNDLING
    Object.assign(platform.config, { PAGE_BUNDLING: 'on' })
    const id = await drilled()
    const drill = await lastPage()
    await paging.fire(paging.team.acmeProd, { name: 'Real one' })
    await paging.drain()
    Object.assign(platform.config, { PAGE_BUNDLING: before })
    assert.deepEqual(
      paging.mailsTo(bo()).map(({ subject }) => /DRILL/.test(subject ?? '')),
      [true, false],
      'both went out in the same minute',
    )
    for (const page of [drill, await lastPage()]) await acknowledgePage(as(bo()), { pageId: page.id })
    assert.equal(await statusOf(id), 'proved')
  })

  test('an alert that calls itself a drill is an alert', async () => {
    await paging.fire(paging.team.acmeProd, { name: 'DRILL' })
    const page = await lastPage()
    assert.deepEqual([page.is_drill, page.status], [false, 'open'])
    await acknowledgePage(as(bo()), { pageId: page.id })
  })
})

describe('what it proves', () => {
  test('an app counts as waking once its owner says so after a drill, and no longer when they say otherwise', async () => {
    const ready = async () => (await showReadiness(ada())).rows.find(({ person }) => person.id === bo().id)
    await paging.browserOf(bo())
    const first = await drilled(bo().id)
    await acknowledgePage(as(bo()), { pageId: (await lastPage()).id })
    assert.equal((await ready())?.ready, false)
    assert.deepEqual((await getDrill(as(bo()), { drillId: first })).apps, [
      { method: 'web-push', channel: 'web-push', woke: null },
    ])
    await answerDrill(as(bo()), { drillId: first, woke: ['web-push'] })
    assert.equal((await ready())?.ready, true)
    paging.server.clock.advance(MINUTE)
    await answerDrill(as(bo()), { drillId: first, woke: [] })
    assert.equal((await ready())?.ready, false)
    await answerDrill(as(bo()), { drillId: first, woke: ['web-push'] })
    paging.server.clock.advance(31 * 24 * 60 * MINUTE)
    assert.equal((await ready())?.ready, false, 'after a month it has to be shown again')
    await assert.rejects(answerDrill(as(paging.team.engineers[1]), { drillId: first, woke: ['web-push'] }))
  })

  test('what was taken is proven for a week', async () => {
    const proven = async () => {
      const { environments, people } = await showProven(ada())
      return [
        environments.find(({ environment }) => environment.slug === 'acme-prod')?.proven,
        people.find(({ person }) => person.id === bo().id)?.proven,
      ]
    }
    await drilled()
    await acknowledgePage(as(bo()), { pageId: (await lastPage()).id })
    assert.deepEqual(await proven(), [true, true])
    paging.server.clock.advance(WEEK)
    assert.deepEqual(await proven(), [true, true])
    paging.server.clock.advance(3 * 60 * MINUTE)
    assert.deepEqual(await proven(), [false, false])
  })
})

describe('every week', () => {
  test('a plan rings at its local time and plans the next; one that is late by hours rings no more', async () => {
    const plan = await putDrillPlan(ada(), { environment: 'acme-prod', zone: 'Europe/Stockholm' })
    assert.deepEqual([plan.whom, plan.weekday, plan.time], ['policy', 2, '10:00'])
    const rung = async () =>
      (await listDrills(ada(), { environment: 'acme-prod' })).rows.filter((row) => row.scheduled)
    paging.server.clock.advance(plan.nextAt - paging.server.clock.now() + 1_000)
    await paging.drain()
    assert.equal((await rung()).length, 1)
    const [next] = (await listDrillPlans(ada())).rows
    assert.equal(next?.nextAt, plan.nextAt + WEEK)
    paging.server.clock.advance(WEEK + 5 * 60 * MINUTE)
    await paging.drain()
    assert.equal((await rung()).length, 1, 'nobody is rung in the afternoon for what was planned at ten')
    assert.equal((await listDrillPlans(ada())).rows[0]?.nextAt, plan.nextAt + 2 * WEEK)
    await removeDrillPlan(ada(), { planId: plan.id })
    assert.deepEqual((await listDrillPlans(ada())).rows, [])
  })

  test('everybody who takes pages is rung by a drill of their own', async () => {
    const plan = await putDrillPlan(ada(), { environment: 'acme-staging', whom: 'everybody' })
    paging.server.clock.advance(plan.nextAt - paging.server.clock.now() + 1_000)
    await paging.drain()
    const { rows } = await listDrills(ada(), { environment: 'acme-staging' })
    assert.equal(new Set(rows.map(({ person }) => person?.id)).size, 5)
    await removeDrillPlan(ada(), { planId: plan.id })
  })

  test('plans are kept in a file: what was exported applies as no change, and a day can be changed', async () => {
    const zone = 'Europe/Stockholm'
    await putDrillPlan(ada(), { environment: 'acme-prod', zone })
    await putDrillPlan(ada(), { environment: 'acme-prod', whom: bo().id, zone, time: '14:30' })
    const { http } = paging.server
    const headers = { authorization: `Bearer ${paging.team.administrator.token}` }
    const { document } = (await http.inject({ url: '/api/configuration', headers })).json()
    const apply = async (text: string) => {
      const request = { method: 'POST', url: '/api/configuration/apply', headers } as const
      const reply = await http.inject({ ...request, payload: { document: text } })
      assert.equal(reply.statusCode, 200, reply.body)
      return reply.json().changes.map(({ kind, name }: { kind: string; name: string }) => [kind, name])
    }
    assert.deepEqual(await apply(document), [])
    assert.deepEqual(await apply(document.replace('14:30', '15:45')), [
      ['drill plan', `acme-prod/${bo().handle}`],
    ])
    const times = (await listDrillPlans(ada())).rows.map(({ time }) => time)
    assert.deepEqual(times.toSorted(), ['10:00', '15:45'])
  })
})
