// Proves that a missing program is asked for by the exact command, and a given path is believed.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { findProgram, missingSentences, programs } from './programs.ts'

test('what is missing is named with the command that brings it; optional ones do not stop the run', () => {
  const lines = missingSentences(programs, {})
  assert.match(lines[0] ?? '', /Alertmanager and Prometheus and OpenSSL and Chromium and Python 3/)
  assert.equal(
    lines[1],
    '  sudo apt-get install --no-install-recommends prometheus-alertmanager prometheus openssl chromium python3',
  )
  assert.deepEqual(
    missingSentences(
      programs.filter(({ whenMissing }) => whenMissing === 'skip'),
      {},
    ),
    [],
  )
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

test('a variable that leads nowhere is named: installing the program again would not help', () => {
  const lines = missingSentences(programs, { FORTNIGHT_CHROMIUM: '/nowhere/chrome' })
  assert.equal(
    lines[0],
    'FORTNIGHT_CHROMIUM says /nowhere/chrome, where no program is that this user may run.',
  )
})

/** A machine in small: what npm test itself needs, and nothing that the tests use. */
const bareMachine = (t: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'fortnight-bare-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  symlinkSync(process.execPath, join(folder, 'node'))
  return folder
}

test('npm test on a machine without the programs runs nothing, says what brings them, and fails', (t) => {
  const env = { PATH: bareMachine(t), HOME: tmpdir() }
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, '..', 'test.ts'), 'steps/programs'],
    { env, encoding: 'utf8', timeout: 120_000 },
  )
  assert.equal(status, 1, stdout)
  assert.match(
    stdout,
    /sudo apt-get install --no-install-recommends prometheus-alertmanager prometheus openssl chromium python3/,
  )
  assert.doesNotMatch(stdout, /═══|passed/)
})

test('npm test with a word that no test file has in its path fails', () => {
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, '..', 'test.ts'), 'steps/programs', 'programms'],
    { encoding: 'utf8', timeout: 120_000 },
  )
  assert.deepEqual([status, stdout], [1, 'No test file has "programms" in its path.\n'])
})
