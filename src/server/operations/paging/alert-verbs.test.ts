/** What people do to an alert, and what becomes of its page: nothing sleeps for ever, nobody is called for what is in hand. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { IntegrationActor } from '../../platform/actor.ts'
import { acknowledgeAlert } from '../alerts/acknowledge-alert.ts'
import { assignAlert } from '../alerts/assign-alert.ts'
import { closeAlert } from '../alerts/close-alert.ts'
import { changeDetails, editAlert, tagAlert } from '../alerts/edit-alert.ts'
import { addResponder, escalateAlert } from '../alerts/escalate-alert.ts'
import { getAlert } from '../alerts/get-alert.ts'
import { writeNote } from '../alerts/note-on-alert.ts'
import { endSnooze, snoozeAlert } from '../alerts/snooze-alert.ts'
import { unacknowledgeAlert } from '../alerts/unacknowledge-alert.ts'
import { createEscalationPolicy } from '../on-call/escalation/create-escalation-policy.ts'
import { acknowledgePage } from './acknowledge-page.ts'
import { isFault } from './paging-faults.fixture.ts'
import { MINUTE, pagingTest, type PagingTest } from './paging.fixture.ts'

let paging: PagingTest
before(async () => {
  paging = await pagingTest()
})
after(() => paging?.stop())
beforeEach(async () => {
  // What a test before this one left ringing would be joined.
  const { db } = paging.server.platform.database
  const left = await db.selectFrom('alerts').select('id').where('status', '<>', 'closed').execute()
  for (const { id } of left) await closeAlert(ada(), { alertId: id, reason: 'the test is over' })
})

const ada = () => paging.server.as(paging.team.administrator.actor)
const engineer = (nth: 0 | 1 | 2) => paging.server.as(paging.team.engineers[nth].actor)
const throughKey = () => {
  const { keyId, id: environmentId, customerId } = paging.team.acmeProd
  const actor: IntegrationActor = {
    kind: 'integration',
    keyId,
    environmentId,
    customerId,
    via: 'integration',
  }
  return paging.server.as(actor)
}
const alertNamed = (name: string) =>
  paging.server.platform.database.db
    .selectFrom('alerts')
    .selectAll()
    .where('name', '=', name)
    .orderBy('opened_at', 'desc')
    .executeTakeFirstOrThrow()
const fired = async (...names: string[]) => {
  await paging.fire(paging.team.acmeProd, ...names.map((name) => ({ name })))
  return (await alertNamed(names[0]!)).id
}
const pages = async () =>
  (await paging.pagesOf(paging.team.acmeProd)).filter(({ status }) => status !== 'resolved')
const detailOf = (alertId: string) => getAlert(ada(), { alertId }, async () => [])
const kindsOf = async (alertId: string) => (await detailOf(alertId)).activity.map(({ kind }) => kind)
const toldAbout = async (pageId: string) =>
  new Set((await paging.intentsOf(pageId)).map(({ account_id }) => account_id))

test('a page stops when everything it carries sleeps, and what wakes up pages anew', async () => {
  const [first, second] = paging.team.engineers
  const one = await fired('Sleeper', 'Other sleeper')
  const other = (await alertNamed('Other sleeper')).id
  const until = paging.server.clock.now() + 30 * MINUTE
  await snoozeAlert(engineer(0), { alertId: one, until })
  assert.deepEqual(
    (await pages()).map(({ status }) => status),
    ['open'],
    'the other one rings on',
  )
  paging.server.clock.advance(1_000)
  await snoozeAlert(engineer(1), { alertId: other, until: until + 30 * MINUTE })
  const [stopped] = await pages()
  assert.deepEqual([stopped?.status, stopped?.acknowledged_by], ['acknowledged', second.id])
  assert.equal((await alertNamed('Sleeper')).acknowledged_by, first.id)

  paging.server.clock.advance(10 * MINUTE)
  await paging.drain()
  assert.equal((await pages()).length, 1, 'no step begins while they sleep')

  paging.server.clock.advance(20 * MINUTE)
  await paging.drain()
  const awake = await alertNamed('Sleeper')
  assert.deepEqual([awake.status, awake.snoozed_until_at, awake.acknowledged_by], ['open', null, null])
  const [, anew] = await pages()
  assert.equal(anew?.status, 'open')
  assert.ok((await toldAbout(anew!.id)).has(first.id))
  assert.deepEqual((await kindsOf(one)).slice(-2), ['snooze-ended', 'paged'])
})

test('an alert that closes in its sleep stays closed', async () => {
  const alertId = await fired('Closed asleep')
  await snoozeAlert(engineer(0), { alertId, until: paging.server.clock.now() + 5 * MINUTE })
  await paging.fire(paging.team.acmeProd, { name: 'Closed asleep', status: 'resolved' })
  paging.server.clock.advance(6 * MINUTE)
  await paging.drain()
  assert.equal((await alertNamed('Closed asleep')).status, 'closed')
  assert.deepEqual(await pages(), [])
})

test('what sleeps longer by now is not woken at the first time', async () => {
  const alertId = await fired('Prolonged')
  const start = paging.server.clock.now()
  await snoozeAlert(engineer(0), { alertId, until: start + 5 * MINUTE })
  await snoozeAlert(engineer(0), { alertId, until: start + 60 * MINUTE })
  await snoozeAlert(engineer(0), { alertId, until: start + 60 * MINUTE })
  assert.equal((await kindsOf(alertId)).filter((kind) => kind === 'snoozed').length, 2)
  paging.server.clock.advance(6 * MINUTE)
  await paging.drain()
  assert.equal((await alertNamed('Prolonged')).status, 'acknowledged')
  await endSnooze(engineer(0), { alertId })
  await endSnooze(engineer(0), { alertId })
  assert.equal((await alertNamed('Prolonged')).status, 'open')
  assert.equal((await pages()).filter(({ status }) => status === 'open').length, 1)
})

test('a page whose only ringing alert ends stops when the rest of it sleeps', async () => {
  const alertId = await fired('Asleep', 'Ends itself')
  await snoozeAlert(engineer(2), { alertId, until: paging.server.clock.now() + 30 * MINUTE })
  await paging.fire(paging.team.acmeProd, { name: 'Ends itself', status: 'resolved' })
  const [page] = await pages()
  assert.deepEqual([page?.status, page?.acknowledged_by], ['acknowledged', paging.team.engineers[2].id])
})

test('a snooze is for a while: not for a second, not for ever', async () => {
  const alertId = await fired('Bounds')
  const now = paging.server.clock.now()
  await assert.rejects(
    snoozeAlert(engineer(0), { alertId, until: now }),
    isFault('snooze-too-short', /later instant/),
  )
  await assert.rejects(
    snoozeAlert(engineer(0), { alertId, until: now + 200 * 24 * 60 * MINUTE }),
    isFault('snooze-too-long', /90 days/),
  )
})

test('whoever gives an alert back leaves it ringing', async () => {
  const alertId = await fired('Given back')
  await acknowledgeAlert(engineer(0), { alertId })
  await unacknowledgeAlert(engineer(0), { alertId })
  await unacknowledgeAlert(engineer(0), { alertId })
  const row = await alertNamed('Given back')
  assert.deepEqual([row.status, row.acknowledged_at], ['open', null])
  assert.deepEqual(
    (await pages()).map(({ status }) => status),
    ['acknowledged', 'open'],
  )
  assert.equal((await kindsOf(alertId)).filter((kind) => kind === 'unacknowledged').length, 1)
})

test('escalating begins the next step at once, and goes on where somebody had stopped it', async () => {
  const [first, second] = paging.team.engineers
  const alertId = await fired('Needs more')
  await escalateAlert(engineer(0), { alertId })
  const [page] = await pages()
  assert.deepEqual([...(await toldAbout(page!.id))].sort(), [first.id, second.id].sort())
  await acknowledgePage(engineer(0), { pageId: page!.id })
  await unacknowledgeAlert(engineer(0), { alertId })
  await acknowledgeAlert(engineer(0), { alertId })
  await escalateAlert(engineer(0), { alertId })
  const ringing = (await pages()).find(({ status }) => status === 'open')!
  assert.deepEqual([...(await toldAbout(ringing.id))], [second.id], 'the last page had told the first only')
  // What opens now is for those on call, and does not vanish in the page of the one called in.
  await paging.fire(paging.team.acmeProd, { name: 'News' })
  const news = (await pages()).findLast(({ status }) => status === 'open')!
  assert.ok((await toldAbout(news.id)).has(first.id))
})

test('a policy that is asked for by name pages, also for what is not urgent; an unknown one changes nothing', async () => {
  const [, , third] = paging.team.engineers
  await createEscalationPolicy(ada(), {
    slug: 'databases',
    name: 'Databases',
    repeat: 0,
    steps: [{ afterMinutes: 0, targets: [{ kind: 'account', id: third.id }] }],
    fallback: [{ kind: 'role', role: 'administrator' }],
  } as never)
  await paging.fire(paging.team.acmeProd, { name: 'Slow query', severity: 'low' })
  const { id: alertId } = await alertNamed('Slow query')
  await assert.rejects(
    escalateAlert(engineer(0), { alertId, policy: 'nobody' }),
    isFault('invalid-input', /no escalation policy/),
  )
  assert.deepEqual(await pages(), [])
  await escalateAlert(engineer(0), { alertId, policy: 'databases' })
  const [page] = await pages()
  assert.deepEqual([...(await toldAbout(page!.id))], [third.id])
  await acknowledgeAlert(engineer(1), { alertId })
  assert.equal((await pages())[0]?.status, 'acknowledged')
})

test('somebody called in is paged; taking the first page takes theirs, which carries nothing else', async () => {
  const [, , third] = paging.team.engineers
  const alertId = await fired('Called in')
  await addResponder(engineer(0), { alertId, target: { kind: 'account', id: third.id } })
  const [first, theirs] = await pages()
  assert.deepEqual([...(await toldAbout(theirs!.id))], [third.id])
  await assert.rejects(
    addResponder(engineer(0), { alertId, target: { kind: 'schedule', id: third.id } }),
    isFault('invalid-input', /No schedule/),
  )
  await acknowledgePage(engineer(1), { pageId: first!.id })
  assert.deepEqual(
    (await pages()).map(({ status }) => status),
    ['acknowledged', 'acknowledged'],
  )
  const responder = (await detailOf(alertId)).activity.find(({ kind }) => kind === 'responder-added')
  assert.equal(responder?.whom?.id, third.id)
})

test('owner, tags, details, words and notes are said with their words, once', async () => {
  const [first] = paging.team.engineers
  const alertId = await fired('Worded')
  for (let times = 0; times < 2; times += 1) {
    await assignAlert(engineer(1), { alertId, owner: first.id })
    await tagAlert(engineer(1), { alertId, add: ['disk', 'Customer'] })
    await changeDetails(engineer(1), { alertId, set: { ticket: 'ACME-7' } })
    await editAlert(engineer(1), { alertId, message: 'Disk of acme is full', priority: 2 })
  }
  await tagAlert(engineer(1), { alertId, add: ['more'], remove: ['DISK'] })
  await changeDetails(engineer(1), { alertId, remove: ['ticket'] })
  await writeNote(engineer(1), { alertId, note: 'Called them.' })
  const alert = await detailOf(alertId)
  assert.deepEqual(alert.tags, ['Customer', 'more'])
  assert.equal(alert.owner?.name, first.name)
  assert.deepEqual([alert.summary, alert.priority], ['Disk of acme is full', 'P2'])
  const said = alert.activity.slice(2).map(({ kind, whom, detail }) => [kind, whom?.name ?? detail])
  assert.deepEqual(said, [
    ['assigned', first.name],
    ['tagged', '+ disk\n+ Customer'],
    ['details-changed', '+ ticket = ACME-7'],
    ['changed', 'P2\nDisk of acme is full'],
    ['tagged', '+ more\n− disk'],
    ['details-changed', '− ticket'],
    ['noted', 'Called them.'],
  ])
  await closeAlert(engineer(1), { alertId, reason: 'done' })
  await assert.rejects(tagAlert(engineer(1), { alertId, add: ['late'] }), isFault('conflict', /closed/))
  await writeNote(engineer(1), { alertId, note: 'It was the log.' })
})

test('what a person calls urgent only now pages', async () => {
  await paging.fire(paging.team.acmeProd, { name: 'Raised', severity: 'low' })
  const { id: alertId } = await alertNamed('Raised')
  await editAlert(engineer(0), { alertId, priority: 1 })
  assert.equal((await pages()).length, 1)
})

test('a key works the alerts of its own environment, names the person, and lets nothing sleep by itself', async () => {
  const [first] = paging.team.engineers
  const alertId = await fired('By key')
  const until = paging.server.clock.now() + 10 * MINUTE
  await assert.rejects(snoozeAlert(throughKey(), { alertId, until }), isFault('not-allowed', /by a person/))
  await snoozeAlert(throughKey(), { alertId, until, by: first.id })
  await unacknowledgeAlert(throughKey(), { alertId })
  await assignAlert(throughKey(), { alertId, owner: first.id })
  await tagAlert(throughKey(), { alertId, add: ['from-key'] })
  await escalateAlert(throughKey(), { alertId, by: first.id })
  const { activity, owner } = await detailOf(alertId)
  assert.equal(owner?.id, first.id)
  const snoozed = activity.find(({ kind }) => kind === 'snoozed')
  assert.deepEqual([snoozed?.by?.id, snoozed?.until], [first.id, until])
  // Of the same customer: row-level security alone would let it through.
  await paging.fire(paging.team.acmeStaging, { name: 'Of staging' })
  const foreign = (await alertNamed('Of staging')).id
  const attempts = [
    () => unacknowledgeAlert(throughKey(), { alertId: foreign }),
    () => assignAlert(throughKey(), { alertId: foreign, owner: null }),
    () => snoozeAlert(throughKey(), { alertId: foreign, until, by: first.id }),
    () => endSnooze(throughKey(), { alertId: foreign }),
    () => escalateAlert(throughKey(), { alertId: foreign }),
    () => addResponder(throughKey(), { alertId: foreign, target: { kind: 'account', id: first.id } }),
    () => tagAlert(throughKey(), { alertId: foreign, add: ['x'] }),
    () => changeDetails(throughKey(), { alertId: foreign, set: { x: 'y' } }),
  ]
  for (const attempt of attempts) await assert.rejects(attempt, isFault('not-found', /not found/))
})

test('only members of staff who are still there can own an alert', async () => {
  const alertId = await fired('Owned')
  const contact = paging.team.acmeContact.id
  await assert.rejects(
    assignAlert(engineer(0), { alertId, owner: contact }),
    isFault('invalid-input', /No member of staff/),
  )
})
