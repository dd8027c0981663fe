/** Proves that whatever is sent in PagerDuty's words becomes an alert that can be stored. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isRefusal } from '../../refusal.ts'
import { alertFromPagerDuty } from './alert-from-pagerduty.ts'

const numRuns = Number(process.env['FORTNIGHT_RUNS'] ?? 300)
const given = { fingerprint: 'f'.repeat(32), dedupKey: 'key', now: Date.parse('2026-11-23T03:12:00Z') }

test('an event is read without bending anything, and a link that runs something is no link', () => {
  const alert = alertFromPagerDuty(
    {
      payload: {
        summary: 'Disk full',
        source: 'n1',
        severity: 'error',
        group: 'storage',
        custom_details: { alertname: 'DiskFull', cluster: 'workload-1', free: '1 %' },
      },
      client: 'Probe',
      client_url: ['javascript', 'alert(1)'].join(':'),
      links: [{ href: 'https://graphs.example/1', text: 'graph' }],
    },
    given,
  )
  assert.ok(!isRefusal(alert))
  assert.deepEqual(
    [alert.name, alert.summary, alert.priority, alert.leniencies],
    ['DiskFull', 'Disk full', 2, []],
  )
  assert.equal(alert.groupKey, '["storage","error","workload-1"]')
  assert.equal(alert.generatorUrl, 'https://graphs.example/1')
  assert.deepEqual([alert.annotations['free'], alert.annotations['dedup_key']], ['1 %', 'key'])
})

test('nothing makes it throw, and everything it returns can be stored', () => {
  const text = fc.oneof(fc.string({ unit: fc.constantFrom('a', '\0', '\ud83d', '\n') }), fc.jsonValue())
  const record = (...names: string[]) =>
    fc.record(Object.fromEntries(names.map((name) => [name, text])), { requiredKeys: [] })
  const event = fc.record(
    {
      payload: fc.oneof(text, record('summary', 'source', 'severity', 'group', 'class', 'custom_details')),
      client: text,
      client_url: text,
      links: fc.array(record('href')),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(event, (raw) => {
      const answer = alertFromPagerDuty(raw, given)
      assert.doesNotMatch(JSON.stringify(answer), /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/i)
      if (!isRefusal(answer)) assert.ok(answer.summary !== '' && answer.name !== '')
    }),
    { numRuns },
  )
})
