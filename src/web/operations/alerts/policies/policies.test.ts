/** What a form makes of policies, and how they read. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { draftOf, policyOf } from './policy-draft.ts'
import type { Policy, Tried } from './queries.ts'
import { differences, policyInWords } from './sentence.ts'

const reader = { locale: 'en', zone: 'UTC' }
const everyKind: readonly Policy['does'][] = [
  {
    kind: 'rewrite',
    message: '{{name}}: {{message}}',
    priority: 'P1',
    addTags: ['a', 'b'],
    details: { team: 'storage' },
  },
  { kind: 'delay', minutes: 10, occurrences: null },
  { kind: 'delay', minutes: null, occurrences: 3 },
  { kind: 'suppress' },
  { kind: 'auto-close', minutes: 60 },
  { kind: 'deduplicate', alias: '{{name}}' },
  { kind: 'always-page' },
  { kind: 'damp', flap: { times: 3, withinMinutes: 10, stayMinutes: 5 } },
  { kind: 'damp', flap: null },
]

test('a policy that is opened in the form and taken over unchanged is the same policy', () => {
  for (const does of everyKind) {
    const policy: Policy = { id: 'x', name: 'X', when: { priorities: ['P2'] }, does, last: true }
    assert.deepEqual(policyOf(draftOf(policy), policy.id), policy)
    assert.ok(policyInWords(policy, (id) => id, reader).startsWith('P2: '))
  }
})

test('a policy that does nothing, or lacks a number, is not whole', () => {
  const draft = { ...draftOf(undefined), name: 'X' }
  assert.equal(policyOf(draft, 'x'), undefined)
  assert.equal(policyOf({ ...draft, kind: 'delay', minutes: '' }, 'x'), undefined)
  assert.equal(policyOf({ ...draft, kind: 'delay', minutes: '1.5' }, 'x'), undefined)
  assert.equal(policyOf({ ...draft, kind: 'rewrite', details: 'no equals sign' }, 'x'), undefined)
  assert.equal(policyOf({ ...draft, kind: 'suppress' }, 'x')?.does.kind, 'suppress')
})

test('what would be different is told, and only that', () => {
  const now: Tried['rows'][number]['now'] = {
    message: 'a',
    priority: 'P2',
    tags: [],
    details: {},
    alias: null,
    holds: null,
    delayMinutes: null,
    delayOccurrences: null,
    closesAfterMinutes: null,
    alwaysPages: false,
    policies: [],
  }
  const alert = {} as Tried['rows'][number]['alert']
  assert.deepEqual(differences({ alert, now, would: now }), [])
  assert.deepEqual(differences({ alert, now, would: { ...now, holds: 'suppressed', priority: 'P4' } }), [
    'pages nobody',
    'P4 instead of P2',
  ])
})
