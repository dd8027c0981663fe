/** The push service of the tests against the published example, and against everything it must refuse. */
import assert from 'node:assert/strict'
import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { after, before, test } from 'node:test'
import webPush from 'web-push'
import { openBrowserKeys } from './aes128gcm.ts'
import { startPushService, type PushedBrowser, type PushService } from './push-service.ts'

let service: PushService
before(async () => {
  service = await startPushService()
})
after(() => service?.close())

test('the decryption reads the example of RFC 8291, section 5', () => {
  const keys = openBrowserKeys({
    privateKey: 'q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94',
    auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  })
  assert.equal(
    keys.p256dh,
    'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  )
  const body =
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN'
  assert.equal(
    keys.decrypt(Buffer.from(body, 'base64url')).toString(),
    'When I grow up, I want to be a watermelon',
  )
})

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

type Sender = { readonly publicKey: string; readonly key: KeyObject }
const sender = (): Sender => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x, y } = publicKey.export({ format: 'jwk' })
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x!, 'base64url'), Buffer.from(y!, 'base64url')])
  return { publicKey: point.toString('base64url'), key: privateKey }
}
const inAnHour = () => Math.floor(Date.now() / 1_000) + 3_600

const vapid = ({ publicKey, key }: Sender, claims: object, alg = 'ES256', k = publicKey): string => {
  const text = `${base64url({ typ: 'JWT', alg })}.${base64url(claims)}`
  const signature = createSign('sha256').update(text).sign({ key, dsaEncoding: 'ieee-p1363' })
  return `vapid t=${text}.${signature.toString('base64url')}, k=${k}`
}

const push = (browser: PushedBrowser, headers: Record<string, string>, body?: Buffer) =>
  fetch(browser.endpoint, { method: 'POST', headers, ...(body ? { body: body as Buffer<ArrayBuffer> } : {}) })

const encrypted = (browser: PushedBrowser, text: string): Buffer =>
  webPush.encrypt(browser.keys.p256dh, browser.keys.auth, text, 'aes128gcm').cipherText

test('a message is taken with 201 and its address, decrypted, and a newer one of its topic replaces it', async () => {
  const from = sender()
  const browser = service.subscribe(from.publicKey)
  const authorization = vapid(from, { aud: service.url, exp: inAnHour(), sub: 'mailto:a@example.org' })
  const headers = { authorization, ttl: '60', urgency: 'high', topic: 'one', 'content-encoding': 'aes128gcm' }
  for (const text of ['first', 'second']) {
    const reply = await push(browser, headers, encrypted(browser, text))
    assert.equal(reply.status, 201)
    assert.match(reply.headers.get('location') ?? '', /\/message\//)
    assert.equal(reply.headers.get('ttl'), '60')
  }
  assert.deepEqual(
    browser.inbox.map(({ text }) => text),
    ['second'],
  )
  assert.equal(browser.accepted.length, 2)
  browser.unsubscribe()
  assert.equal((await push(browser, headers, encrypted(browser, 'third'))).status, 410)
  assert.equal((await push({ ...browser, endpoint: `${service.url}/push/none` }, headers)).status, 404)
})

test('what the RFCs forbid is refused, each with its own answer', async () => {
  const from = sender()
  const browser = service.subscribe(from.publicKey)
  const claims = { aud: service.url, exp: inAnHour(), sub: 'mailto:a@example.org' }
  const good = { authorization: vapid(from, claims), ttl: '60', 'content-encoding': 'aes128gcm' }
  const { authorization: _, ...nameless } = good
  const { ttl: _ttl, ...timeless } = good
  const body = encrypted(browser, 'text')
  const other = sender()
  const cases: [string, Record<string, string>, Buffer, number][] = [
    ['no sender', nameless, body, 401],
    ['another sender', { ...good, authorization: vapid(other, claims) }, body, 403],
    [
      "another's signature",
      { ...good, authorization: vapid(other, claims, 'ES256', from.publicKey) },
      body,
      403,
    ],
    ['another algorithm', { ...good, authorization: vapid(from, claims, 'none') }, body, 403],
    [
      'another audience',
      { ...good, authorization: vapid(from, { ...claims, aud: 'https://push.example' }) },
      body,
      403,
    ],
    ['ended', { ...good, authorization: vapid(from, { ...claims, exp: inAnHour() - 4_000 }) }, body, 403],
    [
      'over a day',
      { ...good, authorization: vapid(from, { ...claims, exp: inAnHour() + 86_400 }) },
      body,
      403,
    ],
    [
      'nobody to write to',
      { ...good, authorization: vapid(from, { ...claims, sub: 'somebody' }) },
      body,
      403,
    ],
    ['no TTL', timeless, body, 400],
    ['no such urgency', { ...good, urgency: 'extreme' }, body, 400],
    ['long topic', { ...good, topic: 'x'.repeat(33) }, body, 400],
    ['another encoding', { ...good, 'content-encoding': 'aesgcm' }, body, 415],
    ['too large', good, Buffer.alloc(4_097), 413],
    ['encrypted for somebody else', good, encrypted(service.subscribe(from.publicKey), 'text'), 400],
    [
      'not encrypted',
      good,
      Buffer.from(
        '{"title":"hello, this is not encrypted at all, is it? it is not, as one can see when one reads it"}',
      ),
      400,
    ],
  ]
  for (const [name, headers, content, status] of cases)
    assert.equal((await push(browser, headers, content)).status, status, name)
  assert.equal(browser.accepted.length, 0)
  assert.equal((await push(browser, good, body)).status, 201)
})
