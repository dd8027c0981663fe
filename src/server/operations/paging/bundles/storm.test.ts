/** A storm reaches a person as a few messages; what they take is what was listed; a new P1 from elsewhere is not lost in it. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import { createKey } from '../../../people/environments/change-keys.ts'
import { createEnvironment } from '../../../people/environments/create-environment.ts'
import { systemCtx } from '../../../platform/context.ts'
import { startPhoneGateway, type PhoneGateway } from '../../../testing/phone-gateway.ts'
import type { PushedBrowser } from '../../../testing/push-service.ts'
import type { SeededEnvironment } from '../../../testing/seed.ts'
import { acknowledgePage } from '../acknowledge-page.ts'
import { claimMessages } from '../claim-message.ts'
import { MINUTE, pagingTest, type PagingTest } from '../paging.fixture.ts'
import { pageSend } from '../send-intent.ts'

const SECOND = 1_000
const secret = randomBytes(24).toString('hex')
let paging: PagingTest
let gateway: PhoneGateway
let browser: PushedBrowser
const places: SeededEnvironment[] = []

type Message = { readonly channel: 'email' | 'web-push' | 'sms'; readonly at: number }
let messages: Message[] = []
const seen = { email: 0, 'web-push': 0, sms: 0 }

const bo = () => paging.team.engineers[0]
const now = () => paging.server.clock.now()
const mails = () => paging.mailsTo(bo())
const texts = () => gateway.asked.filter(({ type }) => type === 'text')
const ask = (method: 'GET' | 'POST', url: string, payload?: object) =>
  paging.server.http.inject({
    method,
    url,
    headers: { authorization: `Bearer ${bo().token}` },
    ...(payload ? { payload } : {}),
  })

const provenText = async (): Promise<void> => {
  const made = await ask('POST', '/api/me/contact-methods', { kind: 'sms', number: '0046705550123' })
  const code = /\b\d{6}\b/.exec(gateway.asked.at(-1)?.text ?? '')?.[0]
  const { id } = made.json().method as { id: string }
  assert.equal((await ask('POST', `/api/me/contact-methods/${id}/verify`, { code })).statusCode, 200)
}

const place = async (number: number): Promise<SeededEnvironment> => {
  const admin = paging.server.as(paging.team.administrator.actor)
  const slug = `place-${number}`
  const made = await createEnvironment(admin, {
    customer: number % 2 === 0 ? 'acme' : 'globex',
    slug,
    name: `Place ${number}`,
    deliveryManager: paging.team.deliveryManager.handle,
    plan: 'managed',
    provider: 'Example Cloud',
    version: '1.36.2',
    components: ['prometheus'],
    commissionedOn: '2026-02-02',
  })
  const { key, secret: opens } = await createKey(admin, { environment: made.id, name: 'alertmanager' })
  return { id: made.id, slug, customerId: made.customer.id, key: opens, keyId: key.id }
}

before(async () => {
  gateway = await startPhoneGateway(
    secret,
    () => paging.server.clock.now(),
    (url, payload, headers) => paging.server.http.inject({ method: 'POST', url, headers, payload }),
  )
  paging = await pagingTest({
    env: {
      PAGE_BUNDLING: 'on',
      SMS_GATEWAY: gateway.url,
      SMS_GATEWAY_SECRET: secret,
      SMS_FROM: 'Fortnight',
    },
  })
  await provenText()
  browser = await paging.browserOf(bo())
  for (let number = 1; number <= 21; number++) places.push(await place(number))
})
after(async () => {
  await paging?.stop()
  await gateway?.close()
})

/** Notes at which instant of the test's clock each message arrived. */
const look = () => {
  const counts = { email: mails().length, 'web-push': browser.accepted.length, sms: texts().length }
  for (const channel of ['email', 'web-push', 'sms'] as const) {
    for (; seen[channel] < counts[channel]; seen[channel]++) messages.push({ channel, at: now() })
  }
}
const wait = async (ms: number) => {
  paging.server.clock.advance(ms)
  await paging.drain()
  look()
}
beforeEach(async () => {
  const { db } = paging.server.platform.database
  const open = await db.selectFrom('pages').select('id').where('status', '=', 'open').execute()
  for (const { id } of open)
    await acknowledgePage(paging.server.as(paging.team.administrator.actor), { pageId: id })
  await wait(2 * 60 * MINUTE)
  messages = []
})

const of = (channel: Message['channel']) => messages.filter((each) => each.channel === channel)
const atMostThreeInFiveMinutes = () => {
  for (const channel of ['email', 'web-push', 'sms'] as const)
    for (const { at } of of(channel)) {
      const within = of(channel).filter((each) => each.at >= at && each.at < at + 5 * MINUTE)
      assert.ok(within.length <= 3, `${within.length} by ${channel}`)
    }
}
const bundleLink = (text = '') => new URL(/https?:\/\/\S+\/bundles\/\S+/.exec(text)?.[0] ?? '').pathname
const take = async (path: string) => {
  const reply = await paging.server.http.inject({
    method: 'POST',
    url: '/bundles',
    payload: { token: path.split('/').at(-1) },
  })
  assert.equal(reply.statusCode, 303, reply.body)
}
let round = 0
const fireAt = async (where: SeededEnvironment, severity: string, alerts = 1) => {
  const names = Array.from({ length: alerts }, (_, index) => ({
    name: `Cause ${(index % 5) + 1}`,
    severity,
    labels: { instance: `node-${++round}` },
  }))
  await paging.fire(where, ...names)
}
const openIn = (environment: SeededEnvironment) =>
  paging.server.platform.database.db
    .selectFrom('alerts')
    .select(['id', 'status'])
    .where('environment_id', '=', environment.id)
    .where('status', '=', 'open')
    .execute()
const promises = async (pageId: string, channel: string) =>
  (await paging.intentsOf(pageId)).filter((each) => each.channel === channel && each.account_id === bo().id)

const storm = async (severity: string) => {
  const stormy = places.slice(0, 20)
  for (let step = 0; step < 20; step++) {
    for (const [index, where] of stormy.entries()) {
      await fireAt(where, severity, (step + index) % 2 === 0 ? 12 : 13)
      if (step === 0) await paging.drain()
    }
    await paging.drain()
    look()
    await wait(3 * SECOND)
  }
}

/** The storm, told: its last mail, and what that listed. */
const stormTold = async () => {
  const { db } = paging.server.platform.database
  await storm('warning')
  await wait(SECOND)
  const open = await db.selectFrom('alerts').select('id').where('status', '=', 'open').execute()
  assert.equal(open.length, 5_000)
  for (const where of places.slice(0, 20)) {
    const page = (await paging.pagesOf(where)).at(-1)!
    for (const channel of ['email', 'web-push', 'sms'])
      for (const each of await promises(page.id, channel)) assert.equal(each.status, 'sent', channel)
  }
  const mail = mails().at(-1)!
  assert.match(mail.subject ?? '', /^\[P2\] \d+ pages in \d+ environments$/)
  const listed = await db
    .selectFrom('page_bundle_alerts')
    .select(['alert_id', 'page_id'])
    .where('bundle_id', '=', mail.headers.get('x-fortnight-bundle') as string)
    .execute()
  return { link: bundleLink(mail.text ?? ''), listed }
}

const assertCovered = async (listed: readonly { alert_id: string; page_id: string }[], late: string) => {
  const { db } = paging.server.platform.database
  const taken = await db.selectFrom('alerts').select('id').where('status', '=', 'acknowledged').execute()
  const ids = new Set(taken.map(({ id }) => id))
  assert.ok(listed.every(({ alert_id }) => ids.has(alert_id)))
  assert.ok(!ids.has(late), 'what came later is not covered')
  const pageIds = [...new Set(listed.map(({ page_id }) => page_id))]
  const acts = await db
    .selectFrom('events')
    .innerJoin('event_bodies', 'event_bodies.event_id', 'events.id')
    .select('event_bodies.disclosures')
    .where('events.type', '=', 'page.acknowledged')
    .where('events.stream_id', 'in', pageIds)
    .execute()
  assert.equal(acts.length, pageIds.length)
  const said = acts.map(({ disclosures }) => JSON.stringify(disclosures)).join()
  assert.ok(
    listed.every(({ alert_id }) => said.includes(alert_id)),
    'recorded by id',
  )
  assert.ok(!said.includes(late))
}

test('5,000 alerts over 20 environments in 60 s: three messages a channel at most, and one acknowledgement covers exactly what it listed', async () => {
  const { link, listed } = await stormTold()
  for (const channel of ['email', 'web-push', 'sms'] as const)
    assert.equal(of(channel).length, 2, `told by ${channel}`)
  await wait(10 * SECOND)

  const before = mails().length
  await fireAt(places[20]!, 'critical')
  await paging.drain()
  look()
  assert.equal(mails().length, before + 1, 'a new P1 from elsewhere goes out at once')
  assert.match(mails().at(-1)?.subject ?? '', /^\[P1\] Place 21: /)
  assert.doesNotMatch(mails().at(-1)?.text ?? '', /Place (?:1?\d|20)\b/, 'and by itself')

  // One more in a place that is listed: it came too late to be.
  const somewhere = places[19]!
  await fireAt(somewhere, 'warning')
  const shown = await paging.server.http.inject({ method: 'GET', url: link })
  assert.equal(shown.statusCode, 200)
  for (const { page_id } of listed) assert.ok(shown.body.includes(`/pages/${page_id}`))
  assert.match(shown.body, /1 alert came later/)
  assert.match(shown.body, /× Cause 1/)
  assert.ok((await openIn(somewhere)).length > 200, 'opening the link took nothing')

  await take(link)
  const left = await openIn(somewhere)
  assert.equal(left.length, 1)
  await assertCovered(listed, left[0]!.id)
  const anew = (await paging.pagesOf(somewhere)).at(-1)!
  assert.equal(anew.status, 'open')
  for (let waited = 0; waited < 6 * MINUTE; waited += 10 * SECOND) await wait(10 * SECOND)
  assert.ok((await promises(anew.id, 'email')).some(({ status }) => status === 'sent'))
  atMostThreeInFiveMinutes()
})

test('a storm of P1 alone is told within 61 s, in three messages', async () => {
  for (const where of places.slice(0, 20)) {
    await fireAt(where, 'critical')
    await paging.drain()
    look()
    await wait(SECOND)
  }
  for (let waited = 0; waited < 42 * SECOND; waited += SECOND) await wait(SECOND)
  assert.equal(of('email').length, 3)
  for (const where of places.slice(0, 20)) {
    const [page] = (await paging.pagesOf(where)).slice(-1)
    assert.equal((await promises(page!.id, 'email'))[0]?.status, 'sent')
  }
  atMostThreeInFiveMinutes()
})

/** The first of three pages is told; the other two wait for the next message. */
const twoWaiting = async () => {
  const [first, second, third] = places
  for (const where of [first!, second!, third!]) {
    await fireAt(where, 'warning')
    await paging.drain()
  }
  look()
  const pageOf = async (where: SeededEnvironment) => (await paging.pagesOf(where)).at(-1)!
  const pages = [await pageOf(second!), await pageOf(third!)] as const
  const mailOf = async (index: 0 | 1) => (await promises(pages[index].id, 'email'))[0]!
  return { pages, mailOf }
}

test('a process that vanishes with a bundle in its hands: the same bundle goes out again, labelled, without the page that was taken meanwhile', async () => {
  const { pages, mailOf } = await twoWaiting()
  const lead = await mailOf(0)
  paging.server.clock.advance(MINUTE)
  const ctx = systemCtx(paging.server.platform, 'page.send')
  const [claimed] = await claimMessages(ctx, [lead.id], { kind: pageSend, isAlone: true })
  assert.equal(claimed?.carried.length, 2)
  const before = mails().length
  // The tasks of both find somebody at it and are done: what brings the bundle back is what its claim planned.
  await paging.drain()
  assert.equal(mails().length, before, 'somebody is at it')
  await acknowledgePage(paging.server.as(bo().actor), { pageId: pages[0].id })
  await wait(31 * SECOND)
  assert.deepEqual(
    [(await mailOf(0)).status, (await mailOf(0)).outcome],
    ['cancelled', 'acknowledged before the outcome was known'],
  )
  assert.equal((await mailOf(1)).status, 'sent')
  const mail = mails().at(-1)!
  assert.match(mail.messageId ?? '', new RegExp(claimed!.message.sentAs))
  assert.match(mail.text ?? '', /may have received this message before/)
  assert.doesNotMatch(mail.text ?? '', /Place 2:/)
})

test('a message that carries two promises of one page, of two steps, goes out and lists the page once', async () => {
  const { pages, mailOf } = await twoWaiting()
  const { db } = paging.server.platform.database
  const first = await mailOf(0)
  const second = { ...first, id: paging.server.platform.ids.next(now()), step: 1 }
  const later = await db.transaction().execute(async (tx) => {
    await sql`select set_config('fortnight.class_guard', 'off', true)`.execute(tx)
    await tx.insertInto('page_intents').values(second).execute()
    return second.id
  })
  paging.server.clock.advance(MINUTE)
  await paging.drain()
  const sent = await promises(pages[0].id, 'email')
  assert.deepEqual(
    sent.filter(({ id }) => [first.id, later].includes(id)).map(({ status }) => status),
    ['sent', 'sent'],
  )
  assert.match(mails().at(-1)!.subject ?? '', /2 pages/)
})

test('nothing that waits is sent once its page is taken, and it ends as cancelled', async () => {
  const { pages, mailOf } = await twoWaiting()
  const before = mails().length
  for (const { id } of pages) await acknowledgePage(paging.server.as(bo().actor), { pageId: id })
  await wait(2 * MINUTE)
  assert.equal(mails().length, before)
  assert.equal((await mailOf(0)).outcome, 'acknowledged before it was sent')
})

test('a mail server that says "later" keeps the bundle together, and a refused one ends every promise in it', async () => {
  const { mailOf } = await twoWaiting()
  const before = mails().length
  paging.mail.refuseWith = 451
  await wait(MINUTE)
  paging.mail.refuseWith = undefined
  assert.equal((await mailOf(0)).status, 'intended')
  await wait(5 * SECOND)
  assert.deepEqual([(await mailOf(0)).status, (await mailOf(1)).status], ['sent', 'sent'])
  assert.equal(mails().length, before + 1)
  assert.match((await mailOf(0)).outcome ?? '', /one message for 2 pages/)
})

test('a text message of several pages is answered with its own digits; "1" would be any of them', async () => {
  const { pages } = await twoWaiting()
  await wait(MINUTE)
  const text = texts().at(-1)!
  const number = /ack (\d{4})/.exec(text.text ?? '')?.[1]
  const from = text.to
  const which = await gateway.tell({ type: 'reply', from, text: '1' })
  assert.match(which.body, /Several pages are open/)
  const taken = await gateway.tell({ type: 'reply', from, text: `ack ${number}` })
  assert.match(taken.body, /You have 2 pages/)
  await gateway.tell({ type: 'status', id: text.id, status: 'delivered' })
  for (const { id } of pages) {
    assert.equal((await promises(id, 'sms'))[0]?.delivery, 'delivered')
    const row = await ask('GET', `/api/pages/${id}`)
    assert.equal(row.json().status, 'acknowledged')
  }
})
