/** The home view is light enough for a phone on one bar of signal: what it needs, measured as it travels. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { buildWeb } from '../../tools/build/web.ts'
import { webFolder } from './open-web.ts'

/** The promise is 150 kB; held below it, so that a feature does not have to pay for those before it. */
const BUDGET_BYTES = 140_000
type Chunk = { file: string; css?: string[]; imports?: string[]; isEntry?: boolean }
type Manifest = Readonly<Record<string, Chunk>>

before(() => buildWeb(() => undefined))

const read = (file: string): Buffer => readFileSync(join(webFolder, file))
const weigh = (file: string): number => gzipSync(read(file), { level: 9 }).length

/** A chunk with everything it imports at once; what is imported on demand does not count. */
const filesOf = (manifest: Manifest, name: string, seen = new Set<string>()): Set<string> => {
  const chunk = manifest[name]
  if (!chunk || seen.has(chunk.file)) return seen
  seen.add(chunk.file)
  for (const css of chunk.css ?? []) seen.add(css)
  for (const imported of chunk.imports ?? []) filesOf(manifest, imported, seen)
  return seen
}

test('the home view weighs less than 140 kB, compressed, with all its scripts and styles', () => {
  const manifest = JSON.parse(read('.vite/manifest.json').toString()) as Manifest
  const files = new Set([...filesOf(manifest, 'index.html'), ...filesOf(manifest, 'home/Home.tsx')])
  assert.ok(
    [...files].some((file) => file.includes('Home')),
    'the home chunk is found',
  )
  const weights = [...files, 'early.js', 'index.html'].map((file) => ({ file, bytes: weigh(file) }))
  const sum = weights.reduce((total, { bytes }) => total + bytes, 0)
  for (const { file, bytes } of weights.toSorted((a, b) => b.bytes - a.bytes))
    console.log(`${String(bytes).padStart(8)}  ${file}`)
  console.log(`${String(sum).padStart(8)}  home view, gzip -9, of ${BUDGET_BYTES}`)
  assert.ok(sum < BUDGET_BYTES, `${sum} bytes`)
})

test('the contract and its validator stay on the server', () => {
  const manifest = JSON.parse(read('.vite/manifest.json').toString()) as Manifest
  const scripts = Object.values(manifest).filter(({ file }) => file.endsWith('.js'))
  assert.ok(scripts.length > 20)
  for (const { file } of scripts) assert.doesNotMatch(read(file).toString(), /ZodError|_zod/, file)
})

test('nothing is fetched from another origin and nothing needs inline script', () => {
  const page = read('index.html').toString()
  assert.doesNotMatch(page, /<script(?![^>]*\bsrc=)/)
  assert.doesNotMatch(page, /(?:src|href)="(?:https?:)?\/\//)
})
