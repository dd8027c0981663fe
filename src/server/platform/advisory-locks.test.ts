/** No two advisory locks share a number, and none is chosen outside the list. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { advisoryLocks } from './advisory-locks.ts'
import { projectRoot } from './boot.ts'

test('no two advisory locks share a number', () => {
  const numbers = Object.values(advisoryLocks)
  assert.equal(new Set(numbers).size, numbers.length)
})

test('no file chooses a lock number of its own', () => {
  const found = execFileSync('git', ['grep', '-l', '-E', '\\b4280_?[0-9]{4}\\b', '--', 'src'], {
    cwd: projectRoot,
    encoding: 'utf8',
  })
  const elsewhere = found.split('\n').filter((path) => path !== '' && !path.includes('advisory-locks'))
  assert.deepEqual(elsewhere, [])
})
