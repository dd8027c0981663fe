/** The recorder's heart without a terminal: bytes in, events and commands out. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CastEvent } from '../../domain/operations/operator-log/recording/asciicast.ts'
import type { RecordedCommand } from '../../domain/operations/operator-log/recording/command-list.ts'
import { SECRET_RULES } from '../../domain/operations/operator-log/recording/redaction/secret-rules.ts'
import { openSessionRecorder } from './session-recorder.ts'
import type { SessionRecorder } from './session-recorder.ts'

const NONCE = 'n0nce'
const mark = (payload: string): string => `\x1b]7767;${NONCE};${payload}\x07`

type Made = {
  readonly recorder: SessionRecorder
  readonly events: CastEvent[]
  readonly commands: Map<number, RecordedCommand>
  readonly terminal: Buffer[]
  readonly feed: (text: string | Buffer, atMs?: number) => void
  readonly text: () => string
}

const make = (): Made => {
  let nowMs = 0
  const events: CastEvent[] = []
  const commands = new Map<number, RecordedCommand>()
  const terminal: Buffer[] = []
  const recorder = openSessionRecorder({
    nonce: NONCE,
    cols: 80,
    homeDirectory: '/home/x',
    elapsedMs: () => nowMs,
    redaction: { rules: SECRET_RULES, known: [], tag: () => 'n' },
    kubeContext: (kubeconfig) => (kubeconfig === '/k' ? 'acme' : null),
    onEvents: (more) => events.push(...more),
    onCommand: (command) => commands.set(command.n, command),
    onReady: () => {},
  })
  return {
    recorder,
    events,
    commands,
    terminal,
    feed: (text, atMs = nowMs + 20) => {
      nowMs = atMs
      terminal.push(...recorder.feed(Buffer.from(text)))
      recorder.settle()
    },
    text: () =>
      events
        .filter((event) => event.code === 'o')
        .map((event) => event.data)
        .join(''),
  }
}

test('a character cut in two by a read is one character in the recording, and bytes in the terminal', () => {
  const { feed, recorder, text, terminal } = make()
  const bytes = Buffer.from('zażółć 日本 🎉\r\n')
  for (const byte of bytes) feed(Buffer.from([byte]))
  feed(Buffer.from([0xff, 0x0a]))
  recorder.end(0)
  assert.equal(text(), 'zażółć 日本 🎉\r\n\ufffd\n')
  assert.deepEqual(Buffer.concat(terminal), Buffer.concat([bytes, Buffer.from([0xff, 0x0a])]))
})

test('the terminal gets the standard marks in place of ours, the recording none', () => {
  const { feed, recorder, events, commands, terminal } = make()
  feed(`${mark('ready;0;shell=zsh')}${mark('A;1;exit=0;cwd=/srv;kubeconfig=/k')}$ ${mark('B')}`, 100)
  feed(`ls\r\n${mark('C;1;command=ls')}out\r\n${mark('A;2;exit=2;cwd=/')}`, 200)
  recorder.end(7)
  assert.match(
    Buffer.concat(terminal).toString(),
    /^\x1b\]133;D;0\x07\x1b\]133;A\x07\$ \x1b\]133;B\x07ls\r\n\x1b\]133;C\x07out/,
  )
  assert.doesNotMatch(JSON.stringify(events), /133|7767/)
  assert.deepEqual(
    events.map((event) => [event.code, event.data]),
    [
      ['o', '$ '],
      ['o', 'ls\r\n'],
      ['m', 'ls'],
      ['o', 'out\r\n'],
      ['x', '7'],
    ],
  )
  assert.deepEqual(commands.get(1), {
    n: 1,
    command: 'ls',
    cwd: '/srv',
    context: 'acme',
    startedAtMs: 200,
    durationMs: 0,
    exitCode: 2,
  })
})

test('the whole output of a command that prints a secret is cut', () => {
  const { feed, recorder, text } = make()
  feed(`${mark('A;1;exit=0')}$ ${mark('B')}base64 -d x\r\n${mark('C;1;command=base64 -d x')}`)
  feed(`hunter2\r\n${mark('A;2;exit=0')}$ `)
  recorder.end(0)
  assert.equal(text(), '$ base64 -d x\r\n‹redacted:secret-output#n›\r\n$ ')
})

test('what happens in a pause is nowhere: neither shown, nor typed, nor listed', () => {
  const { feed, recorder, text, commands } = make()
  feed(`${mark('A;1;exit=0')}$ ${mark('B')}x\r\n${mark('C;1;command=x')}before\r\n`)
  recorder.pause('a call')
  feed(`during\r\n${mark('A;2;exit=0')}$ ${mark('B')}private\r\n${mark('C;2;command=private')}`)
  recorder.resume()
  feed(`after\r\n${mark('A;3;exit=0')}`)
  recorder.end(0)
  assert.equal(text(), '$ x\r\nbefore\r\nafter\r\n')
  assert.deepEqual(
    [...commands.values()].map((command) => command.command),
    ['x'],
  )
  assert.equal(recorder.facts().pauses[0]?.why, 'a call')
})

test('a bash that cannot tell its commands is told to the operator, and is no part of the recording', () => {
  const { feed, recorder, events, terminal } = make()
  feed(`${mark('ready;0;shell=bash;version=3.2.57(1)-release;commands=no')}$ `, 100)
  recorder.end(0)
  assert.match(
    Buffer.concat(terminal).toString(),
    /bash 3\.2\.57\(1\)-release is too old.*4\.4 or later.*are not listed/s,
  )
  assert.doesNotMatch(JSON.stringify(events), /too old/)
  assert.equal(recorder.facts().shellMarks, false)
})
