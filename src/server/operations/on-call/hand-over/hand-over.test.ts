/** A hand-over note: drafted from what is open, kept, sent to who takes over when they do, and duty moves without it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { handOverRoutes } from '../../../../contract/operations/hand-over.ts'
import { webhookBody } from '../../../testing/alertmanager-body.ts'
import { startMailServer, type MailServer } from '../../../testing/mail-server.ts'
import { at, expectStatus, openRota, weekly, type Rota } from '../rota-for-tests.test.ts'

let rota: Rota
let mail: MailServer
before(async () => {
  mail = await startMailServer()
  rota = await openRota({ SMTP_URL: mail.url })
  const { deliveryManager, engineers, acmeProd } = rota.team
  const layers = [weekly(engineers.map(({ id }) => id))]
  const body = { slug: 'primary', name: 'Primary', layers }
  expectStatus(await rota.call(deliveryManager, 'POST', '/api/schedules', body), 201)
  const fired = await rota.http.inject({
    method: 'POST',
    url: '/integrations/alertmanager',
    headers: { authorization: `Bearer ${acmeProd.key}`, 'content-type': 'application/json' },
    payload: JSON.stringify(webhookBody({ name: 'VolumeFillingUp' })),
  })
  assert.equal(fired.statusCode, 200)
})
after(async () => {
  await rota.stop()
  await mail.close()
})

const HAND_OVER = at('2026-11-16T08:00Z')
const send = async (as: { token: string }, method: 'GET' | 'PUT', url: string, payload?: object) => {
  const headers = { authorization: `Bearer ${as.token}` }
  const reply = await rota.http.inject({ method, url, headers, ...(payload ? { payload } : {}) })
  return { status: reply.statusCode, body: reply.json() }
}
const url = '/api/schedules/primary/hand-over'
const lettersTo = (email: string) => mail.received.filter(({ to }) => JSON.stringify(to).includes(email))

test('the draft names what is open and who takes over, and changes nothing', async () => {
  const [bo] = rota.team.engineers
  const { body } = await send(bo, 'GET', url)
  const { next, can } = handOverRoutes.draftHandOver.reply.parse(body)
  assert.equal(next?.at, HAND_OVER)
  assert.deepEqual(
    [next?.outgoing, next?.incoming].map((people) => people?.map(({ name }) => name)),
    [['Bo Example'], ['Cleo Example']],
  )
  assert.match(next?.draft ?? '', /\*\*Open alerts\*\*\n\n\* acme-prod: P\d VolumeFillingUp/)
  assert.match(next?.draft ?? '', /\*\*Incidents\*\*\n\nNone\./)
  assert.deepEqual([next?.note, can.write], [null, true])
  assert.equal((await send(rota.team.auditor, 'GET', url)).body.can.write, false)
})

test('a note is kept for a hand-over that there is, and nobody overwrites another’s unseen', async () => {
  const [bo, cleo] = rota.team.engineers
  const write = (as: { token: string }, body: object) => send(as, 'PUT', url, body)
  assert.equal((await write(bo, { at: HAND_OVER + 1, text: 'x' })).body.code, 'no-hand-over-then')
  assert.equal((await write(rota.team.auditor, { at: HAND_OVER, text: 'x' })).status, 403)
  const first = await write(bo, { at: HAND_OVER, text: 'First words', ifVersion: 0 })
  handOverRoutes.writeHandOver.reply.parse(first.body)
  assert.equal((await write(cleo, { at: HAND_OVER, text: 'Mine', ifVersion: 0 })).status, 409)
  const again = await write(bo, { at: HAND_OVER, text: 'The disk is watched.', ifVersion: 1 })
  assert.deepEqual([again.status, again.body.version, again.body.id], [200, 2, first.body.id])
  const { rows } = (await send(cleo, 'GET', '/api/hand-over-notes?schedule=primary')).body
  assert.deepEqual(
    rows.map(({ text }: { text: string }) => text),
    ['The disk is watched.'],
  )
  assert.deepEqual((await send(cleo, 'GET', '/api/hand-over-notes?mine=true')).body.rows, [], 'not yet')
})

test('it reaches who takes over when the shift begins, once, by the rota as it is then', async () => {
  const [bo, cleo, dag] = rota.team.engineers
  await rota.tasks.drain()
  assert.deepEqual(lettersTo(cleo.email), [])
  // Dag takes the first day of it: duty is his by the rota, and so is the note.
  const override = { accountId: dag.id, from: HAND_OVER, to: at('2026-11-17T08:00Z') }
  expectStatus(await rota.call(cleo, 'POST', '/api/schedules/primary/overrides', override), 201)
  rota.clock.advance(HAND_OVER - rota.clock.now() + 1_000)
  await rota.tasks.drain()
  await rota.tasks.drain()
  assert.deepEqual(lettersTo(cleo.email), [])
  const [letter, ...more] = lettersTo(dag.email)
  assert.equal(more.length, 0)
  assert.match(letter?.subject ?? '', /You take over Primary: a note from Bo Example/)
  assert.match(letter?.text ?? '', /^The disk is watched\./)
  const mine = async (as: { token: string }) =>
    (await send(as, 'GET', '/api/hand-over-notes?mine=true')).body.rows
  assert.equal((await mine(dag)).length, 1)
  assert.equal((await mine(bo)).length, 0)
})
