/** Proves that whatever is sent in OpsGenie's words becomes an alert that can be stored, with the bending on record. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isRefusal } from '../../refusal.ts'
import type { AlertFromSource } from './alert-from-alertmanager.ts'
import { alertFromOpsGenie, readTags, tagsOf, tagsText } from './alert-from-opsgenie.ts'
import { cutCharacters } from './sent-text.ts'

const numRuns = Number(process.env['FORTNIGHT_RUNS'] ?? 300)
const given = { fingerprint: 'f'.repeat(32), now: Date.parse('2026-11-23T03:12:00Z') }
const read = (raw: unknown): AlertFromSource => {
  const answer = alertFromOpsGenie(raw, given)
  if (isRefusal(answer)) assert.fail(answer.code)
  return answer
}

test('an alert as Alertmanager writes it is read without bending anything', () => {
  const { labels, annotations, ...rest } = read({
    alias: 'a'.repeat(64),
    message: '[FIRING:1] KubeNodeNotReady',
    description: 'Alerts Firing:\nLabels:\n - node = n1',
    details: {
      alertname: 'KubeNodeNotReady',
      cluster: 'acme-prod',
      severity: 'critical',
      runbook: 'https://r.example/k',
    },
    source: 'http://alertmanager.example:9093/#/alerts?receiver=og',
  })
  assert.deepEqual(Object.keys(labels), ['alertname', 'cluster', 'severity', 'runbook'])
  assert.deepEqual(
    { ...annotations },
    {
      alias: 'a'.repeat(64),
      description: 'Alerts Firing:\nLabels:\n - node = n1',
      runbook_url: 'https://r.example/k',
    },
  )
  assert.deepEqual(rest, {
    status: 'firing',
    fingerprint: given.fingerprint,
    severity: 'critical',
    priority: 1,
    name: 'KubeNodeNotReady',
    summary: '[FIRING:1] KubeNodeNotReady',
    groupKey: '["KubeNodeNotReady","critical","acme-prod"]',
    startsAt: given.now,
    endsAt: null,
    generatorUrl: 'http://alertmanager.example:9093/#/alerts?receiver=og',
    leniencies: [],
  })
})

test('an alert without a message is called by what else it says; one that says nothing is refused', () => {
  assert.equal(read({ alias: 'disk-full' }).summary, 'disk-full')
  assert.equal(read({ description: 'first\nsecond', alias: 'x' }).summary, 'first')
  assert.equal(read({ details: { a: 'b' } }).summary, 'no message')
  for (const raw of [{}, [], null, 5, 'x', { message: ' ' }, { tags: ['a'], source: 's' }])
    assert.ok(isRefusal(alertFromOpsGenie(raw, given)), JSON.stringify(raw))
})

test('tags are trimmed, also out of one text with commas, and are the same after they were stored', () => {
  assert.deepEqual(readTags(['sev', ' cluster', 'sev', '', 'a,b'], []), ['sev', 'cluster', 'a', 'b'])
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.jsonValue())), (raw) => {
      const tags = readTags(raw, [])
      assert.ok(tags.length <= 20 && tags.every((tag) => [...tag].length <= 50))
      assert.deepEqual(readTags(tagsOf({ tags: tagsText(tags) }), []), tags)
    }),
    { numRuns },
  )
})

test('characters are counted as people do, and never cut in half', () => {
  assert.equal([...cutCharacters('\u{1f600}'.repeat(200), 130)].length, 130)
  assert.equal(cutCharacters('a\u{1f600}'.repeat(100), 3), 'a\u{1f600}a')
  const texts = fc.string({ unit: fc.constantFrom('a', '\u{1f600}', '\ud83d', '\0'), maxLength: 20 })
  fc.assert(
    fc.property(texts, fc.integer({ min: 0, max: 12 }), (text, most) => {
      const kept = cutCharacters(text, most)
      assert.ok([...kept].length <= most && kept.isWellFormed() && !kept.includes('\0'))
    }),
    { numRuns },
  )
})

test('nothing makes it throw, and everything it returns can be stored', () => {
  const anything = fc.oneof(
    fc.jsonValue({ maxDepth: 4 }),
    fc.record(
      Object.fromEntries(
        [
          'message',
          'alias',
          'description',
          'tags',
          'details',
          'entity',
          'source',
          'note',
          'user',
          'priority',
          'actions',
        ].map((name) => [
          name,
          fc.oneof(fc.string({ unit: fc.constantFrom('a', '\0', '\ud83d', '\n', ',') }), fc.jsonValue()),
        ]),
      ),
      { requiredKeys: [] },
    ),
  )
  fc.assert(
    fc.property(anything, (raw) => {
      const answer = alertFromOpsGenie(raw, given)
      assert.doesNotMatch(JSON.stringify(answer), /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/i)
      if (isRefusal(answer)) return
      assert.ok(answer.summary !== '' && answer.name !== '' && answer.leniencies.length <= 21)
    }),
    { numRuns },
  )
})
