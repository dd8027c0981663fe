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

test('commands are kept with what their prompts say of them', () => {
  const tracker = openCommandTracker()
  tracker.run(5, 'make', { cwd: '/', context: null })
  assert.equal(tracker.prompt(9, 1)?.durationMs, 4)
  assert.equal(tracker.prompt(10, 0), null)
  assert.equal(tracker.commands().length, 1)
})

test('the first line counts against the history that was there before it', () => {
  const tracker = openCommandTracker()
  tracker.startHistory(7)
  assert.equal(
    tracker.choose({ command: 'kubectl get pods', historyNumber: 8 }, 'misread'),
    'kubectl get pods',
  )
  assert.equal(tracker.choose({ command: 'kubectl get pods', historyNumber: 8 }, ' hidden'), 'hidden')
})
