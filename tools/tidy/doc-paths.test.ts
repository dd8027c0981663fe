// Guard: paths in documents exist.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { brokenPaths } from './doc-paths.ts'
import { projectRoot, readFiles, sentences } from './source-files.ts'

test('a path that is gone is caught; patterns, commands and fenced text are left alone', () => {
  const exists = (path: string): boolean =>
    ['src/a.ts', 'src', 'docs/decisions', 'docs/near.md'].includes(path)
  const text =
    'See `src/a.ts:3`, `src/`, `docs/decisions/`, `src/**/x.ts`, `npm run check`, `manifest.json`, `src/gone.ts` and `GONE.md`.\n```\n`src/fenced.ts`\n```\n'
  assert.deepEqual(sentences(brokenPaths([{ path: 'README.md', text }], exists)), [
    'README.md:1  names src/gone.ts, which does not exist',
    'README.md:1  names GONE.md, which does not exist',
  ])
  assert.deepEqual(brokenPaths([{ path: 'docs/a.md', text: '`near.md`' }], exists), [])
})

test('every path that the project’s documents name exists', () => {
  // What is built or kept beside the sources need not be there.
  const exists = (path: string): boolean => existsSync(join(projectRoot, path))
  assert.deepEqual(sentences(brokenPaths(readFiles(/\.md$/), exists)), [])
})
