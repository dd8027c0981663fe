// Proves that the bundle is whole, and that what waits beside the engine loads little: memory is paid for by every installation.
import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { before, test } from 'node:test'
import { builds, inputsDigest, isBuilt, writeStamp } from '../../bin/built.mjs'
import { buildServer } from './server.ts'

const projectRoot = join(import.meta.dirname, '..', '..')
const program = (name: string): string => join(projectRoot, 'dist', 'server', name)

before(() => buildServer(() => undefined))

/** The file and everything it loads before its first line runs. */
function loadedBy(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen
  seen.add(path)
  for (const [, specifier] of readFileSync(path, 'utf8').matchAll(
    /\bimport(?:[^"'()]*from)?["'](\.[^"']+)["']/g,
  ))
    loadedBy(join(dirname(path), specifier as string), seen)
  return seen
}

const kilobytes = (paths: Iterable<string>): number =>
  [...paths].reduce((sum, path) => sum + statSync(path).size, 0) / 1024

const texts = (paths: Iterable<string>): string =>
  [...paths].map((path) => readFileSync(path, 'utf8')).join('\n')

/** The part that the first process loads once it has a database. */
const engine = (): string => {
  const named = [...texts(loadedBy(program('main.mjs'))).matchAll(/import\("(\.\/parts\/serve-[^"]+)"\)/g)]
  assert.equal(named.length, 1)
  return program(named[0]?.[1] as string)
}

test('the worker loads neither the HTTP server nor the areas before there is work', () => {
  const loaded = loadedBy(program('worker.mjs'))
  assert.ok(kilobytes(loaded) < 1_200, `${kilobytes(loaded)} kB`)
  assert.doesNotMatch(texts(loaded), /FST_ERR_|"page\.requested"/)
})

test('the watch loads little more than the database driver', () => {
  const loaded = loadedBy(program('watch/main.mjs'))
  assert.ok(kilobytes(loaded) < 400, `${kilobytes(loaded)} kB`)
  assert.doesNotMatch(texts(loaded), /FST_ERR_|ZodError|"page\.requested"/)
})

test('what the engine loads is seen by the same look, so that the guards above can fail', () => {
  const loaded = texts(loadedBy(engine()))
  assert.match(loaded, /FST_ERR_/)
  assert.match(loaded, /ZodError/)
  assert.match(loaded, /"page\.requested"/)
})

test('every part that a program names is there', () => {
  for (const entry of ['main.mjs', 'worker.mjs', 'watch/main.mjs', 'pack-thread.mjs', 'rules-thread.mjs'])
    for (const path of loadedBy(program(entry)))
      for (const [, specifier] of readFileSync(path, 'utf8').matchAll(/import\("(\.[^"]+\.mjs)"\)/g))
        assert.ok(existsSync(join(dirname(path), specifier as string)), `${specifier} of ${path}`)
})

test('whatever is bundled counts when it is asked whether the bundle is stale', () => {
  const folder = join(projectRoot, builds.server.output)
  const maps = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.mjs.map'),
  )
  const sources = maps.flatMap((name) =>
    (JSON.parse(readFileSync(join(folder, name), 'utf8')) as { sources: string[] }).sources.map((source) =>
      relative(projectRoot, join(folder, dirname(name), source)),
    ),
  )
  const own = sources.filter((path) => !path.includes('node_modules/'))
  assert.ok(own.includes('src/server/main.ts'), own.join())
  const counts = (path: string): boolean =>
    builds.server.inputs.some((input) => path === input || path.startsWith(`${input}/`))
  assert.deepEqual(
    own.filter((path) => !counts(path)),
    [],
  )
})

test('a build is stale when one of its inputs changed, and a test or an unrelated file is none of them', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'fn-built-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  write('src/server/a.ts', '1')
  assert.equal(isBuilt(root, 'server'), false)
  writeStamp(join(root, 'dist/server'), inputsDigest(root, 'server'))
  assert.equal(isBuilt(root, 'server'), true)
  write('src/server/a.test.ts', '1')
  write('src/web/b.tsx', '1')
  assert.equal(isBuilt(root, 'server'), true)
  write('src/contract/c.ts', '1')
  assert.equal(isBuilt(root, 'server'), false)
})

test('no part costs two bytes a letter, and none brings the languages of zod', () => {
  const all = texts(loadedBy(engine()))
  assert.doesNotMatch(all, /[^\0-\x7f]/)
  assert.match(all, /ZodError/)
  assert.doesNotMatch(all, /Ung\\xFCltige Eingabe/)
})
