// Guard: each file opens with a comment.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filesWithoutOpening } from './opening-comment.ts'
import { readFiles, sentences } from './source-files.ts'

test('a file that starts with code is caught; a shebang may come first', () => {
  const planted = [
    { path: 'a.ts', text: "import x from './x.ts'\n" },
    { path: 'b.sql', text: 'create table b ();\n' },
    { path: 'c.py', text: 'import sys\n' },
    { path: 'alone.test.ts', text: "import x from './x.ts'\n" },
  ]
  assert.deepEqual(
    filesWithoutOpening(planted).map(({ path }) => path),
    ['a.ts', 'b.sql', 'c.py', 'alone.test.ts'],
  )
  const good = [
    { path: 'a.ts', text: '// Why.\n' },
    { path: 'a.test.ts', text: "import x from './x.ts'\n" },
    { path: 'd.mjs', text: '#!/usr/bin/env node\n/** Why. */\n' },
    { path: 'b.sql', text: '-- Why.\n' },
    { path: 'notes.md', text: 'anything' },
  ]
  assert.deepEqual(filesWithoutOpening(good), [])
})

test('every file of the project says why it exists', () => {
  assert.deepEqual(sentences(filesWithoutOpening(readFiles(/\.(ts|tsx|mjs|js|css|sql|py)$/))), [])
})
