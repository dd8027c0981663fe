// Proves that the binaries can be used where npm's install scripts did not run or another user may not reach them.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { copyNativeFiles, findNativeFiles, isTraversableByAll, linkLibraries } from './native-files.ts'

test('a copy runs by itself, and missing library links are made again', async (t) => {
  const target = mkdtempSync(join(tmpdir(), 'fn-native-'))
  t.after(() => rmSync(target, { recursive: true, force: true }))
  const copied = await copyNativeFiles(findNativeFiles(), join(target, 'native-test'))
  const library = join(copied.folder, 'lib')
  const links = readdirSync(library).filter((name) => lstatSync(join(library, name)).isSymbolicLink())
  assert.ok(links.length > 0)
  for (const name of links) rmSync(join(library, name))
  await linkLibraries(copied)
  await linkLibraries(copied)
  assert.deepEqual(
    readdirSync(library)
      .filter((name) => lstatSync(join(library, name)).isSymbolicLink())
      .toSorted(),
    links.toSorted(),
  )
  assert.match(execFileSync(copied.postgres, ['--version'], { encoding: 'utf8' }), /PostgreSQL\) 18/)
})

test('a private folder on the way is seen', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'fn-private-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  assert.equal(await isTraversableByAll(folder), false)
  assert.equal(await isTraversableByAll('/'), true)
})
