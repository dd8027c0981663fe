/** A token is given to the server that made it. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { findConnection, storeConnection } from './connection.ts'

test('what login stored is not sent to another server that the environment names', () => {
  const home = mkdtempSync(join(tmpdir(), 'fortnight-connection-'))
  try {
    const env = { HOME: home }
    const file = storeConnection(env, { url: 'https://fortnight.example.org', token: 'fnp_kept' })
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.equal(findConnection(env)?.token, 'fnp_kept')
    assert.equal(
      findConnection({ ...env, FORTNIGHT_URL: 'https://fortnight.example.org/' })?.token,
      'fnp_kept',
    )
    assert.equal(findConnection({ ...env, FORTNIGHT_URL: 'http://fortnight.example.org' }), undefined)
    assert.equal(findConnection({ ...env, FORTNIGHT_URL: 'http://localhost:4280' }), undefined)
    const given = { ...env, FORTNIGHT_URL: 'http://localhost:4280', FORTNIGHT_TOKEN: 'fnp_given' }
    assert.deepEqual(findConnection(given), { url: 'http://localhost:4280', token: 'fnp_given' })
  } finally {
    rmSync(home, { recursive: true })
  }
})
