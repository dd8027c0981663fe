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

test('closures are held to the limit by themselves, and a factory with all of them to 220 lines', () => {
  const closure = (lines: number): string => `  const g = () => {\n${body(lines - 2)}\n  }`
  const factory = (...closures: number[]): string =>
    `const f = () => {\n${closures.map(closure).join('\n')}\n}\n`
  assert.deepEqual(longFunctions([{ path: 'a.ts', text: factory(60, 60, 60) }]), [])
  assert.deepEqual(sentences(longFunctions([{ path: 'a.ts', text: factory(60, 71) }])), [
    'a.ts:62  a function of 71 lines; at most 70',
  ])
  assert.deepEqual(sentences(longFunctions([{ path: 'a.ts', text: factory(60, 60, 60, 60) }])), [
    'a.ts:1  a function of 242 lines with its closures; at most 220',
  ])
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
