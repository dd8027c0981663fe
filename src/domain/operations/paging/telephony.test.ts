/** Reports of carriers and replies of people are read without guessing: what is certain stays, and no other page is taken than the one meant. */
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { deliveryAfter, deliveryOfCallStatus, deliveryOfMessageStatus, type Delivery } from './delivery.ts'
import { pageMeant, readPhoneReply } from './phone-reply.ts'

test('reports in any order and number end in the most certain one', () => {
  const report = fc.constantFrom<Delivery[]>('delivered', 'failed', 'unknown')
  fc.assert(
    fc.property(fc.array(report, { minLength: 1 }), (reports) => {
      let now: Delivery | null = null
      for (const each of reports) now = deliveryAfter(now, each) ?? now
      const best = (['delivered', 'failed', 'unknown'] as const).find((each) => reports.includes(each))
      assert.equal(now, best)
    }),
  )
})

test('a message on its way is no delivery, and a status nobody documented is unknown', () => {
  assert.equal(deliveryOfMessageStatus('sent'), undefined)
  assert.equal(deliveryOfMessageStatus('undelivered'), 'failed')
  assert.equal(deliveryOfMessageStatus('partially_delivered'), 'unknown')
  assert.equal(deliveryOfCallStatus('in-progress'), undefined)
  assert.equal(deliveryOfCallStatus('no-answer'), 'failed')
  assert.equal(deliveryOfCallStatus('completed'), 'delivered')
})

test('replies are understood as people write them at night', () => {
  for (const text of ['1', ' 1 ', 'Ack', 'ACK!', 'ok', '１'])
    assert.equal(readPhoneReply(text).kind, 'take', text)
  for (const text of ['ack 4711', 'ACK4711', '4711', 'a #4711'])
    assert.deepEqual(readPhoneReply(text), { kind: 'take-numbered', number: '4711' }, text)
  for (const text of ['', '2', 'stop', 'I am on it', '47111', 'ack 471'])
    assert.equal(readPhoneReply(text).kind, 'something-else', text)
})

test('a reply takes a page only when no other could be meant', () => {
  const first = { pageId: 'a', number: '0001' }
  const second = { pageId: 'b', number: '0002' }
  assert.deepEqual(pageMeant({ kind: 'take' }, [first, first]), { kind: 'this', pageId: 'a' })
  assert.deepEqual(pageMeant({ kind: 'take' }, [first, second]), { kind: 'which' })
  assert.deepEqual(pageMeant({ kind: 'take-numbered', number: '0002' }, [first, second]), {
    kind: 'this',
    pageId: 'b',
  })
  assert.deepEqual(pageMeant({ kind: 'take' }, []), { kind: 'none' })
  assert.deepEqual(pageMeant({ kind: 'take-numbered', number: '9999' }, [first]), { kind: 'none' })
})
