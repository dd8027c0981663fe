/** A group's question finds exactly its alerts, however its labels are written, and reads again as it was written. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isRefusal } from '../../refusal.ts'
import { groupQuery, readGrouping, writtenGroupQuery, type GroupKey, type GroupValue } from './grouping.ts'
import { matchesQuery, type AlertFacts } from './query/match-query.ts'
import { parseQuery } from './query/parse-query.ts'

const facts = (labels: Record<string, string>): AlertFacts => ({
  status: 'open',
  acknowledgedAt: null,
  snoozedUntilAt: null,
  priority: 2,
  count: 1,
  openedAt: 0,
  lastSeenAt: 0,
  labels,
  exact: (field) => (field === 'environment' ? ['acme-prod'] : []),
  words: () => '',
})
const valueOf = (key: GroupKey, labels: Record<string, string>): GroupValue => {
  if (key.kind === 'environment') return 'acme-prod'
  return key.kind === 'priority' ? 'P2' : Object.hasOwn(labels, key.name) ? (labels[key.name] ?? null) : null
}

test('every alert is found by the question of its own group and by no other group', () => {
  const value = fc.oneof(
    fc.constantFrom(
      '',
      '*',
      'a*',
      'NOT',
      'and',
      '<5',
      '"',
      '\\',
      'x y',
      '(a)',
      'ü',
      ':',
      '-',
      'acme',
      'ACME',
    ),
    fc.string({ maxLength: 8 }).filter((text) => !text.includes('\u0000')),
  )
  const labels = fc.dictionary(fc.constantFrom('group', 'severity', 'cluster', 'team'), value)
  const by = fc.constantFrom(
    'group,severity,cluster',
    'environment,team',
    'priority',
    'label.environment,cluster',
  )
  fc.assert(
    fc.property(by, fc.array(labels, { minLength: 1, maxLength: 6 }), (grouping, alerts) => {
      const keys = readGrouping(grouping)
      assert.ok(!isRefusal(keys))
      for (const one of alerts) {
        const values: GroupValue[] = keys.map((key) => valueOf(key, one))
        const text = writtenGroupQuery(groupQuery({ kind: 'all' }, keys, values))
        assert.notEqual(text, null)
        const query = parseQuery(text ?? '')
        assert.ok(!isRefusal(query), text ?? '')
        for (const other of alerts) {
          const same: boolean = keys.every((key, at): boolean => valueOf(key, other) === values[at])
          assert.equal(matchesQuery(query, facts(other), 0), same, `${text} and ${JSON.stringify(other)}`)
        }
      }
    }),
  )
})

test('what was asked holds for the group as well', () => {
  const asked = parseQuery('disk OR cluster:b')
  assert.ok(!isRefusal(asked))
  const keys = readGrouping('severity')
  assert.ok(!isRefusal(keys))
  assert.equal(
    writtenGroupQuery(groupQuery(asked, keys, ['critical'])),
    '(disk OR cluster:b) AND label.severity:critical',
  )
  assert.equal(writtenGroupQuery(groupQuery(asked, keys, ['x'.repeat(1_000)])), null)
})

test('what is no grouping is refused with what one looks like', () => {
  for (const text of ['', 'a,b,c,d', 'a,a', 'a b', 'a,', 'label.', "a'b", 'x'.repeat(101)])
    assert.ok(isRefusal(readGrouping(text)), text)
})
