import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodeEvent, encodeHeader } from './asciicast.ts'
import type { CastEvent } from './asciicast.ts'
import { readAsciicast } from './read-asciicast.ts'
import type { Cast } from './read-asciicast.ts'

const RUNS = Number(process.env['FORTNIGHT_RUNS'] ?? 200)

const encode = (events: readonly CastEvent[]): string => {
  const lines = [encodeHeader({ cols: 100, rows: 30, startedAt: 1_700_000_000_000, terminalType: 'xterm' })]
  let previous = 0
  for (const event of events) {
    lines.push(encodeEvent(event, previous))
    previous = event.atMs
  }
  return `${lines.join('\n')}\n`
}

const read = (text: string): Cast => {
  const cast = readAsciicast(text)
  assert.ok('events' in cast, JSON.stringify(cast))
  return cast
}

test('what is written is read back, to the millisecond and the character', () => {
  const event = fc.record({
    gapMs: fc.nat(100_000),
    code: fc.constantFrom('o', 'm', 'r', 'x', 'z'),
    data: fc.string({ unit: 'binary' }),
  })
  fc.assert(
    fc.property(fc.array(event), (gaps) => {
      let atMs = 0
      const events = gaps.map(({ gapMs, code, data }) => ({ atMs: (atMs += gapMs), code, data }))
      const cast = read(encode(events))
      assert.deepEqual(
        cast.events.map((e) => ({ ...e, atMs: Math.round(e.atMs) })),
        events,
      )
      assert.deepEqual(cast.header, {
        cols: 100,
        rows: 30,
        startedAt: 1_700_000_000_000,
        terminalType: 'xterm',
      })
    }),
    { numRuns: RUNS },
  )
})

test('a file cut anywhere is valid up to its last whole line', () => {
  const whole = encode([
    { atMs: 1, code: 'o', data: 'zażółć\r\n' },
    { atMs: 5, code: 'm', data: 'ls' },
  ])
  const header = whole.indexOf('\n')
  for (let length = header; length <= whole.length; length++) {
    const cast = read(whole.slice(0, length))
    const lines = whole.slice(0, length).split('\n').length - 2
    assert.ok(cast.events.length >= lines, String(length))
    assert.deepEqual(cast.oddLines, [])
  }
})

test('comments, unknown codes and odd lines in the middle cost nothing but themselves', () => {
  const cast = read(
    '{"version":3,"term":{"cols":80,"rows":24}}\n# a comment\n[0.5,"o","a"]\nnonsense\n[0.5,"q",""]\n[0.25,"x",7]\n[-1,"o","b"]\n',
  )
  assert.deepEqual(cast.events, [
    { atMs: 500, code: 'o', data: 'a' },
    { atMs: 1000, code: 'q', data: '' },
    { atMs: 1250, code: 'x', data: '7' },
  ])
  assert.deepEqual(cast.oddLines, [4, 7])
})

test('version 2 counts from the start, version 1 and 3 from the event before', () => {
  const v2 = read('{"version":2,"width":90,"height":20,"timestamp":5}\n[1.0,"o","a"]\n[1.5,"o","b"]\n')
  assert.deepEqual(
    v2.events.map((event) => event.atMs),
    [1000, 1500],
  )
  assert.deepEqual(v2.header, { cols: 90, rows: 20, startedAt: 5000 })
  const v1 = read('{"version":1,"width":80,"height":24,"stdout":[[0.5,"a"],[0.5,"b"],"odd"]}')
  assert.deepEqual(
    v1.events.map((event) => event.atMs),
    [500, 1000],
  )
  assert.deepEqual(v1.oddLines, [3])
})

test('what is no asciicast is refused by name', () => {
  for (const text of ['', 'hello', '[]', '{}', '\u0000']) {
    const cast = readAsciicast(text)
    assert.equal('code' in cast && cast.code, 'not-an-asciicast')
  }
  const cast = readAsciicast('{"version":9}')
  assert.equal('code' in cast && cast.code, 'asciicast-version-unknown')
})

test('a size that no terminal has is replaced, not believed', () => {
  const cast = read('{"version":3,"term":{"cols":1e9,"rows":-4}}\n')
  assert.deepEqual(cast.header, { cols: 80, rows: 24 })
})
