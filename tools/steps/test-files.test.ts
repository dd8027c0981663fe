// Proves that every test file belongs to a phase and can be run at all.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { projectRoot } from './run-command.ts'
import { allTestFiles, phaseOf, testFilesOf, type Phase } from './test-files.ts'

test('each kind of test has its phase, and what nobody thought of is run with the server', () => {
  const expected: [string, Phase][] = [
    ['tools/tidy/size.test.ts', 'tidy'],
    ['src/domain/time/zone.test.ts', 'rules'],
    ['src/contract/shapes.test.ts', 'rules'],
    ['src/server/platform/record.test.ts', 'server'],
    ['src/cli/record/spool.test.ts', 'server'],
    ['acceptance/chain/story.test.ts', 'acceptance'],
    ['acceptance/chaos/kills.test.ts', 'chaos'],
    ['src/server/evidence/kills.chaos.test.ts', 'chaos'],
    ['bin/new.test.mjs', 'server'],
  ]
  for (const [path, phase] of expected) assert.equal(phaseOf(path), phase, path)
})

test('every test file of the project is run in exactly one phase', () => {
  const phases: Phase[] = ['tidy', 'rules', 'server', 'acceptance', 'chaos']
  assert.deepEqual(phases.flatMap((phase) => testFilesOf(phase)).toSorted(), allTestFiles())
  const anywhere = globSync('**/*.{test,spec}.*', {
    cwd: projectRoot,
    exclude: ['node_modules', 'dist', '.fortnight'],
  })
  assert.deepEqual(
    anywhere.filter((path) => !allTestFiles().includes(path)),
    [],
    'Node runs *.test.ts and *.test.mjs; these would never be run',
  )
})

test('every test file has a test in it, or is there for others', () => {
  const texts = allTestFiles().map((path) => ({ path, text: readFileSync(join(projectRoot, path), 'utf8') }))
  const withoutTest = texts.filter(({ text }) => !/\b(test|it)(\.\w+)?\(/.test(text))
  assert.deepEqual(
    withoutTest
      .filter(({ path }) => !texts.some(({ text }) => text.includes(`/${basename(path)}'`)))
      .map(({ path }) => path),
    [],
  )
})
