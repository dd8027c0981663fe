/** Holds what counts as one group of an Alertmanager under two names. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alertFromOpsGenie } from './alert-from-opsgenie.ts'
import type { AlertFromSource } from './alert-from-alertmanager.ts'
import { likeness } from './likeness.ts'

const name = 'ab'.repeat(32)
const sent = {
  message: '[FIRING:1] NodeNotReady acme-prod (critical)',
  description: '\nAlerts Firing:\nLabels:\n - alertname = NodeNotReady\n - node = n1\n',
  details: { alertname: 'NodeNotReady', severity: 'critical' },
  source: 'http://am:9093/#/alerts?receiver=og',
}
const like = (more: object = {}, called = name): string | undefined =>
  likeness(called, alertFromOpsGenie({ ...sent, ...more }, { fingerprint: 'f', now: 0 }) as AlertFromSource)

test('the same group is alike under any name, in any order of its details', () => {
  assert.equal(typeof like(), 'string')
  assert.equal(like({}, 'cd'.repeat(32)), like())
  assert.equal(like({ details: { severity: 'critical', alertname: 'NodeNotReady' } }), like())
  assert.equal(like({ description: `${sent.description}\nAlerts Resolved:\n - node = n2` }), like())
})

test('another alert in it, another message, detail, receiver or Alertmanager is another group', () => {
  for (const more of [
    { description: sent.description.replace('n1', 'n2') },
    { message: 'other' },
    { details: { ...sent.details, team: 'a' } },
    { source: 'http://am:9093/#/alerts?receiver=other' },
    { source: 'http://am2:9093/#/alerts?receiver=og' },
  ])
    assert.notEqual(like(more), like(), JSON.stringify(more))
})

test('nothing is alike without a list of alerts, or from a sender that is no Alertmanager', () => {
  assert.equal(like({ description: '' }), undefined)
  assert.equal(like({ source: 'https://monitor.example/1' }), undefined)
  assert.equal(like({}, 'my-alias'), undefined)
})
