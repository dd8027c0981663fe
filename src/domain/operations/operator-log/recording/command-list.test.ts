import assert from 'node:assert/strict'
import { test } from 'node:test'
import { applyMark, runningCommand } from './command-list.ts'
import type { RecordedCommand, ShellMark } from './command-list.ts'

const play = (marks: readonly ShellMark[]): readonly RecordedCommand[] =>
  marks.reduce<readonly RecordedCommand[]>(applyMark, [])
const run = (atMs: number, command: string): ShellMark => ({
  kind: 'run',
  atMs,
  command,
  cwd: '/srv',
  context: 'acme',
})

test('a command ends with the next prompt, which brings its exit status', () => {
  const [first] = play([
    { kind: 'prompt', atMs: 0, exitCode: 0 },
    run(100, 'false'),
    { kind: 'prompt', atMs: 350, exitCode: 1 },
  ])
  assert.deepEqual(first, {
    n: 1,
    command: 'false',
    cwd: '/srv',
    context: 'acme',
    startedAtMs: 100,
    durationMs: 250,
    exitCode: 1,
  })
})

test('a prompt after an empty line changes nothing', () => {
  const before = play([run(1, 'a'), { kind: 'prompt', atMs: 2, exitCode: 0 }])
  assert.equal(applyMark(before, { kind: 'prompt', atMs: 9, exitCode: 1 }), before)
})

test('a command whose end was not seen is listed as such, not guessed', () => {
  const commands = play([run(1, 'a'), run(5, 'b')])
  assert.deepEqual(
    commands.map((c) => [c.n, c.durationMs, c.exitCode]),
    [
      [1, 4, null],
      [2, null, null],
    ],
  )
  assert.equal(runningCommand(commands)?.command, 'b')
  assert.equal(runningCommand(play([run(1, 'exit 3'), { kind: 'ended', atMs: 2, exitCode: 3 }])), null)
})
