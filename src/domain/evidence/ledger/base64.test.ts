/** Own base64 against Node's, and against second spellings of the same bytes. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { base64Of, base64UrlOf, bytesOfBase64, bytesOfBase64Url } from './base64.ts'
import { bytesOfHex, hexOf, numberOfUint64, uint64Of } from './bytes.ts'
import { runs } from './crypto-for-tests.test.ts'

test('texts are those of Node, and read back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      assert.equal(base64Of(bytes), Buffer.from(bytes).toString('base64'))
      assert.equal(base64UrlOf(bytes), Buffer.from(bytes).toString('base64url'))
      assert.deepEqual(bytesOfBase64(base64Of(bytes)), bytes)
      assert.deepEqual(bytesOfBase64Url(base64UrlOf(bytes)), bytes)
      assert.equal(hexOf(bytes), Buffer.from(bytes).toString('hex'))
      assert.deepEqual(bytesOfHex(hexOf(bytes)), bytes)
    }),
    runs(300),
  )
})

test('a second spelling of the same bytes is refused', () => {
  for (const text of [
    'QQ',
    'QQ=',
    'QR==',
    'QUJ=',
    'QUI',
    ' QQ==',
    'QQ==\n',
    'Q===',
    '====',
    'QQ==QQ==',
    'QQ\u0141=',
    '-_-_',
  ])
    assert.equal(bytesOfBase64(text), undefined, text)
  for (const text of ['QQ==', 'QR', 'QUJ', 'Q', '+/+/', 'Q Q', 'QUI='])
    assert.equal(bytesOfBase64Url(text), undefined, text)
  for (const text of ['0', 'AB', 'zz', '0x', ' 00']) assert.equal(bytesOfHex(text), undefined, text)
})

test('whatever is read is what would have been written', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9+/=_-]{0,12}$/), (text) => {
      const bytes = bytesOfBase64(text)
      if (bytes !== undefined) assert.equal(base64Of(bytes), text)
      const urlBytes = bytesOfBase64Url(text)
      if (urlBytes !== undefined) assert.equal(base64UrlOf(urlBytes), text)
    }),
    runs(500),
  )
})

test('eight-byte integers reach 2^53-1 and stop there', () => {
  for (const value of [0, 1, 255, 256, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER])
    assert.equal(numberOfUint64(uint64Of(value)), value)
  assert.throws(() => uint64Of(2 ** 53), RangeError)
  assert.throws(() => uint64Of(-1), RangeError)
  assert.equal(numberOfUint64(Uint8Array.of(0, 0x20, 0, 0, 0, 0, 0, 0)), undefined)
  assert.equal(numberOfUint64(new Uint8Array(7)), undefined)
})
