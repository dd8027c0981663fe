/** A page in Slack is taken by the button, by the person it went to and nobody else, and only when the press is signed and fresh. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startSlackServer, type SlackServer } from '../../../testing/slack-server.ts'
import { pagingTest, type PagingTest } from '../paging.fixture.ts'

const BO = 'U012ABCDEF'
const OTHER = 'U999ZZZZZZ'
let paging: PagingTest
let slack: SlackServer
before(async () => {
  slack = await startSlackServer(
    [BO, OTHER],
    () => paging.server.clock.now(),
    (url, payload, headers) => paging.server.http.inject({ method: 'POST', url, headers, payload }),
  )
  paging = await pagingTest({
    env: {
      SMTP_URL: '',
      SLACK_API: slack.api,
      SLACK_TOKEN: slack.token,
      SLACK_SIGNING_SECRET: slack.signingSecret,
    },
  })
  const made = (await ask('POST', '/api/me/contact-methods', { kind: 'slack', member: BO })).json()
  const code = /\b\d{6}\b/.exec(slack.posted.at(-1)?.text ?? '')?.[0]
  const proven = await ask('POST', `/api/me/contact-methods/${made.method.id}/verify`, { code })
  assert.equal(proven.statusCode, 200, proven.body)
})
after(async () => {
  await paging?.stop()
  await slack?.close()
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
  const intent = async () => (await paging.intentsOf(page.id)).find(({ channel }) => channel === 'slack')!
  return { message: slack.posted.at(-1)!, status, intent }
}

test('the button takes the page, and says so to whoever pressed it', async () => {
  const { message, status } = await ring()
  assert.equal(message.channel, BO)
  assert.match(message.text, /^\[P1\] Acme production/)
  const buttons = message.blocks[1]?.elements ?? []
  assert.match(buttons[1]?.url ?? '', /^http:\/\/fortnight\.test\/pages\//)
  const pressed = await slack.press(message, BO)
  assert.deepEqual([pressed.statusCode, pressed.body], [200, ''])
  assert.equal(await status(), 'acknowledged')
  assert.match(slack.posted.at(-1)!.text, /^You have it/)
})

test('a press that is forged, old, or of somebody else changes nothing', async () => {
  const { message, status } = await ring(paging.team.globexProd)
  assert.equal((await slack.press(message, BO, { secret: 'guessed' })).statusCode, 401)
  const old = paging.server.clock.now() - 6 * 60_000
  assert.equal((await slack.press(message, BO, { at: old })).statusCode, 401)
  assert.equal((await slack.press(message, OTHER)).statusCode, 200)
  assert.equal(await status(), 'open')
  const unsigned = await paging.server.http.inject({
    method: 'POST',
    url: '/chat/slack/actions',
    payload: {},
  })
  assert.equal(unsigned.statusCode, 401)
  await slack.press(message, BO)
  assert.equal(await status(), 'acknowledged')
})

test('what Slack refuses inside of a 200 is a refusal, and what it asks to wait for is tried again', async () => {
  slack.nextAnswers.push({ status: 200, body: { ok: false, error: 'account_inactive' } })
  const { intent } = await ring(paging.team.acmeStaging)
  assert.deepEqual(
    [(await intent()).status, (await intent()).outcome],
    ['failed', 'our app was removed from the workspace (account_inactive)'],
  )
  slack.nextAnswers.push({ status: 429, headers: { 'retry-after': '30' } })
  const later = await ring(paging.team.acmeProd)
  assert.equal((await later.intent()).status, 'intended')
  paging.server.clock.advance(30_000)
  await paging.drain()
  assert.equal((await later.intent()).status, 'sent')
})

test('words of an alert are never markup, mention nobody and fit', async () => {
  const { intent } = await ring(
    paging.team.globexProd,
    `<!channel> & <https://x.example|here> ${'x'.repeat(9_000)}`,
  )
  assert.equal((await intent()).status, 'sent')
  assert.doesNotMatch(JSON.stringify(slack.posted.at(-1)), /<!channel>/)
})
