// Proves that a run cannot pass by running nothing, by crashing, or by skipping without a word.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { runTestFiles } from './run-test-files.ts'
import { closingLines, exitCode, newTally, type Tally } from './tally.ts'

const scratch = mkdtempSync(join(tmpdir(), 'fortnight-tally-'))
after(() => rmSync(scratch, { recursive: true, force: true }))

async function runOf(name: string, source: string, limitMs = 60_000): Promise<Tally> {
  const path = join(scratch, `${name}.test.mjs`)
  writeFileSync(path, `import { test, suite } from 'node:test'\nimport assert from 'node:assert'\n${source}`)
  const tally = newTally()
  await runTestFiles(name, [path], tally, { limitMs })
  return tally
}

test('passed, failed and skipped tests are counted, and the closing line stands last with the reasons above it', async () => {
  const tally = await runOf(
    'mixed',
    `suite('s', () => { test('one', () => {}); test('two', () => assert.fail()) })
     test('three', { skip: 'no such program here' }, () => {})
     test('four', (t) => t.skip('no such program here'))`,
  )
  assert.deepEqual([tally.passed, tally.failed, tally.skipped], [1, 2, 2])
  const lines = closingLines(tally)
  assert.match(lines[0] ?? '', /^failed: .*mixed.test.mjs: two$/)
  assert.equal(lines[2], 'skipped: no such program here')
  assert.equal(lines.at(-1), '1 passed, 2 failed, 2 skipped')
  assert.equal(exitCode(tally), 1)
})

test('a skip without a reason fails', async () => {
  const tally = await runOf('silent', `test('one', () => {}); test('two', { skip: true }, () => {})`)
  assert.deepEqual([tally.passed, tally.failed, tally.skipped], [1, 1, 0])
})

test('a file that crashes, before, after or between its tests, fails', async () => {
  for (const [name, source] of [
    ['before', `throw new Error('at once')`],
    ['after', `test('one', () => {}); process.on('exit', () => process.exit(3))`],
    ['killed', `test('one', () => { process.kill(process.pid, 'SIGKILL') })`],
  ] as const) {
    assert.equal(exitCode(await runOf(name, source)), 1, name)
  }
})

test('a file without a test fails, and so does a run without a file’s end', async () => {
  assert.equal(exitCode(await runOf('empty', '')), 1)
  assert.equal(exitCode(await runOf('hangs', `test('one', () => {}); setInterval(() => {}, 1000)`, 1500)), 1)
  assert.equal(exitCode(newTally()), 1, 'nothing run is not a pass')
})
