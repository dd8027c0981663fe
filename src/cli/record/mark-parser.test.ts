import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openMarkParser } from './mark-parser.ts'
import type { Mark } from './mark-parser.ts'

const RUNS = Number(process.env['FORTNIGHT_RUNS'] ?? 300)
const NONCE = 'a1b2c3d4'
const mark = (payload: string, nonce = NONCE): string => `\x1b]7767;${nonce};${payload}\x07`

const parse = (pieces: readonly (string | Buffer)[]): { text: string; marks: Mark[]; forged: number } => {
  const parser = openMarkParser(NONCE)
  const marks: Mark[] = []
  const bytes: Buffer[] = []
  for (const piece of pieces) {
    for (const part of parser.push(Buffer.from(piece))) {
      if ('bytes' in part) bytes.push(part.bytes)
      else marks.push(part.mark)
    }
  }
  bytes.push(parser.end())
  return { text: Buffer.concat(bytes).toString('utf8'), marks, forged: parser.forgedMarks() }
}

const SESSION = `${mark('ready;0;shell=bash;version=5.2')}${mark('A;1;exit=0;cwd=/srv;kubeconfig=')}$ ${mark('B')}ls -l\r\n${mark('C;1;history=7;command=ls -l')}total 0\r\n${mark('A;2;exit=0;cwd=/')}$ `

test('marks are taken out, everything else is left, however the stream is cut', () => {
  const whole = parse([SESSION])
  assert.equal(whole.text, '$ ls -l\r\ntotal 0\r\n$ ')
  assert.deepEqual(
    whole.marks.map((one) => one.kind),
    ['ready', 'prompt', 'input', 'run', 'prompt'],
  )
  assert.equal(whole.forged, 0)
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (sizes) => {
      const pieces: string[] = []
      for (let at = 0, i = 0; at < SESSION.length; i++) {
        const size = sizes[i % sizes.length]!
        pieces.push(SESSION.slice(at, at + size))
        at += size
      }
      assert.deepEqual(parse(pieces), whole)
    }),
    { numRuns: RUNS },
  )
})

test('a mark is read byte for byte: escapes, semicolons, newlines and every alphabet', () => {
  const { marks } = parse([
    mark('A;1;exit=130;cwd=/tmp/%c3%a5 %3b%25;kubeconfig=/a:/b'),
    mark('C;1;command=echo "å%3b b"%0aprintf %25s 日本'),
  ])
  assert.deepEqual(marks, [
    { kind: 'prompt', exitCode: 130, cwd: '/tmp/å ;%', kubeconfig: '/a:/b', historyNumber: null },
    { kind: 'run', command: 'echo "å; b"\nprintf %s 日本', historyNumber: null },
  ])
})

test('without the nonce nothing is a mark: it stays in the output, and is counted', () => {
  const forgery = mark('A;9;exit=0', 'guess') + mark('C;9;command=rm', '') + '\x1b]7767;\x07'
  assert.deepEqual(parse([forgery]), { text: forgery, marks: [], forged: 3 })
})

test('an authentic mark printed again comes out of turn and counts for nothing', () => {
  const start = mark('A;1;exit=0;cwd=/') + mark('B')
  const run = mark('C;1;command=cat typescript')
  for (const replay of [mark('A;1;exit=0;cwd=/'), run, mark('B'), mark('ready;0;shell=bash')]) {
    const { marks, forged, text } = parse([start, run, replay, 'x'])
    assert.equal(marks.length, 3)
    assert.equal(forged, 1)
    assert.equal(text, `${replay}x`)
  }
})

test('a mark that never ends holds back no more than a mark may be long', () => {
  const parser = openMarkParser(NONCE)
  let shown = 0
  for (let i = 0; i < 100; i++) {
    for (const part of parser.push(
      Buffer.from(i === 0 ? `\x1b]7767;${NONCE};C;1;command=` : 'x'.repeat(1024)),
    )) {
      shown += 'bytes' in part ? part.bytes.length : 0
    }
  }
  assert.ok(shown > 90 * 1024, String(shown))
})

test('bytes that are no UTF-8 pass through untouched', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), (pieces) => {
      const parser = openMarkParser(NONCE)
      const out = pieces.flatMap((piece) =>
        parser.push(Buffer.from(piece)).map((part) => ('bytes' in part ? part.bytes : Buffer.alloc(0))),
      )
      assert.deepEqual(Buffer.concat([...out, parser.end()]), Buffer.concat(pieces))
    }),
    { numRuns: RUNS },
  )
})
