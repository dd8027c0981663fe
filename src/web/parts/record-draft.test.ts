/** What is sent is what was touched, and nothing that only looks different. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changesOf, onlyChanged } from './record-draft.ts'

test('a field counts as changed when its words differ, and only such fields are sent', () => {
  const before = { name: 'Acme', plan: '', version: '1' }
  const changes = changesOf(before, { name: 'Acme ', plan: 'gold', version: '1' })
  assert.deepEqual(changes, [{ name: 'plan', was: '', is: 'gold' }])
  assert.deepEqual(onlyChanged({ name: 'Acme', plan: 'gold', version: null }, changes), { plan: 'gold' })
})
