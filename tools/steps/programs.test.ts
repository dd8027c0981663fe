// Proves that a missing program is asked for by the exact command, and a given path is believed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findProgram, missingSentences, programs } from './programs.ts'

test('what is missing is named with the command that brings it; optional ones do not stop the run', () => {
  const lines = missingSentences(programs)
  assert.match(lines[0] ?? '', /Alertmanager and Chromium and Python 3/)
  assert.equal(
    lines[1],
    '  sudo apt-get install --no-install-recommends prometheus-alertmanager chromium python3',
  )
  assert.deepEqual(missingSentences(programs.filter(({ whenMissing }) => whenMissing === 'skip')), [])
})

test('a program is found on PATH, or where its variable says', () => {
  const [alertmanager] = programs
  assert.ok(alertmanager)
  assert.equal(findProgram(alertmanager, { PATH: '/nowhere' }), undefined)
  assert.equal(
    findProgram(alertmanager, { PATH: '/nowhere', FORTNIGHT_ALERTMANAGER: process.execPath }),
    process.execPath,
  )
})
