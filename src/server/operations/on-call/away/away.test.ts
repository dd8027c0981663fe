/** Leave and forwarding through the API: whose it may be, what it moves, and what stays on record. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { awayRoutes, type AbsenceReply, type ForwardingReply } from '../../../../contract/operations/away.ts'
import type { Problem } from '../../../../contract/errors.ts'
import { bodyOf } from '../../../platform/event-body.ts'
import { whoIsOnCallNow } from '../on-call-now.ts'
import { at, expectStatus, madeId, openRota, weekly, type Rota } from '../rota-for-tests.test.ts'

let rota: Rota
let scheduleId: string
before(async () => {
  rota = await openRota()
  const layers = [weekly(rota.team.engineers.map(({ id }) => id))]
  const body = { slug: 'primary', name: 'Primary', layers }
  scheduleId = madeId(
    expectStatus(await rota.call(rota.team.deliveryManager, 'POST', '/api/schedules', body), 201) as never,
  )
})
after(() => rota.stop())

const send = async <Reply = AbsenceReply & ForwardingReply>(
  as: { token: string },
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  payload?: object,
) => {
  const headers = { authorization: `Bearer ${as.token}` }
  const answer = await rota.http.inject({ method, url, headers, ...(payload ? { payload } : {}) })
  return { status: answer.statusCode, body: answer.json() as Reply & Problem }
}
const onCallAt = async (instant: string): Promise<string | null> => {
  const onCall = await whoIsOnCallNow(rota.platform.database.db, scheduleId, at(instant))
  return onCall.kind === 'people' ? onCall.people[0].accountId : null
}
const shiftsFrom = async (from: string, to: string) => {
  const url = `/api/schedules/primary/timeline?from=${at(from)}&to=${at(to)}`
  return expectStatus(await rota.call<'scheduleTimeline'>(rota.team.auditor, 'GET', url), 200).body
}
const stretch = (from: string, to: string) => ({ from: at(from), to: at(to) })

test('leave moves no duty and is pointed out where it meets a shift', async () => {
  const [, cleo] = rota.team.engineers
  const wanted = { ...stretch('2026-11-18T00:00Z', '2026-11-20T00:00Z'), reason: 'Skiing' }
  const made = expectStatus(await send(cleo, 'POST', '/api/on-call/absences', wanted), 201)
  awayRoutes.addAbsence.reply.parse(made.body)
  assert.equal(await onCallAt('2026-11-18T12:00Z'), cleo.id)
  const { findings } = await shiftsFrom('2026-11-16T08:00Z', '2026-11-23T08:00Z')
  const found = findings.filter(({ code }) => code === 'on-call-while-away')
  assert.deepEqual(
    found.map(({ from, to, person }) => [from, to, person?.id]),
    [[wanted.from, wanted.to, cleo.id]],
  )
  assert.match(found[0]?.detail ?? '', /^Cleo Example is away and on call/)
  const listed = await send<{ rows: AbsenceReply[] }>(rota.team.auditor, 'GET', '/api/on-call/absences')
  assert.deepEqual(
    listed.body.rows.map(({ reason, can }) => [reason, can.remove]),
    [['Skiing', false]],
  )
  const url = `/api/on-call/absences/${made.body.id}`
  assert.equal((await send(rota.team.engineers[0], 'DELETE', url)).status, 403)
  assert.equal((await send(cleo, 'DELETE', url)).status, 200)
  assert.equal((await send(cleo, 'DELETE', url)).status, 200, 'a repeat changes nothing')
  const after = await shiftsFrom('2026-11-16T08:00Z', '2026-11-23T08:00Z')
  assert.ok(after.findings.every(({ code }) => code !== 'on-call-while-away'))
})

test('a forwarded duty goes to whoever answers, on the page, in the timeline, and as it was known then', async () => {
  const [, cleo, dag] = rota.team.engineers
  const known = rota.platform.clock.now()
  rota.clock.advance(60_000)
  const wanted = { ...stretch('2026-11-18T08:00Z', '2026-11-18T20:00Z'), toAccountId: dag.id }
  const made = expectStatus(await send(cleo, 'POST', '/api/on-call/forwardings', wanted), 201)
  awayRoutes.addForwarding.reply.parse(made.body)
  assert.equal(await onCallAt('2026-11-18T12:00Z'), dag.id)
  assert.equal(await onCallAt('2026-11-18T20:00Z'), cleo.id)
  const { shifts } = await shiftsFrom('2026-11-18T08:00Z', '2026-11-18T09:00Z')
  assert.deepEqual(
    shifts.map(({ person, forwardedFrom }) => [person.name, forwardedFrom?.name]),
    [['Dag Example', 'Cleo Example']],
  )
  const then = async (knownAt: number) => {
    const url = `/api/on-call?at=${at('2026-11-18T12:00Z')}&knownAt=${knownAt}`
    const { rows } = (await rota.call<'whoIsOnCall'>(rota.team.auditor, 'GET', url)).body
    return rows[0]?.onCall.kind === 'person' ? rows[0].onCall.person.name : null
  }
  assert.equal(await then(known), 'Cleo Example')
  assert.equal(await then(rota.platform.clock.now()), 'Dag Example')
  const removed = await send(cleo, 'DELETE', `/api/on-call/forwardings/${made.body.id}`)
  assert.equal(removed.status, 200)
  assert.equal(await onCallAt('2026-11-18T12:00Z'), cleo.id)
})

test('nobody forwards for somebody else without the right to change rotas, to themselves, or to who may not take a page', async () => {
  const [bo, cleo] = rota.team.engineers
  const { deliveryManager, auditor } = rota.team
  const hours = stretch('2026-12-01T08:00Z', '2026-12-01T20:00Z')
  const post = (as: { token: string }, body: object) =>
    send(as, 'POST', '/api/on-call/forwardings', { ...hours, ...body })
  assert.equal((await post(bo, { accountId: cleo.id, toAccountId: bo.id })).status, 403)
  assert.equal((await post(deliveryManager, { accountId: cleo.id, toAccountId: bo.id })).status, 201)
  assert.equal((await post(bo, { toAccountId: bo.id })).body.code, 'forwarded-to-oneself')
  assert.match(
    (await post(bo, { toAccountId: auditor.id })).body.detail ?? '',
    /no role that may acknowledge/,
  )
  const over = { ...stretch('2026-11-01T08:00Z', '2026-11-02T08:00Z'), toAccountId: cleo.id }
  assert.equal((await send(bo, 'POST', '/api/on-call/forwardings', over)).body.code, 'stretch-over')
})

test('why somebody is away is a word of the event and stands nowhere else', async () => {
  const rows = await rota.platform.database.db
    .selectFrom('events as e')
    .innerJoin('event_bodies as b', 'b.event_id', 'e.id')
    .select(['e.type', 'b.disclosures'])
    .where('e.stream_kind', '=', 'absence')
    .orderBy('e.version')
    .execute()
  assert.deepEqual(
    rows.map(({ type, disclosures }) => [type, bodyOf(disclosures)['reason']]),
    [
      ['absence.added', 'Skiing'],
      ['absence.removed', undefined],
    ],
  )
})

test('taking back is offered only to who could do it, on leave of their own as well', async () => {
  const { auditor, deliveryManager } = rota.team
  const wanted = { ...stretch('2026-12-01T00:00Z', '2026-12-02T00:00Z'), accountId: auditor.id }
  const { body } = expectStatus(await send(deliveryManager, 'POST', '/api/on-call/absences', wanted), 201)
  const offered = async (who: { token: string }) => {
    const { rows } = (await send<{ rows: AbsenceReply[] }>(who, 'GET', '/api/on-call/absences')).body
    return rows.find(({ id }) => id === body.id)?.can.remove
  }
  assert.deepEqual([await offered(auditor), await offered(deliveryManager)], [false, true])
  assert.equal((await send(auditor, 'DELETE', `/api/on-call/absences/${body.id}`)).status, 403)
})
