/** A caller is never lost: whatever is reported, twice, late or out of order, the call ends taken by one person or missed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isRefusal } from '../../refusal.ts'
import {
  alertOfMissedCall,
  applyCall,
  decideCall,
  longestCallMs,
  MOST_RUNG,
  ringing,
  type CallCommand,
  type PhoneCall,
} from './phone-call.ts'

const people = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ accountId: `account ${at}`, methodId: `method ${at}` }))
const follow = (call: PhoneCall, ...commands: CallCommand[]): PhoneCall =>
  commands.reduce((state, command) => {
    const decided = decideCall(state, command)
    return isRefusal(decided) ? state : decided.reduce(applyCall, state)
  }, call)

test('it rings at the next when nobody takes it, and is missed when nobody is left', () => {
  const second = follow(ringing(people(2)), { kind: 'pass-on', position: 0 })
  assert.deepEqual([second.status, second.position], ['ringing', 1])
  assert.equal(follow(second, { kind: 'pass-on', position: 1 }).status, 'missed')
  assert.equal(follow(second, { kind: 'take', position: 1 }).takenBy, 'account 1')
  assert.equal(follow(ringing([]), { kind: 'pass-on', position: 0 }).status, 'missed')
  assert.equal(ringing(people(20)).candidates.length, MOST_RUNG)
})

test('a report that comes twice moves nothing on, and a key pressed too late takes nothing', () => {
  const twice = follow(ringing(people(3)), { kind: 'pass-on', position: 0 }, { kind: 'pass-on', position: 0 })
  assert.equal(twice.position, 1)
  assert.equal(isRefusal(decideCall(twice, { kind: 'take', position: 0 })), true)
  const taken = follow(twice, { kind: 'take', position: 1 })
  assert.deepEqual(decideCall(taken, { kind: 'take', position: 1 }), [])
  assert.equal(isRefusal(decideCall(taken, { kind: 'take', position: 2 })), true)
  assert.deepEqual(decideCall(taken, { kind: 'give-up' }), [])
})

test('whatever is reported in whatever order: taken once and for good, and a call that is given up never rings on', () => {
  const command = fc.oneof(
    fc.record({ kind: fc.constantFrom('pass-on' as const, 'take' as const), position: fc.nat(7) }),
    fc.constant({ kind: 'give-up' as const }),
  )
  fc.assert(
    fc.property(fc.nat(7), fc.array(command, { maxLength: 20 }), (count, commands) => {
      const call = ringing(people(count))
      const states = commands.map((_, at) => follow(call, ...commands.slice(0, at + 1)))
      const over = states.findIndex(({ status }) => status !== 'ringing')
      if (over >= 0) for (const later of states.slice(over)) assert.deepEqual(later, states[over])
      const last = states.at(-1) ?? call
      assert.equal(follow(last, { kind: 'give-up' }).status === 'ringing', false)
      assert.equal(last.takenBy !== null, last.status === 'taken')
    }),
  )
})

test('a missed call is an alert that says who called; each call is one of its own', () => {
  const line = { name: 'Acme hotline', priority: 1 as const }
  const alert = alertOfMissedCall(line, { fingerprint: 'f1', from: '+46705550123', now: 5 })
  assert.equal(alert.summary, 'Nobody answered a call from +46705550123 on Acme hotline')
  assert.equal(alert.labels['caller'], '+46705550123')
  const hidden = alertOfMissedCall(line, { fingerprint: 'f2', from: '', now: 5 })
  assert.match(hidden.summary, /a hidden number/)
  assert.equal('caller' in hidden.labels, false)
  assert.notEqual(hidden.groupKey, alert.groupKey)
})

test('a call lasts as long as everybody rings, and a minute more', () => {
  assert.equal(longestCallMs(ringing(people(2)), 25), 130_000)
  assert.equal(longestCallMs(ringing([]), 25), 60_000)
})
