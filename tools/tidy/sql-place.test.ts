// Guard: SQL only in store.ts.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { projectSources, sentences } from './source-files.ts'
import { sqlOutsideStores } from './sql-place.ts'

const path = 'src/server/operations/paging/acknowledge-page.ts'

test('every way of writing SQL in a verb is caught', () => {
  for (const text of [
    'await sql`select 1`.execute(tx)',
    "await pool.query('select 1')",
    "tx.selectFrom('pages')",
    "tx.updateTable('pages')",
  ]) {
    assert.equal(sqlOutsideStores([{ path, text }]).length, 1, text)
  }
})

test('stores, the platform, tests and other rooms are left alone', () => {
  const text = 'sql`select 1`'
  for (const free of [
    'src/server/operations/paging/store.ts',
    'src/server/operations/paging/delivery-store.ts',
    'src/server/platform/record.ts',
    'src/server/operations/paging/page.test.ts',
    'src/web/operations/paging/queries.ts',
  ]) {
    assert.deepEqual(sqlOutsideStores([{ path: free, text }]), [], free)
  }
  assert.deepEqual(sqlOutsideStores([{ path, text: 'const { query } = request; url.query' }]), [])
})

test('the project’s SQL is in its stores', () => {
  assert.deepEqual(sentences(sqlOutsideStores(projectSources())), [])
})
