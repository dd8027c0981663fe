/** Chunks on the disk: whole or not at all, in order, and made good after a fault. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { gunzipSync } from 'node:zlib'
import type { CastEvent } from '../../../domain/operations/operator-log/recording/asciicast.ts'
import { cutCast } from '../../../domain/operations/operator-log/recording/cut-cast.ts'
import { readAsciicast } from '../../../domain/operations/operator-log/recording/read-asciicast.ts'
import { CHUNK_MAX_BYTES, openChunkStore } from './chunk-store.ts'
import type { ChunkStore } from './chunk-store.ts'
import { recoverSession } from './recover-session.ts'

const HEADER = '{"version":3}'
const out = (atMs: number, data: string): CastEvent => ({ atMs, code: 'o', data })

const open = (context: TestContext): { directory: string; store: ChunkStore; sealed: number[] } => {
  const directory = mkdtempSync(join(tmpdir(), 'fortnight-spool-'))
  context.after(() => rmSync(directory, { recursive: true }))
  const sealed: number[] = []
  const store = openChunkStore({
    directory,
    headerLine: HEADER,
    startedAt: 1_000_000,
    onSealed: (chunk) => sealed.push(chunk.n),
  })
  return { directory, store, sealed }
}

const unpack = (directory: string, n: number): string =>
  gunzipSync(readFileSync(join(directory, `00000${n}.cast.gz`))).toString('utf8')

test('open lines are on the disk after a flush, a sealed chunk replaces them after five seconds', async (t) => {
  const { directory, store, sealed } = open(t)
  store.append([out(100, 'one')])
  assert.ok(store.backlogBytes() > 0)
  await store.flush(200)
  assert.equal(store.backlogBytes(), 0)
  assert.deepEqual(readdirSync(directory), ['open-000000.cast'])
  assert.equal(readFileSync(join(directory, 'open-000000.cast'), 'utf8'), `${HEADER}\n[0.100, "o", "one"]\n`)
  store.append([out(4_000, 'two')])
  await store.flush(5_100)
  assert.deepEqual(readdirSync(directory).sort(), ['000000.cast.gz', 'chunks.ndjson'])
  assert.equal(unpack(directory, 0), `${HEADER}\n[0.100, "o", "one"]\n[3.900, "o", "two"]\n`)
  assert.deepEqual(sealed, [0])
  assert.equal(store.chunks()[0]?.recordedAt, 1_004_000)
})

test('no chunk is larger than it may be, and intervals go on across the seam', async (t) => {
  const { directory, store } = open(t)
  for (let i = 0; i < 60; i++) store.append([out(i * 10, '\x1b'.repeat(2_000))])
  store.append([out(700, `${'🎉'.repeat(20_000)}`)])
  await store.seal()
  const texts = store.chunks().map((chunk) => unpack(directory, chunk.n))
  assert.ok(texts.length > 2)
  for (const text of texts) assert.ok(text.length <= CHUNK_MAX_BYTES && text.endsWith('\n'))
  const lines = texts
    .join('')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line) as [number, string, string])
  assert.equal(Math.round(lines.reduce((sum, [seconds]) => sum + seconds, 0) * 1000), 700)
  const tail = lines
    .map((line) => line[2])
    .join('')
    .slice(-40_000)
  assert.ok(tail.isWellFormed() && tail.endsWith('🎉'), 'no character is cut in two')
})

test('the running head names every chunk so far', async (t) => {
  const { directory, store } = open(t)
  let head = Buffer.alloc(32)
  for (let n = 0; n < 3; n++) {
    store.append([out(n, String(n))])
    await store.seal()
    const digest = createHash('sha256')
      .update(readFileSync(join(directory, `00000${n}.cast.gz`)))
      .digest()
    head = createHash('sha256')
      .update(Buffer.concat([Buffer.from([3]), head, digest]))
      .digest()
    assert.equal(store.chunks()[n]?.head, head.toString('hex'))
  }
})

test('a full disk refuses, and when there is room again nothing is missing or twice there', async (t) => {
  const { directory, store } = open(t)
  const path = join(directory, 'open-000000.cast')
  symlinkSync('/dev/full', path)
  store.append([out(1, 'one')])
  await assert.rejects(store.flush(10), /ENOSPC/)
  store.append([out(2, 'two')])
  rmSync(path)
  writeFileSync(path, `${HEADER}\n[0.001, "o", "o`)
  await store.flush(20)
  assert.equal(readFileSync(path, 'utf8'), `${HEADER}\n[0.001, "o", "one"]\n[0.001, "o", "two"]\n`)
  assert.equal(store.backlogBytes(), 0)
})

test('what is not sealed yet can be taken out, from the disk too', async (t) => {
  const { directory, store } = open(t)
  store.append([out(1, 'keep'), out(2, 'slip'), out(3, 'keep')])
  await store.flush(5)
  const fromMs = await store.amendOpen((event) => (event.data === 'slip' ? null : event))
  assert.equal(fromMs, 0)
  assert.equal(
    readFileSync(join(directory, 'open-000000.cast'), 'utf8'),
    `${HEADER}\n[0.001, "o", "keep"]\n[0.002, "o", "keep"]\n`,
  )
})

test('a killed recorder’s leavings are sealed up to the last whole line, and its tail is declared lost', async (t) => {
  const { directory, store } = open(t)
  store.append([out(1, 'sealed')])
  await store.seal()
  const open_ = { localId: 'x', startedAt: 1_000_000 }
  writeFileSync(
    join(directory, 'session.json'),
    JSON.stringify({ format: 1, open: open_, opened: null, socketPath: '/none' }),
  )
  writeFileSync(
    join(directory, 'state.json'),
    JSON.stringify({ elapsedMs: 9_000, heldSinceMs: 7_500, redactions: { jwt: 2 } }),
  )
  writeFileSync(join(directory, 'open-000001.cast'), '[0.5, "o", "whole"]\n[0.1, "o", "to')
  writeFileSync(join(directory, 'open-000000.cast'), 'left over from before the rename')
  writeFileSync(
    join(directory, 'commands.ndjson'),
    '{"n":1,"durationMs":null}\n{"n":1,"durationMs":5}\n{"n":2,"du',
  )
  const session = await recoverSession(directory)
  assert.ok(session)
  assert.equal(session.close.chunks, 2)
  assert.equal(unpack(directory, 1), '[0.5, "o", "whole"]\n')
  assert.equal(session.close.head, session.chunks[1]?.head)
  assert.equal(session.close.lostTailMs, 9_000 - 7_500 + 1_000)
  assert.deepEqual(session.close.redactions, { jwt: 2 })
  assert.deepEqual(session.close.commands, [{ n: 1, durationMs: 5 }])
  const again = await recoverSession(directory)
  assert.deepEqual(again?.close, session.close, 'recovering twice gives the same')
})

test('a folder that is no session is left alone', async (t) => {
  const { directory } = open(t)
  assert.equal(await recoverSession(directory), null)
})

test('a sealed chunk that nobody has seen is rewritten: the words are gone, the heads follow, the clock stays', async (t) => {
  const { directory, store } = open(t)
  for (const [i, word] of ['sent', 'slip', 'later'].entries()) {
    store.append([out(1_000 * (i + 1), word)])
    await store.seal()
  }
  const before = store.chunks().map(({ head }) => head)
  const ownFrom = await store.amendSealed(1, (text, startMs) => {
    return cutCast(text, startMs, [{ fromMs: 500, toMs: 2_500 }]).text
  })
  assert.equal(ownFrom, 1_000)
  assert.match(unpack(directory, 0), /sent/, 'what may have been sent is left as it is')
  assert.doesNotMatch(unpack(directory, 1), /slip/)
  const after = store.chunks().map(({ head }) => head)
  assert.deepEqual(
    after.map((head, i) => head === before[i]),
    [true, false, false],
  )
  const listed = readFileSync(join(directory, 'chunks.ndjson'), 'utf8').trimEnd().split('\n')
  assert.deepEqual(
    listed.map((line) => (JSON.parse(line) as { head: string }).head),
    after,
  )
  store.append([out(4_000, 'end')])
  await store.seal()
  const whole = readAsciicast([0, 1, 2, 3].map((n) => unpack(directory, n)).join(''))
  assert.ok('events' in whole)
  assert.deepEqual(
    whole.events.filter(({ code }) => code === 'o').map(({ atMs, data }) => [Math.round(atMs), data]),
    [
      [1_000, 'sent'],
      [3_000, 'later'],
      [4_000, 'end'],
    ],
  )
})
