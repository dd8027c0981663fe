/** Whoever guesses cannot count as somebody else by writing an address in another way. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { networkOf } from './throttle.ts'

test('an IPv6 network is one, however its addresses are abbreviated', () => {
  const same = [
    '2001:db8::1',
    '2001:db8::ffff',
    '2001:0db8:0:0:1:2:3:4',
    '2001:DB8:0:0::',
    '2001:db8::1%eth0',
  ]
  assert.deepEqual([...new Set(same.map(networkOf))], ['2001:db8:0:0'])
  assert.equal(networkOf('2001:db8:1::7'), '2001:db8:1:0')
  assert.equal(networkOf('::1'), '0:0:0:0')
  assert.equal(networkOf('64:ff9b::192.0.2.1'), '64:ff9b:0:0')
  assert.notEqual(networkOf('2001:db8:0:1::1'), networkOf('2001:db8::1'))
})

test('an IPv4 address is the same one when it comes through an IPv6 socket', () => {
  assert.equal(networkOf('::ffff:192.0.2.1'), '192.0.2.1')
  assert.equal(networkOf('192.0.2.1'), '192.0.2.1')
})
