// Proves that a failed start ends in a sentence with PostgreSQL's own last words, and that logs stay bounded.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { asDiskFull, explainFailure, pruneLogFiles } from './server-log.ts'

function folderWithLogs(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'fn-log-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'log'))
  return folder
}

test('the last telling lines of both logs are shown', async (t) => {
  const folder = folderWithLogs(t)
  writeFileSync(
    join(folder, 'log', 'startup.log'),
    'LOG:  redirecting log output to logging collector process\n',
  )
  writeFileSync(join(folder, 'log', 'postgres-20260101-000000.log'), 'FATAL:  from an older file\n')
  writeFileSync(
    join(folder, 'log', 'postgres-20260201-000000.log'),
    'LOG:  starting\nFATAL:  lock file "x" is bogus\n',
  )
  const fault = await explainFailure('The database did not start', folder)
  assert.equal(
    fault.message,
    'The database did not start. PostgreSQL said:\n  FATAL:  lock file "x" is bogus',
  )
})

test('a full disk is named, whether PostgreSQL or we met it', async (t) => {
  const folder = folderWithLogs(t)
  writeFileSync(
    join(folder, 'log', 'startup.log'),
    'FATAL:  could not write lock file: No space left on device\n',
  )
  assert.match(
    (await explainFailure('The database did not start', folder)).message,
    /disk that holds .* is full/,
  )
  const ours = asDiskFull(Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC' }), folder)
  assert.match((ours as Error).message, /disk that holds .* is full/)
  const other = new Error('other')
  assert.equal(asDiskFull(other, folder), other)
})

test('only the newest five log files stay', async (t) => {
  const folder = join(folderWithLogs(t), 'log')
  for (let n = 1; n <= 8; n++) writeFileSync(join(folder, `postgres-2026010${n}-000000.log`), '')
  writeFileSync(join(folder, 'startup.log'), '')
  await pruneLogFiles(folder)
  assert.deepEqual(readdirSync(folder).toSorted(), [
    ...[4, 5, 6, 7, 8].map((n) => `postgres-2026010${n}-000000.log`),
    'startup.log',
  ])
})
