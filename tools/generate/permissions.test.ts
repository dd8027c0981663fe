/** The page about permissions says what the server does. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { permissionsPage } from './permissions.ts'

test('docs/permissions.md is current: otherwise run tools/generate/permissions.ts', () => {
  assert.equal(
    readFileSync(join(import.meta.dirname, '../../docs/permissions.md'), 'utf8'),
    permissionsPage(),
  )
})
