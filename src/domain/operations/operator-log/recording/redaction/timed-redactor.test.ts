import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { CastEvent } from '../asciicast.ts'
import { SECRET_RULES } from './secret-rules.ts'
import { openTimedRedactor } from './timed-redactor.ts'
import type { TimedRedactor } from './timed-redactor.ts'

const RUNS = Number(process.env['FORTNIGHT_RUNS'] ?? 200)
const open = (cols = 80): TimedRedactor =>
  openTimedRedactor({ rules: SECRET_RULES, known: ['open-sesame-77'], tag: () => 'n' }, cols)
const out = (atMs: number, data: string): CastEvent => ({ atMs, code: 'o', data })
const TOKEN = `gh${'p'}_${'k'.repeat(36)}`

test('what is not cut keeps its moment, and other events keep their place', () => {
  const redactor = open()
  redactor.add(out(1, 'a'))
  redactor.add(out(2, 'b\r\nc'))
  redactor.add({ atMs: 3, code: 'r', data: '100x30' })
  redactor.add(out(4, 'd\r\n'))
  assert.deepEqual(redactor.take(), [
    out(1, 'a'),
    out(2, 'b\r\n'),
    out(2, 'c'),
    { atMs: 3, code: 'r', data: '100x30' },
    out(4, 'd\r\n'),
  ])
})

test('text that is held back says since when, and comes out at the end', () => {
  const redactor = open()
  redactor.add(out(5, 'Continue? '))
  assert.equal(redactor.heldSinceMs(), 5)
  assert.deepEqual(redactor.take(), [])
  redactor.end(9)
  assert.deepEqual(redactor.take(), [out(5, 'Continue? ')])
  assert.equal(redactor.heldSinceMs(), null)
})

test('however the output is cut into events, the text and every character’s moment are the same', () => {
  const raw = `one\r\n${TOKEN} two ${TOKEN}\r\n\x1b[31mthree\x1b[0m\r\n`
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (sizes) => {
      const redactor = open()
      let at = 0
      for (let i = 0; at < raw.length; i++) {
        const size = sizes[i % sizes.length]!
        redactor.add(out(at, raw.slice(at, at + size)))
        if (i % 2) redactor.add({ atMs: at, code: 'm', data: String(i) })
        at += size
      }
      redactor.end(at)
      const events = redactor.take()
      const text = events
        .filter((event) => event.code === 'o')
        .map((event) => event.data)
        .join('')
      assert.equal(text, raw.replaceAll(TOKEN, '‹redacted:github-token#n›'))
      const times = events.map((event) => event.atMs)
      assert.deepEqual(
        times,
        [...times].sort((a, b) => a - b),
      )
    }),
    { numRuns: RUNS },
  )
})

const typeLine = (redactor: TimedRedactor, keys: readonly string[]): { text: string; shown: string } => {
  redactor.beginPrompt()
  redactor.add(out(0, '$ '))
  redactor.beginInput()
  keys.forEach((key, i) => redactor.add(out(i + 1, key)))
  assert.deepEqual(redactor.take(), [out(0, '$ ')], 'a line being typed is held back')
  const shown = redactor.endInput(keys.length + 1).command
  const text = redactor
    .take()
    .map((event) => event.data)
    .join('')
  return { text, shown }
}

test('a clean typed line is stored as it was typed, key by key', () => {
  const { text, shown } = typeLine(open(), [...'lss', '\b \b', '\r\n'])
  assert.equal(text, 'lss\b \b\r\n')
  assert.equal(shown, 'ls')
})

test('a secret typed with corrections, wraps and colours is stored as its redacted line', () => {
  const keys = [
    'export X=',
    ...TOKEN.slice(0, 10),
    'z',
    '\b \b',
    ...Array.from(TOKEN.slice(10)).flatMap((c, i) => (i === 9 ? [c, ' \r'] : [c, '\x1b[m'])),
    '\r\n',
  ]
  const { text } = typeLine(open(30), keys)
  assert.equal(text, 'export X=‹redacted:github-token#n›\r\n')
})

test('a secret that was typed and deleted again is not stored', () => {
  const { text } = typeLine(
    open(),
    ['echo open-sesame-77', ...'open-sesame-77'].map((key, i) => (i === 0 ? key : '\b \b')).concat('hi\r\n'),
  )
  assert.ok(!text.includes('sesame'), text)
  assert.equal(text, 'echo hi\r\n')
})

test('a secret that was typed and wiped within one event is not stored', () => {
  const { text } = typeLine(open(), [
    `${TOKEN.slice(0, 9)}w\b \b${TOKEN.slice(9)}\x1b[${TOKEN.length}D\x1b[K`,
    '\r\n',
  ])
  assert.equal(text, '\r\n')
})

test('a long paste is given away in parts while clean, and not any more once it is not', () => {
  const redactor = open()
  redactor.beginPrompt()
  redactor.beginInput()
  for (let i = 0; i < 20; i++) redactor.add(out(i, 'x y '.repeat(1_500)))
  const before = redactor.take().length
  assert.ok(before > 0)
  redactor.add(out(21, `${TOKEN}\r\n`))
  for (let i = 0; i < 20; i++) redactor.add(out(22 + i, 'z '.repeat(3_000)))
  redactor.endInput(60)
  assert.ok(
    !redactor
      .take()
      .map((event) => event.data)
      .join('')
      .includes(TOKEN),
  )
})

test('the output of a command that prints a secret is cut line by line, until the next prompt', () => {
  const redactor = open()
  redactor.beginSecretOutput()
  redactor.add(out(1, 'hunter2\r\n\r\nx'))
  redactor.beginPrompt()
  redactor.add(out(2, '$ \r\nordinary\r\n'))
  redactor.end(3)
  const text = redactor
    .take()
    .map((event) => event.data)
    .join('')
  assert.equal(text, '‹redacted:secret-output#n›\r\n\r\n‹redacted:secret-output#n›$ \r\nordinary\r\n')
})

test('what the shell says it runs is a second witness: a misread screen does not let its secret through', () => {
  const redactor = open()
  redactor.beginPrompt()
  redactor.beginInput()
  redactor.add(out(1, `echo ${TOKEN.slice(0, 9)} \x1b[3;7H${TOKEN.slice(9)}\r\n`))
  redactor.endInput(2, (shown) => ({ command: shown, witnesses: [`echo ${TOKEN}`] }))
  assert.deepEqual(redactor.take(), [out(2, '‹redacted:typed-line›\r\n')])
})

test('what was typed ahead, echoed before the prompt, waits for the line it belongs to', () => {
  const redactor = open()
  redactor.add(out(1, `done\r\nexport X=${TOKEN.slice(0, 12)}^[[D`))
  redactor.beginPrompt()
  redactor.add(out(2, '$ '))
  redactor.beginInput()
  redactor.add(out(3, `export X=${TOKEN}\r\n`))
  assert.deepEqual(redactor.take(), [out(1, 'done\r\n')])
  assert.equal(redactor.heldSinceMs(), 1)
  redactor.endInput(4)
  assert.deepEqual(redactor.take(), [
    out(1, '‹redacted:typed-ahead#n›'),
    out(2, '$ '),
    out(4, 'export X=‹redacted:github-token#n›\r\n'),
  ])
})

test('a whole line typed ahead and edited with cursor keys leaves no piece, in whatever order it was typed', () => {
  for (const key of ['^[[D', '^[OD', '^[[1;5C', '^[[H', '^[[3~']) {
    const redactor = open()
    const [a, b] = [TOKEN.slice(0, 9), TOKEN.slice(9)]
    redactor.add(out(1, `compiling\r\nexport X=${b}${key.repeat(3)}${a}\r\ncompiled\r\n`))
    redactor.beginPrompt()
    redactor.add(out(2, '$ '))
    redactor.end(3)
    const kept = redactor
      .take()
      .map((event) => event.data)
      .join('')
    assert.ok(!kept.includes(b.slice(0, 5)) && !kept.includes(a.slice(4)), kept)
    assert.match(kept, /compiling\r\n.*typed-ahead.*\r\ncompiled/s)
  }
})

test('a last line typed ahead and edited by control keys goes with the secret it became, however small its pieces', () => {
  const redactor = open()
  const pieces = TOKEN.match(/.{1,3}/g)!.join('^B^B^F')
  redactor.add(out(1, `done\r\nexport X=${pieces}`))
  redactor.beginPrompt()
  redactor.add(out(2, '$ '))
  redactor.beginInput()
  redactor.add(out(3, `export X=${TOKEN}\r\n`))
  redactor.endInput(4)
  assert.deepEqual(redactor.take(), [
    out(1, 'done\r\n'),
    out(2, '$ '),
    out(4, 'export X=‹redacted:github-token#n›\r\n'),
  ])
})

test('a command about cursor keys is no typing ahead, and neither are colours shown as text', () => {
  const redactor = open()
  redactor.beginPrompt()
  redactor.add(out(1, '$ '))
  redactor.beginInput()
  redactor.add(out(2, "bindkey '^[[D' backward-char\r\n"))
  assert.equal(redactor.endInput(3).redacted, "bindkey '^[[D' backward-char")
  redactor.add(out(4, '^[[31mred^[[0m\r\n'))
  redactor.end(5)
  assert.equal(redactor.take().at(-1)?.data, '^[[31mred^[[0m\r\n')
})

test('output without a newline at its end stays, whatever is typed after it', () => {
  const redactor = open()
  redactor.add(out(1, '10.0.0.1'))
  redactor.beginPrompt()
  redactor.add(out(2, '$ '))
  redactor.beginInput()
  redactor.add(out(3, `echo ${TOKEN}\r\n`))
  redactor.endInput(4)
  assert.deepEqual(redactor.take(), [
    out(1, '10.0.0.1'),
    out(2, '$ '),
    out(4, 'echo ‹redacted:github-token#n›\r\n'),
  ])
})

test('after a resize the line is read at both widths: the editor may not have heard of it yet', () => {
  const [one, two, three] = [TOKEN.slice(0, 13), TOKEN.slice(13, 26), TOKEN.slice(26)]
  const wiped = 'y'.repeat(16)
  const atOldWidth = `${wiped}${one}.\b\x1b[K\x1b[A\r\n\x1b[11C${two}.\b\x1b[K\x1b[A\x1b[A\r\n\n\x1b[4C${three}`
  const atNewWidth = `${wiped}${one}.\b\x1b[K\r\x1b[31C${two}.\b\x1b[K\r\x1b[44C${three}`
  for (const drawn of [atOldWidth, atNewWidth]) {
    const redactor = open(20)
    redactor.beginPrompt()
    redactor.add(out(0, '$ '))
    redactor.beginInput()
    redactor.resize(60)
    redactor.add(out(1, drawn))
    redactor.add(out(2, '\x1b[A\x1b[A\r\x1b[2C\x1b[J\r\n'))
    redactor.endInput(3)
    const text = redactor
      .take()
      .map((event) => event.data)
      .join('')
    assert.ok(!text.includes(two), text)
  }
})

test('a prompt drawn again in the midst of a line does not part it', () => {
  const redactor = open(200)
  redactor.beginPrompt()
  redactor.add(out(0, 'me@host $ '))
  redactor.beginInput()
  redactor.add(
    out(
      1,
      `${TOKEN.slice(0, 12)}\x1b[A\r\x1b[31mme@host $ \x1b[0m\r\n\r\x1b[9C${TOKEN.slice(12, 19)}\x1b[5;5H${TOKEN.slice(19)}\x1b[2K\r\n`,
    ),
  )
  redactor.endInput(3)
  const text = redactor
    .take()
    .map((event) => event.data)
    .join('')
  assert.ok(!text.includes(TOKEN.slice(12, 19)), text)
})
