// Guard: migrations are append-only once something has been released.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { badlyNumbered, changedMigrations, historyFromGit, type MigrationHistory } from './migrations.ts'
import { readFiles, sentences } from './source-files.ts'

const history: MigrationHistory = {
  releasedPaths: ['migrations/0001-a.sql'],
  released: (path) => (path === 'migrations/0001-a.sql' ? 'one' : undefined),
  firstCommitted: (path) => (path === 'migrations/0002-b.sql' ? 'two' : undefined),
}

test('a changed, a removed and a rewritten new migration are caught; a new one is not', () => {
  const present = [
    { path: 'migrations/0001-a.sql', text: 'one' },
    { path: 'migrations/0002-b.sql', text: 'two' },
    { path: 'migrations/0003-c.sql', text: 'not committed yet' },
  ]
  assert.deepEqual(changedMigrations(present, history), [])
  const touched = present.map(({ path }) => ({ path, text: 'other' }))
  assert.deepEqual(
    changedMigrations(touched, history).map(({ path }) => path),
    ['migrations/0001-a.sql', 'migrations/0002-b.sql'],
  )
  assert.match(sentences(changedMigrations([], history)).join(), /0001-a.sql .*stays for ever/)
})

test('a number used twice and a wrong name are caught', () => {
  assert.deepEqual(
    sentences(badlyNumbered(['migrations/0001-a.sql', 'migrations/0001-b.sql', 'migrations/late.sql'])),
    [
      'migrations/0001-b.sql  has the number of migrations/0001-a.sql',
      'migrations/late.sql  migrations are called NNNN-area.sql',
    ],
  )
})

test('the project’s migrations are as they were released', (t) => {
  const present = readFiles(/^migrations\/.*\.sql$/)
  assert.deepEqual(sentences(badlyNumbered(present.map(({ path }) => path))), [])
  const known = historyFromGit()
  if (!known) return t.diagnostic('not yet enforced: no release tag v* is known here')
  assert.deepEqual(sentences(changedMigrations(present, known)), [])
})
