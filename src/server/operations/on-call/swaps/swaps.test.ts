/** Swaps through the API, the mail and the rota: nothing moves without consent, and what was agreed to follows the shift. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Problem } from '../../../../contract/errors.ts'
import { swapRoutes, type SwapReply } from '../../../../contract/operations/swaps.ts'
import { startMailServer, type MailServer } from '../../../testing/mail-server.ts'
import type { SeededPerson } from '../../../testing/seed.ts'
import { whoIsOnCallNow } from '../on-call-now.ts'
import { at, expectStatus, openRota, weekly, type Rota } from '../rota-for-tests.test.ts'

let rota: Rota
let mail: MailServer
before(async () => {
  mail = await startMailServer()
  rota = await openRota({ SMTP_URL: mail.url })
})
after(async () => {
  await rota.stop()
  await mail.close()
})

type Who = { readonly token: string }
type Answered = SwapReply & { readonly swap: SwapReply }
const send = async <Reply = Answered>(
  as: Who,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  payload?: object,
) => {
  const headers = { authorization: `Bearer ${as.token}` }
  const answer = await rota.http.inject({ method, url, headers, ...(payload ? { payload } : {}) })
  return { status: answer.statusCode, body: answer.json() as Reply & Pick<Problem, 'code' | 'detail'> }
}

let made = 0
/** A rota of its own for each test: Bo has the week of the 9th, Cleo that of the 16th, Dag that of the 23rd. */
const newRota = async (participants = rota.team.engineers.map(({ id }) => id)): Promise<string> => {
  made += 1
  const slug = `rota-${made}`
  const body = { slug, name: `Rota ${made}`, layers: [weekly(participants)] }
  expectStatus(await rota.call(rota.team.deliveryManager, 'POST', '/api/schedules', body), 201)
  return slug
}
const weekOf = (monday: string) => ({
  from: at(`${monday}T08:00Z`),
  to: at(`${monday}T08:00Z`) + 7 * 86_400_000,
})
const onCallAt = async (slug: string, instant: string): Promise<string | undefined> => {
  const { id } = (await send<{ id: string }>(rota.team.auditor, 'GET', `/api/schedules/${slug}`)).body
  const duty = await whoIsOnCallNow(rota.platform.database.db, id, at(instant))
  return duty.kind === 'people' ? duty.people[0].accountId : undefined
}
const offer = async (slug: string, as: Who, body: object) => {
  const answer = await send(as, 'POST', `/api/schedules/${slug}/swaps`, body)
  if (answer.status === 201) swapRoutes.offerSwap.reply.parse(answer.body)
  return answer
}
const subjectsTo = ({ email }: SeededPerson): string[] =>
  mail.received.filter(({ to }) => JSON.stringify(to).includes(email)).map(({ subject }) => subject ?? '')
const overridesOf = async (slug: string) =>
  (
    await send<{ overrides: { swapId: string | null; from: number; to: number; id: string }[] }>(
      rota.team.auditor,
      'GET',
      `/api/schedules/${slug}`,
    )
  ).body.overrides

test('an offered shift stays with its giver until the other accepts, and accepting twice is accepting once', async () => {
  const [, cleo, dag] = rota.team.engineers
  const slug = await newRota()
  const body = { with: dag.handle, give: weekOf('2026-11-16'), note: 'School play' }
  const { body: swap } = expectStatus(await offer(slug, cleo, body), 201)
  assert.equal((await offer(slug, cleo, body)).body.code, 'swap-asked-already')
  assert.equal(await onCallAt(slug, '2026-11-18T12:00Z'), cleo.id)
  assert.deepEqual([swap.status, swap.can], ['offered', { answer: false, withdraw: true }])
  await rota.tasks.drain()
  assert.ok(subjectsTo(dag).some((subject) => subject.startsWith('Cleo Example asks you')))
  const url = `/api/swaps/${swap.id}`
  const wrong = await send(cleo, 'POST', `${url}/accept`)
  assert.deepEqual([wrong.status, wrong.body.code], [409, 'swap-not-yours'])
  assert.equal((await send(rota.team.auditor, 'POST', `${url}/accept`)).status, 403)
  const listed = await send<{ rows: SwapReply[] }>(dag, 'GET', `/api/swaps?schedule=${slug}`)
  swapRoutes.listSwaps.reply.parse(listed.body)
  assert.deepEqual(listed.body.rows[0]?.can, { answer: true, withdraw: false })
  assert.equal(listed.body.rows[0]?.note, 'School play')

  const accepted = expectStatus(await send(dag, 'POST', `${url}/accept`), 200)
  swapRoutes.acceptSwap.reply.parse(accepted.body)
  assert.equal(accepted.body.swap.status, 'accepted')
  assert.equal(await onCallAt(slug, '2026-11-18T12:00Z'), dag.id)
  assert.equal(await onCallAt(slug, '2026-11-23T08:00Z'), dag.id, 'and their own week follows')
  expectStatus(await send(dag, 'POST', `${url}/accept`), 200)
  const overrides = await overridesOf(slug)
  assert.deepEqual(
    overrides.map(({ swapId }) => swapId),
    [swap.id],
  )
  await rota.tasks.drain()
  assert.ok(subjectsTo(cleo).some((subject) => subject.startsWith('Dag Example accepted')))
})

test('two shifts are traded by one acceptance, and taking one override away ends the whole trade', async () => {
  const [, cleo, dag] = rota.team.engineers
  const slug = await newRota()
  const body = { with: dag.id, give: weekOf('2026-11-16'), take: weekOf('2026-11-23') }
  const { body: swap } = expectStatus(await offer(slug, cleo, body), 201)
  assert.equal(swap.legs.length, 2)
  expectStatus(await send(dag, 'POST', `/api/swaps/${swap.id}/accept`), 200)
  const both = async () => [
    await onCallAt(slug, '2026-11-18T12:00Z'),
    await onCallAt(slug, '2026-11-25T12:00Z'),
  ]
  assert.deepEqual(await both(), [dag.id, cleo.id])
  const [first] = await overridesOf(slug)
  const url = `/api/schedules/${slug}/overrides/${first?.id}`
  expectStatus(await send(rota.team.deliveryManager, 'DELETE', url), 200)
  assert.deepEqual(await both(), [cleo.id, dag.id])
  const { rows } = (await send<{ rows: SwapReply[] }>(cleo, 'GET', `/api/swaps?schedule=${slug}`)).body
  assert.deepEqual([rows[0]?.status, rows[0]?.why], ['void', 'override-removed'])
})

test('the link in the mail changes nothing when opened, and its button answers once', async () => {
  const [, cleo, dag] = rota.team.engineers
  const slug = await newRota()
  const { body: swap } = expectStatus(
    await offer(slug, cleo, { with: dag.handle, give: weekOf('2026-11-16') }),
    201,
  )
  await rota.tasks.drain()
  const text = mail.received.findLast((letter) => letter.text?.includes('/swaps/'))?.text ?? ''
  const { pathname } = new URL(/https?:\/\/\S+\/swaps\/\S+/.exec(text)?.[0] ?? '')
  for (const method of ['GET', 'HEAD'] as const)
    assert.equal((await rota.http.inject({ method, url: pathname })).statusCode, 200)
  assert.equal(await onCallAt(slug, '2026-11-18T12:00Z'), cleo.id)
  const press = (answer: string) =>
    rota.http.inject({
      method: 'POST',
      url: '/swaps',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' },
      payload: new URLSearchParams({ token: pathname.split('/').at(-1) ?? '', answer }).toString(),
    })
  const answers = await Promise.all([press('accept'), press('accept')])
  assert.deepEqual(
    answers.map(({ statusCode }) => statusCode),
    [303, 303],
  )
  assert.equal((await press('decline')).statusCode, 303, 'too late: it shows how things stand')
  assert.equal(await onCallAt(slug, '2026-11-18T12:00Z'), dag.id)
  assert.equal((await overridesOf(slug)).length, 1)
  assert.match((await rota.http.inject({ url: pathname })).body, /Accepted: it stands in the rota/)
  assert.ok(swap.id)
})

test('declined, taken back or unanswered, whoever had the shift keeps it and nobody can accept any more', async () => {
  const [, cleo, dag] = rota.team.engineers
  const slug = await newRota()
  const ask = async (hours: number) => {
    const give = { from: at('2026-11-16T08:00Z') + hours * 3_600_000, to: at('2026-11-23T08:00Z') }
    return expectStatus(await offer(slug, cleo, { with: dag.handle, give }), 201).body
  }
  const [declined, withdrawn, expired] = [await ask(1), await ask(2), await ask(3)]
  expectStatus(await send(dag, 'POST', `/api/swaps/${declined.id}/decline`), 200)
  expectStatus(await send(cleo, 'POST', `/api/swaps/${withdrawn.id}/withdraw`), 200)
  const start = rota.clock.now()
  rota.clock.advance(at('2026-11-16T11:00Z') - start)
  await rota.tasks.drain()
  for (const { id } of [declined, withdrawn, expired]) {
    const answer = await send(dag, 'POST', `/api/swaps/${id}/accept`)
    assert.deepEqual([answer.status, answer.body.code], [409, 'swap-over'])
  }
  assert.equal(await onCallAt(slug, '2026-11-18T12:00Z'), cleo.id)
  assert.ok(subjectsTo(cleo).some((subject) => subject.startsWith('Nobody answered your swap')))
  assert.deepEqual(await overridesOf(slug), [])
})

test('where the rota moves the shift the swap moves too; where the shift is gone it is void, and both are told', async () => {
  const [bo, cleo, dag] = rota.team.engineers
  const slug = await newRota([bo.id, cleo.id, dag.id])
  // From here on the clock stands on the 16th: the shifts are Dag's of the 23rd and Bo's of the 30th.
  const { body: swap } = expectStatus(
    await offer(slug, dag, { with: bo.handle, give: weekOf('2026-11-23') }),
    201,
  )
  expectStatus(await send(bo, 'POST', `/api/swaps/${swap.id}/accept`), 200)
  const change = async (more: object) =>
    expectStatus(
      await send(rota.team.deliveryManager, 'PUT', `/api/schedules/${slug}`, {
        name: 'Moved',
        layers: [weekly([bo.id, cleo.id, dag.id], more)],
      }),
      200,
    )
  await change({ handOver: { weekday: 2, time: '10:00' }, startsOn: '2026-11-10' })
  const [moved] = await overridesOf(slug)
  assert.deepEqual([moved?.from, moved?.to], [at('2026-11-24T09:00Z'), at('2026-12-01T09:00Z')])
  assert.equal(await onCallAt(slug, '2026-11-24T12:00Z'), bo.id)
  await change({ participants: [bo.id, dag.id, cleo.id] })
  assert.deepEqual(await overridesOf(slug), [])
  const { rows } = (await send<{ rows: SwapReply[] }>(bo, 'GET', `/api/swaps?schedule=${slug}`)).body
  assert.deepEqual([rows[0]?.status, rows[0]?.why], ['void', 'shift-gone'])
  const from = mail.received.length
  await rota.tasks.drain()
  const told = mail.received.slice(from)
  for (const { email } of [bo, dag])
    assert.ok(
      told.some(
        ({ to, subject, text }) =>
          JSON.stringify(to).includes(email) &&
          subject?.includes('is void') &&
          text?.includes('the shift is not there any more'),
      ),
      email,
    )
})

test('nobody offers what is not theirs, to themselves, or to who may not take a page', async () => {
  const [bo, cleo, dag] = rota.team.engineers
  const slug = await newRota()
  const code = async (as: Who, body: object) => (await offer(slug, as, body)).body.code
  const give = weekOf('2026-11-23')
  assert.equal(await code(cleo, { with: bo.handle, give }), 'swap-not-theirs')
  assert.equal(await code(dag, { with: dag.handle, give }), 'swap-with-oneself')
  assert.equal(await code(dag, { with: 'nobody-called-so', give }), 'not-found')
  assert.equal(await code(dag, { with: rota.team.auditor.handle, give }), 'invalid-input')
  assert.equal(await code(dag, { with: bo.handle, give: { from: give.to, to: give.from } }), 'stretch-empty')
  assert.equal(await code(dag, { with: bo.handle, give: weekOf('2026-11-09') }), 'swap-begun')
  assert.equal((await offer(slug, rota.team.auditor, { with: bo.handle, give })).status, 403)
})
