/** Long passwords are welcome, guessable ones are not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkPassword } from './password-rule.ts'

const about = ['ada', 'Ada Example', 'ada@example.org']

test('words in a row, other scripts and symbols are fine', () => {
  for (const good of [
    'four plain words together',
    'пароль из трёх слов',
    'Zx9#kk!2pQ_w',
    '密码密码一二三四五六七八',
  ])
    assert.equal(checkPassword(good, about), undefined, good)
})

test('short, repetitive, known or built from the owner is refused', () => {
  for (const bad of [
    'eleven char',
    'aaaaaaaaaaaaaaaa',
    'ababababababab',
    'password1234',
    'Ada.Example.1',
    'fortnight-2026',
    'ada@example.org',
  ])
    assert.equal(checkPassword(bad, about)?.code, 'weak-password', bad)
})
