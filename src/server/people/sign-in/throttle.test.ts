/** Whoever guesses cannot count as somebody else by writing an address in another way. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anonymous, testServer } from '../../testing/test-server.ts'
import { MOST_PER_ADDRESS, networkOf, requireTriesLeft } from './throttle.ts'

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

test('an address that tried too often is counted on and leaves nothing more behind, whatever names it makes up', async () => {
  const server = await testServer()
  try {
    const ctx = { ...server.as(anonymous), address: '192.0.2.9' }
    const codes: string[] = []
    for (let n = 0; n < MOST_PER_ADDRESS + 20; n++)
      await requireTriesLeft(ctx, `made-up-${n}`).then(
        () => codes.push('let through'),
        ({ code }: { code: string }) => codes.push(code),
      )
    assert.equal(codes.filter((code) => code === 'let through').length, MOST_PER_ADDRESS)
    assert.equal(codes.at(-1), 'too-many-tries')
    const rows = await server.platform.database.db.selectFrom('sign_in_tries').select('tries').execute()
    assert.equal(rows.length, MOST_PER_ADDRESS + 1)
    // Somebody else from elsewhere is not kept out.
    await requireTriesLeft({ ...ctx, address: '192.0.2.10' }, 'made-up-0')
  } finally {
    await server.stop()
  }
})
