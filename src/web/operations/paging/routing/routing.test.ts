/** What a form makes of rules and hours, and how they read. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { definitionOf, draftOf as hoursDraftOf, notADate } from './hours-draft.ts'
import type { Hours, Rule } from './queries.ts'
import { newLabel } from './condition-draft.ts'
import { draftOf, idOf, isWhole, ruleOf } from './rule-draft.ts'
import { ruleInWords } from './sentence.ts'
import { readLabels } from './try-labels.ts'

const reader = { locale: 'en', zone: 'UTC' }
const rule: Rule = {
  id: 'backups',
  name: 'Backups',
  when: {
    priorities: ['P1', 'P2'],
    environments: ['e1'],
    clusters: ['one'],
    hours: 'within',
    labels: [
      { label: 'job', oneOf: ['velero', 'restic'] },
      { label: 'severity', oneOf: ['info'], not: true },
      { label: 'tenant', oneOf: [] },
      { label: 'silenced', oneOf: [], not: true },
    ],
  },
  does: { kind: 'wait', policyId: 'p1' },
}

test('a rule that is opened in the form and taken over unchanged is the same rule', () => {
  assert.deepEqual(ruleOf(draftOf(rule), rule.id), rule)
  const open: Rule = { id: 'all', name: 'All', when: {}, does: { kind: 'list' } }
  assert.deepEqual(ruleOf(draftOf(open), open.id), open)
})

test('a rule reads as one sentence', () => {
  assert.equal(
    ruleInWords(rule, (id) => ({ e1: 'Acme staging', p1: 'Storage' })[id] ?? '?', reader),
    'P1 or P2 within service hours in Acme staging on cluster one with job = velero or restic, with severity other than info, with the label tenant, and without the label silenced: waits until served, then pages by Storage',
  )
  assert.equal(
    ruleInWords({ ...rule, when: {}, does: { kind: 'list' } }, String, reader),
    'Every alert: is listed, pages nobody',
  )
})

test('a label that should have a value and has none is no condition yet', () => {
  const draft = draftOf(rule)
  assert.equal(isWhole(draft), true)
  assert.equal(isWhole({ ...draft, labels: [{ ...newLabel(), label: 'job', values: ' , ' }] }), false)
  assert.equal(isWhole({ ...draft, labels: [{ ...newLabel(), label: 'job', condition: 'there' }] }), true)
})

test('a new rule never takes the id of another one', () => {
  assert.equal(idOf('Lugna nätter', []), 'lugna-natter')
  assert.equal(idOf('Calm', ['calm', 'calm-2']), 'calm-3')
  assert.equal(idOf('夜', ['rule']), 'rule-2')
})

test('hours that are opened and saved unchanged are the same hours, to the end of the day', () => {
  const hours = {
    name: 'Office',
    slug: 'office',
    zone: 'Europe/Stockholm',
    windows: [{ days: [1, 2], from: '06:00', to: '24:00' }],
    holidays: ['2026-12-24'],
  } as unknown as Hours
  const draft = hoursDraftOf(hours, 'UTC')
  const { zone, windows, holidays } = hours
  assert.deepEqual(definitionOf(draft), { zone, windows, holidays })
  assert.equal(notADate({ ...draft, holidays: '2026-12-24, 24.12.' }), '24.12.')
})

test('a label to try may hold an equals sign in its value, and a line without one is named', () => {
  assert.deepEqual(readLabels('job=velero\n\nquery = a=b\n'), {
    labels: { job: 'velero', query: 'a=b' },
    fault: undefined,
  })
  assert.equal(readLabels('job=velero\nbroken').fault, 2)
})
