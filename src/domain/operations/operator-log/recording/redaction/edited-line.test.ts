import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openEditedLine } from './edited-line.ts'

const typed = (cols: number, prompt: string, text: string): string => {
  const line = openEditedLine(cols)
  line.write(prompt)
  line.markStart()
  line.write(text)
  return line.typed()
}

test('what was typed, taken back and typed again is what stands there', () => {
  assert.equal(typed(80, '$ ', 'lss\b \b -l'), 'ls -l')
  assert.equal(typed(80, '$ ', 'abc\x1b[2Dx\x1b[K'), 'ax')
  assert.equal(typed(80, '$ ', 'abcdef\x1b[4D\x1b[2P'), 'abef')
  assert.equal(typed(80, '$ ', 'ad\b\x1b[2@bc'), 'abcd')
})

test('a line wrapped at the edge is one line, in the ways bash, zsh and plain terminals wrap', () => {
  assert.equal(typed(10, '$ ', 'abcdefgh \rijk'), 'abcdefghijk')
  assert.equal(typed(10, '$ ', 'abcdefghijk'), 'abcdefghijk')
  assert.equal(typed(10, '$ ', 'abcdefghi\x1b[K\x1b[1D\x1b[Kij'), 'abcdefghij')
})

test('fish goes up and down over a wrapped line without breaking it', () => {
  assert.equal(typed(10, '$ ', 'abcdefghijk\x1b[A\r\r\n\x1b[3Cl'), 'abcdefghijkl')
})

test('an entered new line stays one', () => {
  assert.equal(typed(80, '$ ', 'for x in 1\r\n> do\r\n'), 'for x in 1\n> do')
})

test('a suggestion that is drawn and taken away is gone, and colours leave nothing', () => {
  assert.equal(typed(80, '> ', '\x1b[36mg\x1b[30mit push\x1b[7D\x1b[Ko'), 'go')
})

test('wide characters take two columns and combining ones none', () => {
  assert.equal(typed(10, '$ ', '日本語x\b \b'), '日本語')
  assert.equal(typed(10, '$ ', 'ae\u0301b\b\b \b'), 'a b')
})

test('clearing the screen begins anew', () => {
  assert.equal(typed(80, '$ ', 'old\x1b[H\x1b[2J$ new'), '$ new')
})
