// Guard: functions of at most 70 lines, files of at most 600.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileAim, fileLimit, longFiles, longFunctions } from './size.ts'
import { projectSources, sentences } from './source-files.ts'

const body = (lines: number): string => Array.from({ length: lines }, (_, n) => `  call(${n})`).join('\n')

test('a function of 71 lines is caught, in TypeScript, in TSX and as a method; one of 70 is not', () => {
  for (const [path, head] of [
    ['a.ts', 'const f = (x: number): void => {'],
    ['B.tsx', 'export function B(): unknown {'],
    ['c.ts', 'class C { m(): void {'],
  ] as const) {
    const tail = head.startsWith('class') ? '} }\n' : '}\n'
    assert.deepEqual(longFunctions([{ path, text: `${head}\n${body(68)}\n${tail}` }]), [])
    assert.deepEqual(sentences(longFunctions([{ path, text: `${head}\n${body(69)}\n${tail}` }])), [
      `${path}:1  a function of 71 lines; at most 70`,
    ])
  }
})

test('a long file is caught', () => {
  assert.equal(longFiles([{ path: 'a.ts', text: 'x\n'.repeat(fileLimit + 1) }], fileLimit).length, 1)
  assert.equal(longFiles([{ path: 'a.ts', text: 'x\n'.repeat(fileLimit) }], fileLimit).length, 0)
})

test('no function and no file of the project is too long', (t) => {
  for (const line of sentences(longFiles(projectSources(), fileAim)))
    t.diagnostic(`is a concept missing? ${line}`)
  assert.deepEqual(sentences(longFunctions(projectSources())), [])
  assert.deepEqual(sentences(longFiles(projectSources(), fileLimit)), [])
})
