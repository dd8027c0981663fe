/** Holds when an alert is over that its Prometheus says no more, and when silence is nothing but silence. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { minute } from '../../time/instant.ts'
import { isLease, senderName, whatBecameOf } from './lease.ts'

const now = 1_000 * minute
const ago = (minutes: number): number => now - minutes * minute
const lease = (untilAt: number, isMarked = false) => ({ untilAt, lastSeenAt: 0, isMarked })
const heard = (since: number, last: number) => ({ heardSinceAt: since, heardAt: last })

test('a Prometheus that was heard of for long and says it no more has nothing to say: it is over', () => {
  assert.equal(whatBecameOf(lease(ago(16)), heard(ago(500), ago(1)), now), 'over')
})

test('a Prometheus that is silent, too, has not said that it is over: it stays, and says so once', () => {
  assert.equal(whatBecameOf(lease(ago(500)), heard(ago(900), ago(500)), now), 'unheard')
  assert.equal(whatBecameOf(lease(ago(500), true), heard(ago(900), ago(500)), now), 'held')
})

test('one that came back a moment ago may hold it back still', () => {
  assert.equal(whatBecameOf(lease(ago(500)), heard(ago(14), ago(1)), now), 'held')
  assert.equal(whatBecameOf(lease(ago(500)), heard(ago(15), ago(1)), now), 'over')
})

test('a lease that runs, or has just run out, or was reported by another way, is held', () => {
  assert.equal(whatBecameOf(lease(now + minute), heard(0, now), now), 'held')
  assert.equal(whatBecameOf(lease(ago(14)), heard(0, now), now), 'held')
  assert.equal(whatBecameOf({ ...lease(ago(60)), lastSeenAt: ago(3) }, heard(0, now), now), 'held')
})

test('whatever the times are, nothing is over while its sender is silent', () => {
  const at = fc.integer({ min: 0, max: now * 2 })
  fc.assert(
    fc.property(
      at,
      at,
      at,
      fc.boolean(),
      fc.integer({ min: 5 * minute, max: now }),
      (until, seen, since, isMarked, gap) => {
        const sender = heard(since, now - gap)
        assert.notEqual(whatBecameOf({ untilAt: until, lastSeenAt: seen, isMarked }, sender, now), 'over')
      },
    ),
  )
})

test('an end in the past, none, or one of next week is no lease', () => {
  assert.deepEqual(
    [now + 4 * minute, now, null, now + 7 * 24 * 60 * minute].map((end) => isLease(end, now)),
    [true, false, false, false],
  )
})

test('senders are told apart by cluster and prometheus alone', () => {
  const one = { cluster: 'a', prometheus: 'monitoring/k8s', severity: 'critical' }
  assert.equal(senderName(one), senderName({ ...one, severity: 'low', pod: 'x' }))
  assert.notEqual(senderName(one), senderName({ ...one, cluster: 'b' }))
  assert.notEqual(senderName(one), senderName({ severity: 'critical' }))
})
