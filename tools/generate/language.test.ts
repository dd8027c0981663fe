/** Whoever translates is given every sentence: none that a person can be told is missing from the list. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allSaid, saidIn } from './language.ts'
import { allRefusals } from './refusal-codes.ts'

test('a sentence is found wherever it is written, both sides of a choice, with its places numbered', () => {
  const text = `function f() {
    if (a) return refuse('no-such', 'There is no such thing.')
    throw new Fault('conflict', b ? \`\${name} is archived by \${who}.\` : 'Nobody knows why.')
    const detail = 'must be a date'
    return { code: 'x-y', detail: \`At most \${most} rules.\`, other: 'not for people to read' }
    throw notFound('This decision')
  }`
  assert.deepEqual(saidIn({ path: 'src/domain/x.ts', text }), [
    'There is no such thing.',
    '{0} is archived by {1}.',
    'Nobody knows why.',
    'must be a date',
    'At most {0} rules.',
    'This decision',
  ])
})

test('what a check of the contract says is listed', () => {
  const text = `z.string().regex(/^a$/, 'must be the letter a').max(3, { error: 'is too long here' })`
  assert.deepEqual(
    new Set(saidIn({ path: 'src/contract/x.ts', text })),
    new Set(['must be the letter a', 'is too long here']),
  )
  assert.deepEqual(saidIn({ path: 'src/server/x.ts', text }), ['is too long here'])
})

test('every sentence that docs/errors.md knows is there to be translated', () => {
  const said = new Set(
    allSaid().map((sentence) => sentence.replaceAll(/\{\d+\}/g, '…').replaceAll(/\s+/g, ' ')),
  )
  const missing = allRefusals()
    .filter(({ sentence }) => sentence !== undefined && !said.has(sentence))
    .map(({ path, sentence }) => `${path}: ${sentence}`)
  assert.deepEqual(missing, [])
  assert.ok(said.size > 400, 'the search lost most of them')
})
