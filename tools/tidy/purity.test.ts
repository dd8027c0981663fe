// Guard: nothing in the domain reads a clock, a process or a random number.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { impurities } from './purity.ts'
import { projectSources, sentences } from './source-files.ts'

const caught = (path: string, text: string): boolean => impurities([{ path, text }]).length > 0

test('every way out of the rules is caught', () => {
  for (const text of [
    'const a = Date.now()',
    'const a = new Date(0)',
    'const a: Date | null = null',
    'const a = Math.random()',
    'const a = Temporal.Instant.from(x)',
    'const a = process.env',
    'const a = globalThis[name]',
    'const a = { now: performance }',
    'setTimeout(f, 1)',
    'const f = (at: Date): void => {}',
    'const f = (now = performance) => now',
    'console.log(1)',
    'const { random } = { ...crypto }',
  ]) {
    assert.equal(caught('src/domain/operations/paging/a.ts', text), true, text)
  }
})

test('domain/time may use calendars, but reads no clock either', () => {
  const path = 'src/domain/time/zone.ts'
  assert.equal(
    caught(path, 'const a = Temporal.Instant.from(x); const b = new Date(0); const c = Intl'),
    false,
  )
  for (const text of ['Date.now()', 'new Date()', 'Temporal.Now.instant()', 'Math.random()'])
    assert.equal(caught(path, text), true, text)
})

test('names of properties, other rooms and tests are left alone', () => {
  const path = 'src/domain/operations/paging/a.ts'
  assert.equal(
    caught(path, 'const a = x.process; const b = { Date: 1 }; type C = { process: string }; // Date.now()'),
    false,
  )
  assert.equal(
    caught(path, 'const f = (process: string, { console }: X): string => process + console'),
    false,
  )
  assert.equal(caught('src/server/platform/clock.ts', 'Date.now()'), false)
  assert.equal(caught('src/domain/time/a.test.ts', 'Date.now()'), false)
})

test('the project’s domain is pure', () => {
  assert.deepEqual(sentences(impurities(projectSources())), [])
})
