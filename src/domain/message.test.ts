/** Sentences are filled as their language and their reader want it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fillMessage, type Manner } from './message.ts'

const manner = (language: string, locale = language): Manner => ({
  plural: (n) => new Intl.PluralRules(language).select(n),
  number: (n) => new Intl.NumberFormat(locale).format(n),
})
const english = manner('en')

test('names are filled, each as often as it stands, and what nobody gave stays visible', () => {
  assert.equal(
    fillMessage('{name} has {what}; {name} said so', { name: 'Bo', what: 'it' }, english),
    'Bo has it; Bo said so',
  )
  assert.equal(fillMessage('{name} has it', {}, english), '{name} has it')
  assert.equal(
    fillMessage('{name}', { name: '{other}', other: 'x' }, english),
    '{other}',
    'what is filled in is no sentence',
  )
})

test('plural forms are those of the language, not of English', () => {
  const alerts = { one: '{count} alert', other: '{count} alerts' }
  assert.deepEqual(
    [0, 1, 2].map((count) => fillMessage(alerts, { count }, english)),
    ['0 alerts', '1 alert', '2 alerts'],
  )
  const polish = {
    one: '{count} alarm',
    few: '{count} alarmy',
    many: '{count} alarmów',
    other: '{count} alarmu',
  }
  assert.deepEqual(
    [1, 2, 5, 22].map((count) => fillMessage(polish, { count }, manner('pl'))),
    ['1 alarm', '2 alarmy', '5 alarmów', '22 alarmy'],
  )
})

test('numbers are written as the reader writes them, also inside an English sentence', () => {
  const written = (locale: string) => fillMessage('{count} rows', { count: 12_345 }, manner('en', locale))
  assert.equal(written('en'), '12,345 rows')
  assert.equal(written('de'), '12.345 rows')
  assert.equal(written('sv').replaceAll(/\s/g, ' '), '12 345 rows')
})
