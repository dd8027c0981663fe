/** A list in a terminal fits it; a piped list is whole; nobody's alert drives our terminal. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { table } from './table.ts'

const rows = [['P1', 'a very long sentence about a node that went away in the night']]

test('the last column gives way to the width of the terminal', () => {
  for (const line of table(['', 'WHAT'], rows, 30)) assert.ok(line.length <= 30, line)
})

test('nothing is cut when the output is piped', () => {
  assert.match(table(['', 'WHAT'], rows)[1] ?? '', /in the night$/)
})

test('escape sequences of untrusted text are shown and not obeyed', () => {
  assert.doesNotMatch(
    table(['WHAT'], [['\u001b[2J\u0007gone\u009b31m']]).join(''),
    /[\u0000-\u001f\u0080-\u009f]/,
  )
})
