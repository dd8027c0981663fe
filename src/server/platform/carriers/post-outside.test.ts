/** What somebody's address leads to when it is used must be outside: the name alone promises nothing. */
import assert from 'node:assert/strict'
import type { LookupAddress } from 'node:dns'
import { createServer, type AddressInfo } from 'node:net'
import { test } from 'node:test'
import { InsideAddress, isPublicAddress, lookupOutside, postOutside } from './post-outside.ts'

test('addresses of this machine, of networks and of nobody are inside; others are not', () => {
  for (const inside of [
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.1.1',
    '224.0.0.251',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::127.0.0.1',
    'fd00::7',
    'fe80::1',
    'ff02::1',
    'localhost',
    '',
  ])
    assert.equal(isPublicAddress(inside), false, inside)
  for (const outside of ['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '64:ff9b::808:808'])
    assert.equal(isPublicAddress(outside), true, outside)
})

const looked = (found: LookupAddress[], all: boolean) =>
  new Promise((done) => {
    const resolving = (_host: string, _options: unknown, answer: (e: null, f: LookupAddress[]) => void) =>
      answer(null, found)
    lookupOutside(resolving)('hooks.example.org', { all }, (error, address, family) =>
      done(error ?? [address, family]),
    )
  })

test('a public name that resolves inside is refused, also when one of its addresses is outside', async () => {
  const [out, into] = [
    { address: '8.8.8.8', family: 4 },
    { address: '127.0.0.1', family: 4 },
  ]
  assert.deepEqual(await looked([out], false), ['8.8.8.8', 4])
  assert.deepEqual(await looked([out], true), [[out], undefined])
  for (const all of [true, false]) {
    assert.ok((await looked([into], all)) instanceof InsideAddress)
    assert.ok((await looked([out, into], all)) instanceof InsideAddress)
    assert.match(String(await looked([], all)), /has no address/)
  }
})

test('nothing knocks at a door inside', async () => {
  let knocks = 0
  const door = createServer((socket) => {
    knocks += 1
    socket.destroy()
  })
  await new Promise<void>((done) => door.listen(0, () => done()))
  const { port } = door.address() as AddressInfo
  try {
    await assert.rejects(postOutside(`https://localhost:${port}/`, {}, '{}'), InsideAddress)
    assert.equal(knocks, 0)
  } finally {
    door.close()
  }
})
