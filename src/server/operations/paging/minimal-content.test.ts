/** On a channel that may know nothing of a customer, a page says its priority, its number and where to look, and not one word more. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { startNtfyServer, type NtfyServer } from '../../testing/ntfy-server.ts'
import { startTwilioServer, type TwilioServer } from '../../testing/twilio-server.ts'
import { pagingTest, type PagingTest } from './paging.fixture.ts'

let paging: PagingTest
let ntfy: NtfyServer
let twilio: TwilioServer
const OURS = '+46705550100'
before(async () => {
  ntfy = await startNtfyServer(`tk_${randomBytes(12).toString('hex')}`)
  twilio = await startTwilioServer([OURS], 'http://fortnight.test', async () => ({ statusCode: 0, body: '' }))
  paging = await pagingTest({
    env: {
      NTFY_SERVER: ntfy.url,
      NTFY_TOKEN: ntfy.token,
      SMS_GATEWAY: twilio.gateway,
      SMS_FROM: OURS,
      VOICE_FROM: OURS,
      MINIMAL_CONTENT: 'ntfy,sms,voice,web-push',
    },
  })
  await paging.browserOf(paging.team.engineers[0])
  await proven({ kind: 'ntfy', topic: 'bo-minimal' }, () => ntfy.published.at(-1)?.message)
  await proven({ kind: 'sms', number: '+46705550123' }, () => twilio.sent.at(-1)?.form['Body'])
  await proven({ kind: 'voice', number: '+46705550123' }, () =>
    twilio.sent.at(-1)?.form['Twiml']?.replace(/, /g, ''),
  )
})
after(async () => {
  await paging?.stop()
  await ntfy?.close()
  await twilio?.close()
})
const proven = async (payload: object, arrived: () => string | undefined): Promise<void> => {
  const headers = { authorization: `Bearer ${paging.team.engineers[0].token}` }
  const url = '/api/me/contact-methods'
  const { method } = (await paging.server.http.inject({ method: 'POST', url, headers, payload })).json()
  const code = /\b\d{6}\b/.exec(arrived() ?? '')?.[0]
  const verify = { method: 'POST', url: `${url}/${method.id}/verify`, headers, payload: { code } } as const
  assert.equal((await paging.server.http.inject(verify)).statusCode, 200)
}

test('neither customer nor environment nor alert stands in what goes out there; the mail, which is not named, says all', async () => {
  const browser = await paging.browserOf(paging.team.engineers[0])
  await paging.fire(paging.team.acmeProd, { name: 'EtcdSecretLeader', summary: 'of the acme vault' } as never)
  await paging.drain()
  const [page] = await paging.pagesOf(paging.team.acmeProd)
  const [text, call] = ['Messages', 'Calls'].map(
    (resource) => twilio.sent.findLast((sent) => sent.resource === resource)!.form,
  )
  const outside = [
    JSON.stringify(ntfy.published.at(-1)),
    text!['Body'] ?? '',
    call!['Twiml'] ?? '',
    browser.inbox.at(-1)?.text ?? '',
  ]
  for (const words of outside) {
    assert.match(words, /\[P1\] Page \d{4}/)
    assert.doesNotMatch(words, /acme|etcd|vault|production/i)
  }
  assert.match(text!['Body'] ?? '', new RegExp(`http://fortnight\\.test/pages/${page!.id}`))
  assert.match(paging.mailsTo(paging.team.engineers[0]).at(-1)?.text ?? '', /EtcdSecretLeader/)
})
