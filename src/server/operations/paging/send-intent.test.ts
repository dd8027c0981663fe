/** Every promise to tell somebody ends in an outcome, whatever mail servers, push services and our own processes do. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { MOST_ATTEMPTS, SEND_LEASE_MS } from '../../../domain/operations/paging/intent.ts'
import { systemCtx } from '../../platform/context.ts'
import { acknowledgePage } from './acknowledge-page.ts'
import { sendIntent } from './send-intent.ts'
import { MINUTE, pagingTest, type PagingTest } from './paging.fixture.ts'

let paging: PagingTest
let round = 0
before(async () => {
  paging = await pagingTest()
})
after(() => paging?.stop())
beforeEach(() => {
  paging.mail.refuseWith = undefined
})

/** A page of its own for each test, with its mail and push promises to the first engineer. */
const ring = async () => {
  const { acmeProd } = paging.team
  // Whatever earlier tests left ringing would be joined.
  const { db } = paging.server.platform.database
  const open = await db.selectFrom('pages').select('id').where('status', '=', 'open').execute()
  for (const { id } of open)
    await acknowledgePage(paging.server.as(paging.team.administrator.actor), { pageId: id })
  await paging.fire(acmeProd, { name: `Trouble ${++round}` })
  const page = (await paging.pagesOf(acmeProd)).at(-1)!
  const intent = async (channel: 'email' | 'web-push') =>
    (await paging.intentsOf(page.id)).find((each) => each.channel === channel)!
  return { page, intent }
}
const send = (intentId: string) => sendIntent(systemCtx(paging.server.platform, 'page.send'), { intentId })
const wait = async (ms: number) => {
  paging.server.clock.advance(ms)
  await paging.drain()
}

test('a mail server that says "later" is asked again after the pause, and the mail then goes out once', async () => {
  const { intent } = await ring()
  const [first] = paging.team.engineers
  const before = paging.mailsTo(first).length
  paging.mail.refuseWith = 451
  await paging.drain()
  const waiting = await intent('email')
  assert.equal(waiting.status, 'intended')
  paging.mail.refuseWith = undefined
  await wait(4_999)
  assert.equal((await intent('email')).status, 'intended', 'not before its time')
  await wait(1)
  assert.equal((await intent('email')).status, 'sent')
  const mails = paging.mailsTo(first).slice(before)
  assert.equal(mails.length, 1)
  assert.doesNotMatch(
    mails[0]?.text ?? '',
    /may have received/,
    'the refused attempt certainly did not arrive',
  )
})

test('a mail server that refuses for good ends the promise, and the answer is kept', async () => {
  const { intent } = await ring()
  paging.mail.refuseWith = 550
  await paging.drain()
  const ended = await intent('email')
  assert.equal(ended.status, 'failed')
  assert.match(ended.outcome ?? '', /^refused by the mail server: .*told to refuse/)
})

test('a mail server that is down is asked seven times, then the promise has failed', async () => {
  const { intent, page } = await ring()
  paging.mail.refuseWith = 421
  await paging.drain()
  // Further steps would write promises of their own.
  for (let minutes = 0; minutes < 12; minutes++) await wait(MINUTE)
  const ended = await intent('email')
  assert.equal(ended.status, 'failed')
  assert.match(ended.outcome ?? '', /^given up after 7 attempts/)
  const open = (await paging.intentsOf(page.id)).filter(({ status }) => status === 'intended')
  assert.ok(
    open.every(({ step }) => step > 0),
    'what is still open belongs to later steps',
  )
})

test('a send whose process vanished is tried again after its lease and says that it may be a repeat', async () => {
  const { intent, page } = await ring()
  const { id } = await intent('email')
  const { db } = paging.server.platform.database
  const now = paging.server.clock.now()
  const vanished = { attempt: 1, due_at: now, lease_until_at: now + SEND_LEASE_MS, last_answer: null }
  await db
    .insertInto('page_sends')
    .values({ intent_id: id, ...vanished })
    .execute()
  await send(id)
  assert.equal((await intent('email')).status, 'intended', 'somebody is at it')
  paging.server.clock.advance(SEND_LEASE_MS)
  await send(id)
  assert.equal((await intent('email')).status, 'sent')
  const mail = paging.mail.received.find(({ headers }) => headers.get('x-fortnight-page') === page.id)
  assert.match(mail?.text ?? '', /may have received this message before/)
  assert.match(mail?.messageId ?? '', new RegExp(id), 'a mail client can fold the repeat into the first')
})

test('a send that takes its process down every time ends as one of unknown outcome', async () => {
  const { intent } = await ring()
  const { id } = await intent('email')
  const now = paging.server.clock.now()
  const doomed = { attempt: MOST_ATTEMPTS, due_at: now, lease_until_at: now - 1, last_answer: null }
  await paging.server.platform.database.db
    .insertInto('page_sends')
    .values({ intent_id: id, ...doomed })
    .execute()
  await send(id)
  const ended = await intent('email')
  assert.equal(ended.status, 'cancelled')
  assert.match(ended.outcome ?? '', /given up after 20 attempts, the last of unknown outcome/)
})

test('an acceptance that comes after the lease is not lost: the first "sent" stands, whatever the later attempt hears', async () => {
  const [first] = paging.team.engineers
  const browser = await paging.browserOf(first)
  const { intent } = await ring()
  const { id } = await intent('web-push')
  const release = paging.push.holdAnswers()
  const slow = send(id)
  while (browser.accepted.length === 0) await new Promise((resolve) => setImmediate(resolve))
  paging.server.clock.advance(SEND_LEASE_MS + 1)
  paging.push.nextAnswers.push({ status: 503 })
  const second = send(id)
  const { db } = paging.server.platform.database
  const attempts = async () =>
    (await db.selectFrom('page_sends').select('attempt').where('intent_id', '=', id).executeTakeFirst())
      ?.attempt
  while ((await attempts()) !== 2) await new Promise((resolve) => setImmediate(resolve))
  release()
  await Promise.all([slow, second])
  const ended = await intent('web-push')
  assert.equal(ended.status, 'sent')
  assert.match(ended.outcome ?? '', /accepted by the push service for 1 of 1/)
  const acts = await db
    .selectFrom('events')
    .select('type')
    .where('type', '=', 'page.intent-ended')
    .where('stream_id', '=', ended.page_id)
    .execute()
  await wait(10 * MINUTE)
  assert.equal(browser.accepted.length, 1, 'and it is not sent again')
  assert.ok(acts.length >= 1)
  browser.unsubscribe()
})

test('nothing is sent once the acknowledgement has committed, and what waited ends as cancelled', async () => {
  const { intent, page } = await ring()
  const before = paging.mail.received.length
  await acknowledgePage(paging.server.as(paging.team.engineers[1].actor), { pageId: page.id })
  await send((await intent('email')).id)
  await wait(30 * MINUTE)
  assert.equal(paging.mail.received.length, before)
  const ended = await intent('email')
  assert.deepEqual([ended.status, ended.outcome], ['cancelled', 'acknowledged before it was sent'])
})

test('acknowledged while its sender vanished, a promise is not sent again: it ends, and says that its outcome is unknown', async () => {
  const { intent, page } = await ring()
  const { id } = await intent('email')
  const now = paging.server.clock.now()
  const vanished = { attempt: 1, due_at: now, lease_until_at: now + SEND_LEASE_MS, last_answer: null }
  await paging.server.platform.database.db
    .insertInto('page_sends')
    .values({ intent_id: id, ...vanished })
    .execute()
  await acknowledgePage(paging.server.as(paging.team.engineers[0].actor), { pageId: page.id })
  assert.equal((await intent('email')).status, 'intended', 'somebody may be sending it')
  const before = paging.mail.received.length
  paging.server.clock.advance(SEND_LEASE_MS + 1)
  await send(id)
  const ended = await intent('email')
  assert.deepEqual([ended.status, ended.outcome], ['cancelled', 'acknowledged before the outcome was known'])
  assert.equal(paging.mail.received.length, before)
})

test('an acknowledgement while a send is under way leaves the promise with the outcome of that send', async () => {
  const [first] = paging.team.engineers
  const browser = await paging.browserOf(first)
  const { intent, page } = await ring()
  const release = paging.push.holdAnswers()
  const under = send((await intent('web-push')).id)
  while (browser.accepted.length === 0) await new Promise((resolve) => setImmediate(resolve))
  await acknowledgePage(paging.server.as(first.actor), { pageId: page.id })
  assert.equal((await intent('web-push')).status, 'intended')
  release()
  await under
  assert.equal((await intent('web-push')).status, 'sent')
  browser.unsubscribe()
})
