/** A sentence of a rule reaches its reader in their language, with what was filled in, or in English; never broken. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addLanguage } from './languages.ts'
import { saidTo } from './said.ts'

addLanguage('da', {
  said: {
    'Say why.': 'Sig hvorfor.',
    'At most {0} rules.': 'Højst {0} regler.',
    'Nothing was changed. {0}: {1}.': 'Intet blev ændret. {0}: {1}.',
    'Nothing was changed. {0}': 'Intet blev ændret. {0}',
    '{0} has {1} of {2}.': '{1} af {2} har {0}.',
    'must be a date': 'skal være en dato',
  },
})
const danish = { locale: 'da-DK', zone: 'UTC' }
const english = { locale: 'en', zone: 'UTC' }

test('what was filled in stands where the translation wants it, and is translated where it is a sentence itself', () => {
  assert.equal(saidTo(danish, 'Say why.'), 'Sig hvorfor.')
  assert.equal(saidTo(danish, 'At most 20 rules.'), 'Højst 20 regler.')
  assert.equal(saidTo(danish, 'Kim has 2 of 3.'), '2 af 3 har Kim.')
  assert.equal(
    saidTo(danish, 'Nothing was changed. body.at: must be a date.'),
    'Intet blev ændret. body.at: skal være en dato.',
  )
  assert.equal(saidTo(danish, 'Nothing was changed. Say why.'), 'Intet blev ændret. Sig hvorfor.')
})

test('what nobody translated, and every sentence of an English reader, stays as it is', () => {
  assert.equal(saidTo(danish, 'At least 2 rules.'), 'At least 2 rules.')
  assert.equal(saidTo(english, 'Say why.'), 'Say why.')
  fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => saidTo(english, text) === text))
})

test('whatever was filled in comes through whole', () => {
  const words = fc.string({ maxLength: 40 })
  fc.assert(
    fc.property(words, (name) => {
      assert.equal(saidTo(danish, `At most ${name} rules.`).startsWith('Højst '), true)
      assert.ok(saidTo(danish, `At most ${name} rules.`).includes(saidTo(danish, name)))
    }),
  )
  const long = `At most ${'{0} has '.repeat(100)} rules.`
  assert.equal(saidTo(danish, long).length > 500, true)
})
