/** Held, an installation shows what would fire; released, every expired promise has an outcome and the rest goes its way. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { HeldShape, InstallationShape } from '../../../contract/installation/installation.ts'
import { isHeld } from '../../platform/held.ts'
import { pagingTest, type PagingTest } from '../../operations/paging/paging.fixture.ts'

let paging: PagingTest

before(async () => {
  paging = await pagingTest()
})
after(() => paging.stop())

const database = () => paging.server.platform.database

/** As a restore leaves it; the guard of projections is for verbs. */
const hold = async (at: number | null): Promise<void> => {
  const client = await database().pool.connect()
  await client.query(`begin; set local fortnight.class_guard = 'off'`)
  await client.query('update installation set held_at = $1, held_reason = $2, released_at = null', [
    at,
    'Restored from the backup of yesterday.',
  ])
  await client.query('commit')
  client.release()
  await remembered(at !== null)
}
/** Processes look once a second. */
const remembered = async (held: boolean): Promise<void> => {
  const deadline = Date.now() + 5_000
  while ((await isHeld(paging.server.platform)) !== held) {
    assert.ok(Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const call = async <T>(token: string, method: 'GET' | 'POST', url: string, payload?: object) => {
  const reply = await paging.server.http.inject({
    method,
    url,
    headers: { authorization: `Bearer ${token}` },
    ...(payload ? { payload } : {}),
  })
  return { status: reply.statusCode, body: reply.json() as T & { code?: string; detail?: string } }
}
const admin = () => paging.team.administrator.token
const listed = async (token = admin()): Promise<HeldShape> =>
  (await call<HeldShape>(token, 'GET', '/api/installation/held')).body
const release = (expire: readonly string[], token = admin()) =>
  call<{
    expired: { kind: string; count: number }[]
    released: { kind: string; count: number }[]
    gone: string[]
  }>(token, 'POST', '/api/installation/held/release', { expire, reason: 'looked at everything' })

let named = 0
/** A page from before the restore, with a mail to send and a step to come; and then the hold begins. */
const pageThenHold = async () => {
  const name = `Before${++named}`
  await paging.fire(paging.team.acmeProd, { name })
  const page = (await paging.pagesOf(paging.team.acmeProd)).at(-1)
  assert.ok(page)
  paging.server.clock.advance(60_000)
  await hold(paging.server.clock.now())
  return page
}

beforeEach(async () => {
  // What an earlier test left ringing is over.
  await hold(null)
  const { rows } = await call<{ rows: { id: string }[] }>(
    admin(),
    'GET',
    '/api/alerts?status=not-closed&limit=200',
  ).then(({ body }) => body)
  for (const { id } of rows) await call(admin(), 'POST', `/api/alerts/${id}/close`, { reason: 'next test' })
  await paging.drain()
  paging.mail.received.length = 0
})

const endings = async (pageId: string) => {
  const intents = await paging.intentsOf(pageId)
  return intents.filter(({ channel }) => channel === 'email').map(({ status, outcome }) => [status, outcome])
}

test('while nothing is held there is nothing to see and nothing to release', async () => {
  assert.deepEqual(await listed(), {
    held: null,
    kinds: [],
    tasks: [],
    pages: [],
    alerts: [],
    alertCounts: { notClosed: 0, seenSince: 0 },
  })
  const refused = await release([])
  assert.deepEqual([refused.status, refused.body.code], [409, 'not-held'])
  assert.equal((await call<InstallationShape>(admin(), 'GET', '/api/installation')).body.held, null)
})

test('held, it shows whom what would tell, which pages ring, and what the sources still say', async () => {
  const page = await pageThenHold()
  paging.server.clock.advance(1_000)
  await paging.fire(paging.team.globexProd, { name: 'Since' })
  const reply = await listed()
  const [first] = paging.team.engineers
  assert.equal(reply.held?.reason, 'Restored from the backup of yesterday.')
  assert.equal(reply.held?.backup, null, 'no restore of ours caused it')
  const sends = reply.tasks.filter((task) => task.kind === 'page.send')
  assert.deepEqual(
    sends.map((task) => [task.fromBackup, task.person?.name, task.channel, task.page?.environment]),
    [
      [true, first.name, 'email', 'acme-prod'],
      [false, first.name, 'email', 'globex-prod'],
    ],
  )
  assert.equal(sends[0]?.page?.id, page.id)
  assert.deepEqual(
    reply.kinds
      .map(({ kind, waiting, fromBackup, standsStill }) => [kind, waiting, fromBackup, standsStill])
      .filter(([kind]) => String(kind).startsWith('page.')),
    [
      ['page.send', 2, 1, true],
      ['page.step', 2, 1, true],
    ],
  )
  assert.deepEqual(
    reply.pages.map(({ fromBackup, unfinishedIntents, nextStepAt }) => [
      fromBackup,
      unfinishedIntents,
      nextStepAt !== null,
    ]),
    [
      [false, 1, true],
      [true, 1, true],
    ],
  )
  assert.deepEqual(
    reply.alerts.map(({ name, fromBackup, seenSince }) => [name, fromBackup, seenSince]).sort(),
    [
      [`Before${named}`, true, false],
      ['Since', false, true],
    ],
  )
  assert.deepEqual(reply.alertCounts, { notClosed: 2, seenSince: 1 })
})

test('nothing is sent while it is held, however much is due', async () => {
  const page = await pageThenHold()
  paging.server.clock.advance(3600_000)
  await paging.drain()
  assert.equal(paging.mail.received.length, 0)
  assert.deepEqual(await endings(page.id), [['intended', null]])
})

test('released without a word against it, everything goes', async () => {
  const page = await pageThenHold()
  const { body } = await release([])
  assert.deepEqual(body.expired, [])
  assert.deepEqual(body.released, [
    { kind: 'page.send', count: 1 },
    { kind: 'page.step', count: 1 },
  ])
  await remembered(false)
  await paging.drain()
  assert.equal(paging.mailsTo(paging.team.engineers[0]).length, 1)
  assert.equal((await endings(page.id))[0]?.[0], 'sent')
})

test('an expired promise ends cancelled, with its outcome in history, and its task is gone', async () => {
  const page = await pageThenHold()
  const { body } = await release(['page.send', 'page.step'])
  assert.deepEqual(body.expired, [
    { kind: 'page.send', count: 1 },
    { kind: 'page.step', count: 1 },
  ])
  assert.deepEqual(await endings(page.id), [['cancelled', 'expired after restore']])
  const { rows } = await database().pool.query(
    `select type from events where stream_id = $1 and type in ('page.intent-ended', 'page.escalation-called-off') and via = 'api'
     order by version`,
    [page.id],
  )
  assert.deepEqual(rows, [{ type: 'page.intent-ended' }, { type: 'page.escalation-called-off' }])
  await remembered(false)
  paging.server.clock.advance(3600_000)
  await paging.drain()
  assert.equal(paging.mail.received.length, 0, 'neither the mail nor the next step came')
  const [after] = await paging
    .pagesOf(paging.team.acmeProd)
    .then((pages) => pages.filter(({ id }) => id === page.id))
  assert.equal(after?.status, 'open', 'the page itself stays for whoever looks')
})

test('a kind expires what came with the backup; an alert of now pages', async () => {
  const old = await pageThenHold()
  paging.server.clock.advance(1_000)
  await paging.fire(paging.team.globexProd, { name: 'Now' })
  await release(['page.send', 'page.step'])
  await remembered(false)
  await paging.drain()
  assert.deepEqual(
    paging.mailsTo(paging.team.engineers[0]).map(({ subject }) => subject?.includes('Now')),
    [true],
  )
  assert.deepEqual(await endings(old.id), [['cancelled', 'expired after restore']])
})

test('a promise that was being kept when the backup was taken says that it may have arrived', async () => {
  const page = await pageThenHold()
  const intent = (await paging.intentsOf(page.id)).find(({ channel }) => channel === 'email')
  await database().pool.query(
    `insert into page_sends (intent_id, attempt, due_at, lease_until_at) values ($1, 1, 0, 9999999999999)
     on conflict (intent_id) do update set attempt = 1, lease_until_at = 9999999999999`,
    [intent?.id],
  )
  await release(['page.send'])
  assert.match(String((await endings(page.id))[0]?.[1]), /^expired after restore; .*may have arrived/)
})

test('acknowledged while held, a page needs no release, and its old id is told as gone', async () => {
  const page = await pageThenHold()
  const task = (await listed()).tasks.find(({ kind }) => kind === 'page.send')
  const acknowledged = await call(
    paging.team.engineers[1].token,
    'POST',
    `/api/pages/${page.id}/acknowledge`,
    {},
  )
  assert.equal(acknowledged.status, 200)
  const { body } = await release([task?.id ?? ''])
  assert.deepEqual([body.expired, body.gone], [[], [task?.id]])
})

test('what does not stand still cannot be expired, and nothing is released then', async () => {
  await pageThenHold()
  const refused = await release(['page.send', 'people.sweep'])
  assert.deepEqual([refused.status, refused.body.code], [409, 'not-held-back'])
  assert.equal((await release(['nonsense'])).status, 422)
  assert.notEqual((await listed()).held, null)
})

test('two administrators at once: one releases, the other is told; an engineer may only look', async () => {
  await pageThenHold()
  const engineer = paging.team.engineers[0].token
  assert.equal((await release([], engineer)).status, 403)
  assert.equal((await listed(engineer)).tasks.length, 2)
  const both = await Promise.all([release([]), release([])])
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 409])
})
