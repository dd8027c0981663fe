/** A page in Mattermost is taken by the button, by the person it went to, and only by a button of ours. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startMattermostServer, type MattermostServer } from '../../../testing/mattermost-server.ts'
import { pagingTest, type PagingTest } from '../paging.fixture.ts'

let paging: PagingTest
let mattermost: MattermostServer
before(async () => {
  mattermost = await startMattermostServer(['bo.example', 'cleo'], (url, payload, headers) =>
    paging.server.http.inject({ method: 'POST', url, headers, payload }),
  )
  paging = await pagingTest({ env: { SMTP_URL: '', MATTERMOST_WEBHOOK: mattermost.webhook } })
  const made = (
    await ask('POST', '/api/me/contact-methods', { kind: 'mattermost', username: '@bo.example' })
  ).json()
  const code = /\b\d{6}\b/.exec(mattermost.posted.at(-1)?.text ?? '')?.[0]
  const proven = await ask('POST', `/api/me/contact-methods/${made.method.id}/verify`, { code })
  assert.equal(proven.statusCode, 200, proven.body)
})
after(async () => {
  await paging?.stop()
  await mattermost?.close()
})
const ask = (method: 'GET' | 'POST', url: string, payload?: object) =>
  paging.server.http.inject({
    method,
    url,
    headers: { authorization: `Bearer ${paging.team.engineers[0].token}` },
    ...(payload ? { payload } : {}),
  })
let round = 0
const ring = async (environment = paging.team.acmeProd, summary = 'words') => {
  await paging.fire(environment, { name: `Trouble ${++round}`, summary } as never)
  await paging.drain()
  const page = (await paging.pagesOf(environment)).at(-1)!
  const status = async () => (await ask('GET', `/api/pages/${page.id}`)).json().status as string
  const intent = async () =>
    (await paging.intentsOf(page.id)).find(({ channel }) => channel === 'mattermost')!
  return { message: mattermost.posted.at(-1)!, status, intent }
}

test('the button takes the page, and the message says so', async () => {
  const { message, status } = await ring()
  assert.equal(message.channel, '@bo.example')
  const pressed = await mattermost.press(message, 'bo.example')
  assert.match(JSON.parse(pressed.body).update.message, /^You have it/)
  assert.equal(await status(), 'acknowledged')
})

test('a button that is not ours, or that somebody else presses, changes nothing', async () => {
  const { message, status } = await ring(paging.team.globexProd)
  const { subject = '' } = message.attachments?.[0]?.actions?.[0]?.integration.context ?? {}
  const forged = await mattermost.press(message, 'bo.example', { subject, proof: 'A'.repeat(43) })
  assert.equal(forged.statusCode, 401)
  assert.equal((await mattermost.press(message, 'bo.example', { subject })).statusCode, 422)
  assert.equal((await mattermost.press(message, 'cleo')).statusCode, 200)
  assert.equal(await status(), 'open')
  await mattermost.press(message, 'bo.example')
  assert.equal(await status(), 'acknowledged')
})

test('a refusal is believed, a busy server asked again, and words of an alert call nobody', async () => {
  mattermost.nextAnswers.push({ status: 404, body: { message: "Couldn't find the user." } })
  const gone = await ring(paging.team.acmeStaging)
  assert.match((await gone.intent()).outcome ?? '', /404: Couldn't find the user/)
  mattermost.nextAnswers.push({ status: 503 })
  const later = await ring(paging.team.acmeProd, '@channel **loud** <b>')
  assert.equal((await later.intent()).status, 'intended')
  paging.server.clock.advance(5_000)
  await paging.drain()
  assert.equal((await later.intent()).status, 'sent')
  assert.doesNotMatch(mattermost.posted.at(-1)?.attachments?.[0]?.text ?? '', /@channel|[^\\]\*\*/)
})
