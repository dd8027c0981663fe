/** The generated pages say what the code does; a code that no page could list is refused. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { errorCatalogue } from '../../src/contract/errors.ts'
import { configPage } from './config.ts'
import { errorsPage } from './errors.ts'
import {
  allDeclaredCodes,
  allRefusals,
  allUnlisted,
  declaredCodesIn,
  refusalsIn,
  unlistedIn,
} from './refusal-codes.ts'

const kept = (name: string): string => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8')

test('docs/config.md is current: otherwise run node bin/run.mjs tools/generate/pages.ts', () => {
  assert.equal(kept('config.md'), configPage())
})

test('docs/errors.md is current: otherwise run node bin/run.mjs tools/generate/pages.ts', () => {
  assert.equal(kept('errors.md'), errorsPage())
})

test('every code is kebab-case, and no rule refuses under a name of the catalogue', () => {
  for (const { code, path } of allRefusals()) {
    assert.match(code, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, path)
    assert.ok(!(code in errorCatalogue), `${path}: ${code} means something else in src/contract/errors.ts`)
  }
  for (const code of Object.keys(errorCatalogue)) assert.match(code, /^[a-z]+(-[a-z]+)*$/)
})

test('every refusal writes its code where it is said, so that the page can list it', () => {
  assert.deepEqual(allUnlisted(), [])
})

test('what the types promise is what the code says, both ways', () => {
  const said = new Set(allRefusals().map(({ code }) => code))
  const promised = [...allDeclaredCodes()]
  assert.deepEqual(
    promised.filter((code) => !said.has(code)),
    [],
    'promised by a type and never said',
  )
})

test('the search finds refusals in every form they are written in, and names those it cannot list', () => {
  const text = `
    if (a) return refuse('no-such-thing', 'There is no such thing.')
    return refuse(
      'too-many',
      \`At most \${most({ of: 1 })} are taken.\`,
    )
    return { refused: true, code: 'by-hand', detail }
    return refuse(codeOf(x), 'never listed')
    type R = Refusal<'a-code' | 'b-code'>`
  assert.deepEqual(
    refusalsIn('x.ts', text).map(({ code, sentence }) => [code, sentence]),
    [
      ['no-such-thing', 'There is no such thing.'],
      ['too-many', 'At most … are taken.'],
      ['by-hand', undefined],
    ],
  )
  assert.deepEqual(unlistedIn('x.ts', text), ['x.ts:8'])
  assert.deepEqual(declaredCodesIn(text), ['a-code', 'b-code'])
})
