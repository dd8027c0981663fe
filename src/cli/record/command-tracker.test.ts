import assert from 'node:assert/strict'
import { test } from 'node:test'
import { believe, openCommandTracker } from './command-tracker.ts'

test('a line that bash kept out of its history is taken from the screen', () => {
  const mark = (command: string, historyNumber: number): { command: string; historyNumber: number } => ({
    command,
    historyNumber,
  })
  assert.equal(believe(mark('ls', 8), 'ls', 7), 'ls')
  assert.equal(believe(mark('ls', 7), 'make', 7), 'make')
  assert.equal(believe(mark('ls', 7), 'ls', 7), 'ls', 'the same line twice keeps the number')
  assert.equal(
    believe(mark('kubectl get pods', 8), '!!', 7),
    'kubectl get pods',
    'what the history expanded to is what ran',
  )
  assert.equal(believe(mark('ls', 7), '', 7), 'ls', 'nothing seen, nothing to set against it')
  assert.equal(believe({ command: '', historyNumber: null }, ' x ', null), 'x')
})

test('commands are redacted before they are kept', () => {
  const tracker = openCommandTracker((text) => text.replace('hunter2', '***'))
  const started = tracker.run(5, 'login hunter2', {
    cwd: '/',
    context: null,
  })
  assert.equal(started.command, 'login ***')
  assert.equal(tracker.prompt(9, 1)?.durationMs, 4)
  assert.equal(tracker.prompt(10, 0), null)
  assert.equal(tracker.commands().length, 1)
})
