/** Mails, notifications and pages speak to each person in their language, with instants on the clock of their wall. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { updateAccount } from '../../people/accounts/update-account.ts'
import { addLanguage } from '../../platform/messages/languages.ts'
import { openTell, toldOf } from '../../watch/tell-administrators.ts'
import { linkIn, MINUTE, pagingTest, type PagingTest } from './paging.fixture.ts'
import { testPush } from './push-subscriptions.ts'

let paging: PagingTest
before(async () => {
  addLanguage('ar', {
    paging: {
      subject: '[{priority}] صفحة {environment}: {title}',
      'mail-take-button': 'خذ هذه الصفحة',
      'acknowledge-as': 'تأكيد باسم {name}',
      'push-acknowledge': 'تأكيد',
      'push-test-title': 'وصلت',
    },
    said: { 'This link is no longer valid': 'انتهت صلاحية الرابط' },
  })
  paging = await pagingTest()
})
after(() => paging?.stop())

const speaks = (accountId: string, locale: string, zone: string) =>
  updateAccount(paging.server.as(paging.team.administrator.actor), { accountId, locale, zone })

test('a mail says when, in the zone and the manner of whom it is sent to, and in English where nobody translated', async () => {
  const [bo, cleo] = paging.team.engineers
  await speaks(bo.id, 'de-CH', 'America/New_York')
  await speaks(cleo.id, 'en-GB', 'Asia/Kolkata')
  await paging.fire(paging.team.acmeProd, { name: 'KubeNodeNotReady' })
  await paging.drain()
  paging.server.clock.advance(5 * MINUTE)
  await paging.drain()
  const to = (person: { email: string }) => paging.mailsTo(person).at(-1)
  assert.match(to(bo)?.text ?? '', /^Paged \w\w\., \d+\. \S+ \d{4} \d\d:\d\d -0[45]:00$/m)
  assert.match(to(cleo)?.text ?? '', /^Paged \w{3}, \d+ \w+ \d{4} \d\d:\d\d \+05:30$/m)
  assert.match(String(to(bo)?.html), /<div lang="en" dir="ltr"/)
  assert.match(to(bo)?.text ?? '', /Take it \(one button/)
})

test('a language that reads from the right has its direction in mail, page view and notification', async () => {
  const [bo] = paging.team.engineers
  await speaks(bo.id, 'ar-EG', 'Africa/Cairo')
  const phone = await paging.browserOf(bo)
  await testPush(paging.server.as(bo.actor))
  assert.equal(JSON.parse(phone.inbox.at(-1)!.text).title, 'وصلت')
  await paging.fire(paging.team.globexProd, { name: 'EtcdNoLeader' })
  await paging.drain()
  const mail = paging.mailsTo(bo).at(-1)
  assert.match(mail?.subject ?? '', /^\[P1\] صفحة/)
  assert.match(String(mail?.html), /<div lang="ar" dir="rtl"[^]*خذ هذه الصفحة/)
  assert.equal(JSON.parse(phone.inbox.at(-1)!.text).words.acknowledge, 'تأكيد')
  const view = await paging.server.http.inject({ url: linkIn(mail), headers: { accept: 'text/html' } })
  assert.match(view.body, /<html lang="ar" dir="rtl">/)
  assert.match(view.body, /<button type="submit">\s*تأكيد باسم Bo Example\s*<\/button>/)
  assert.ok(Buffer.byteLength(view.body) < 20_000)
})

test('a stranger meets an error in the language their browser asks for', async () => {
  const open = (language: string) =>
    paging.server.http.inject({
      url: '/acknowledge/never-issued',
      headers: { accept: 'text/html', 'accept-language': language },
    })
  const reply = await open('ar-EG,ar;q=0.9,en;q=0.5')
  assert.equal(reply.statusCode, 410)
  assert.match(reply.body, /<html lang="ar" dir="rtl">[^]*<h1>انتهت صلاحية الرابط<\/h1>/)
  assert.match(
    (await open('fr')).body,
    /<html lang="en" dir="ltr">[^]*<h1>This link is no longer valid<\/h1>/,
  )
})

test('an alarm of the watch is told to each administrator on their own clock', async () => {
  const alarm = toldOf(
    {
      kind: 'no-engine',
      subject: 'engine',
      detail: 'none has been heard',
      sinceAt: Date.UTC(2026, 10, 23, 8),
    },
    'http://fortnight.test',
  )
  const settings = { SMTP_URL: paging.mail.url, MAIL_FROM: 'fortnight@example.org' }
  const administrators = [
    { name: 'North', email: 'north@example.org', locale: 'en-GB', zone: 'Europe/Stockholm' },
    { name: 'East', email: 'east@example.org', locale: 'en-GB', zone: 'Asia/Tokyo' },
  ]
  const telling = await openTell(settings, 'http://fortnight.test')(administrators, [alarm], {
    messageId: 'alarm-in-two-zones',
    now: 0,
  })
  assert.equal(telling.told, true)
  const [north, east] = administrators.map((one) => paging.mailsTo(one).at(-1)?.text ?? '')
  assert.match(north!, /since Mon, 23 Nov 2026 09:00 \+01:00: none has been heard/)
  assert.match(east!, /since Mon, 23 Nov 2026 17:00 \+09:00: none has been heard/)
})
