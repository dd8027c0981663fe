/** The query language: what is read is what is written, nothing unreadable passes, and a refusal says where and what to do. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isRefusal } from '../../../refusal.ts'
import { hintsAt } from './hints.ts'
import { matchesQuery, type AlertFacts } from './match-query.ts'
import { parseQuery } from './parse-query.ts'
import { printQuery } from './print-query.ts'
import { LONGEST_QUERY, MOST_TERMS, type Query, type QueryRefusal } from './query.ts'
import { anyQuery } from './query.fixture.ts'

const numRuns = Number(process.env['FORTNIGHT_RUNS'] ?? 500)
const vocabulary = {
  words: [
    'disk',
    'AND',
    'or',
    'NOT',
    '-x',
    'a"b',
    'back\\slash',
    'two words',
    '(x)',
    '>5',
    'a:b',
    '[1 TO 2]',
    '',
    'ä',
    '*',
    'status:open',
    'x=y',
    '&&',
    '!no',
    'label.a:b',
    'now-2h',
    '||',
  ],
  names: ['cluster', 'with.dot', 'with space', 'quo"te', 'ä', '__proto__', 'AND', 'a:b', 'back\\slash'],
  instants: [0, 1_700_000_000_000, 253_402_300_799_999],
}
const readable = (query: Query): boolean => {
  if (query.kind === 'and' || query.kind === 'or') return query.parts.every(readable)
  if (query.kind === 'not') return readable(query.part)
  if (query.kind === 'exact' || query.kind === 'words')
    return query.wanted.text !== '' || (query.kind === 'words' && query.field === 'text')
  return true
}
/** What no unquoted text can say: a word without a field that begins like something else. */
const sayable = (query: Query): boolean => {
  if (query.kind === 'and' || query.kind === 'or') return query.parts.every(sayable)
  if (query.kind === 'not') return sayable(query.part)
  if (query.kind !== 'words' && query.kind !== 'exact' && query.kind !== 'label') return true
  if (!query.wanted.wild || query.kind !== 'words' || query.field !== 'text') return true
  return parseQuery(query.wanted.text).toString() !== '' && sameAs(parseQuery(query.wanted.text), query)
}
const sameAs = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)
const termsIn = (query: Query): number => {
  if (query.kind === 'and' || query.kind === 'or')
    return query.parts.reduce((sum, part) => sum + termsIn(part), 0)
  return query.kind === 'not' ? termsIn(query.part) : 1
}

const read = (text: string): Query => {
  const query = parseQuery(text)
  if (isRefusal(query)) throw new Error(query.detail)
  return query
}
const refusalOf = (text: string): QueryRefusal => {
  const query = parseQuery(text)
  assert.ok(isRefusal(query), `${text} was understood`)
  return query as QueryRefusal
}

test('what is printed is read as the same question', () => {
  fc.assert(
    fc.property(
      anyQuery(vocabulary).filter(
        (query) => readable(query) && sayable(query) && termsIn(query) <= MOST_TERMS,
      ),
      (query) => {
        const text = printQuery(query)
        fc.pre(text.length <= LONGEST_QUERY)
        assert.deepEqual(parseQuery(text), query, text)
      },
    ),
    { numRuns },
  )
})

test('any text is read or refused with a place inside it, never thrown at', () => {
  const piece = fc.constantFrom(
    '(',
    ')',
    '"',
    'AND',
    'OR',
    'NOT',
    '-',
    ':',
    '=',
    '<',
    '>',
    '[',
    ']',
    ' TO ',
    'status',
    'open',
    'createdAt',
    'label.',
    '*',
    ' ',
    '\\',
    '\u0000',
    '\ud800',
    'x',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece, { maxLength: 40 }).map((parts) => parts.join('')),
      ),
      (text) => {
        const query = parseQuery(text)
        if (!isRefusal(query)) return void assert.deepEqual(parseQuery(printQuery(query)), query, text)
        const { from, to, detail } = query as QueryRefusal
        assert.ok(from >= 0 && from <= to && to <= Math.max(text.length, LONGEST_QUERY), detail)
      },
    ),
    { numRuns },
  )
})

test('fields are those of OpsGenie, with their ways of writing', () => {
  const same = (...texts: string[]) => {
    for (const text of texts) assert.deepEqual(read(text), read(texts[0]!), text)
  }
  same('status:open', 'status: open', 'status : open', 'Status:OPEN', 'status=open')
  same('createdAt > 1470394841148', 'createdAt:>1470394841148', 'createdAt: > 1470394841148')
  same('message:(lorem OR ipsum)', 'message: lorem OR message: ipsum')
  same('a AND b', 'a b', 'a && b', '(a) (b)')
  same('NOT tag:x', '-tag:x', '!tag:x', 'NOT (tag:x)')
  same('createdAt:[1 TO 2]', 'createdAt >= 1 AND createdAt <= 2')
  same('createdAt:{1 TO *}', 'createdAt > 1')
  same('createdAt >= 2026-11-23', `createdAt >= ${Date.UTC(2026, 10, 23)}`)
  same('cluster:acme', 'Cluster:acme')
  same('details.ticket:7', 'label.ticket:7', 'ticket=7')
  same('a OR b c', 'a OR (b AND c)')
  assert.deepEqual(read('details.key:x').kind, 'exact')
  assert.deepEqual(read(''), { kind: 'all' })
})

test('a refusal says where and what to do', () => {
  const cases: readonly [string, number, RegExp][] = [
    ['statsu:open', 0, /Did you mean status\?/],
    ['tag:x AND (a OR', 15, /ends where something should follow/],
    ['(a OR b', 0, /bracket that opens here is not closed/],
    ['a OR b)', 6, /closes here that was not opened/],
    ['status:maybe', 7, /open, acknowledged or closed, not maybe/],
    ['createdAt > yesterday', 12, /2026-11-23/],
    ['message:"half', 8, /quote that begins here has no end/],
    ['priority:P9', 9, /P1 to P5/],
    ['message > 5', 10, /has no order/],
    ['owner:', 0, /such as owner:me/],
    ['zzzzzzzz:1', 0, /label\.zzzzzzzz/],
    ['a AND', 5, /ends where/],
    ['tinyId:12*', 7, /in full/],
  ]
  for (const [text, from, detail] of cases) {
    const refusal = refusalOf(text)
    assert.match(refusal.detail, detail, text)
    assert.equal(refusal.from, from, text)
  }
})

test('a query is bounded: its length, its terms, its depth', () => {
  assert.match(refusalOf('x'.repeat(LONGEST_QUERY + 1)).detail, /at most 1000 characters/)
  assert.match(refusalOf('a '.repeat(MOST_TERMS + 1)).detail, /at most 50 terms/)
  assert.match(refusalOf(`${'('.repeat(30)}a${')'.repeat(30)}`).detail, /at most 20 deep/)
  assert.match(refusalOf(`${'NOT '.repeat(30)}a`).detail, /at most 20 deep/)
})

test('reading takes no time worth mentioning, whatever is sent', () => {
  const nasty = [
    '('.repeat(1_000),
    '"\\'.repeat(500),
    'a'.repeat(1_000),
    '- '.repeat(500),
    `${'a.'.repeat(499)}:`,
    `[${' '.repeat(900)}TO`,
  ]
  const began = performance.now()
  for (const text of nasty) parseQuery(text)
  assert.ok(performance.now() - began < 500)
})

const facts = (given: Partial<AlertFacts> & { message?: string } = {}): AlertFacts => ({
  status: 'open',
  acknowledgedAt: null,
  snoozedUntilAt: null,
  priority: 1,
  count: 1,
  openedAt: 1_000,
  lastSeenAt: 1_000,
  labels: {},
  exact: () => [],
  words: (field) => (field === 'message' ? (given.message ?? '') : ''),
  ...given,
})

test('a star stands for anything, words are found within, and names are compared whole', () => {
  const finds = (text: string, alert: AlertFacts) => matchesQuery(read(text), alert, 5_000)
  const volume = facts({ message: 'Volume data-2 is FULL', labels: { cluster: 'acme-prod-1' } })
  assert.ok(finds('full', volume))
  assert.ok(finds('message:data*full', volume))
  assert.ok(!finds('message:full*data', volume))
  assert.ok(finds('cluster:ACME-*-1', volume))
  assert.ok(!finds('cluster:acme', volume))
  assert.ok(!finds('label.cluster:ACME-prod-1', volume), 'labels are as their rules write them')
  assert.ok(finds('createdAt > now-5s AND createdAt <= now-4s', volume))
})

test('what is typed is completed: fields by their beginning, values where there are few, nothing in quotes', () => {
  const texts = (text: string) => hintsAt(text, text.length).hints.map((hint) => hint.text)
  assert.deepEqual(texts('sta'), ['status:'])
  assert.deepEqual(texts('tag:x AND sno'), ['snoozed:', 'snoozedUntil:'])
  assert.deepEqual(texts('status:'), ['open ', 'acknowledged ', 'closed '])
  assert.deepEqual(texts('NOT status: o'), ['open '])
  assert.deepEqual(texts('(priority <= P'), ['P1 ', 'P2 ', 'P3 ', 'P4 ', 'P5 '])
  assert.deepEqual(texts('message:"sta'), [])
  assert.deepEqual(texts(''), [])
  const { from, to } = hintsAt('a sta b', 5)
  assert.deepEqual([from, to], [2, 5])
})
