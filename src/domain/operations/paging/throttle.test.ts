/** A destination is told at once when it was quiet, never more often than its caps say, and nothing waits for ever. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { hour, minute, second } from '../../time/instant.ts'
import type { Channel } from './intent.ts'
import { LONGEST_MEMORY_MS, PACE_MS, throttle, type ToldMessage } from './throttle.ts'

type Carried = Exclude<Channel, 'screen'>
const START = 1_900_000_000_000
const runs = { numRuns: Number(process.env['FORTNIGHT_RUNS'] ?? 300) }
const p1 = (environmentId: string) => ({ priority: 1, environmentId })
const p2 = (environmentId: string) => ({ priority: 2, environmentId })
const told = (at: number, ...environments: string[]): ToldMessage => ({ at, environments })
const channels: Carried[] = ['email', 'web-push', 'sms', 'voice', 'slack', 'mattermost', 'ntfy', 'webhook']

type Sent = ToldMessage & { readonly jumped: boolean }

/** A destination that lives by the rule: what waits goes out together when it may. */
const live = (
  channel: Carried,
  pages: readonly { at: number; priority: number; environmentId: string }[],
) => {
  const sent: Sent[] = []
  const delays: number[] = []
  let waiting: { at: number; priority: number; environmentId: string }[] = []
  let dueAt = Number.POSITIVE_INFINITY
  const goOut = (now: number) => {
    sent.push({ at: now, environments: waiting.map((page) => page.environmentId), jumped: false })
    delays.push(...waiting.map((page) => now - page.at))
    waiting = []
    dueAt = Number.POSITIVE_INFINITY
  }
  for (const page of [...pages].sort((a, b) => a.at - b.at)) {
    while (waiting.length > 0 && dueAt <= page.at) goOut(dueAt)
    const verdict = throttle(channel, sent, page, page.at)
    if (verdict.kind === 'send-alone') {
      sent.push({ at: page.at, environments: [page.environmentId], jumped: true })
      for (const other of waiting) {
        const again = throttle(channel, sent, { ...other, priority: 5 }, page.at)
        assert.equal(again.kind, 'wait')
        if (again.kind === 'wait') dueAt = again.until
      }
      continue
    }
    waiting.push(page)
    if (verdict.kind === 'send') goOut(page.at)
    else dueAt = verdict.until
  }
  while (waiting.length > 0) goOut(dueAt)
  return { sent, delays }
}

const caps: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  sms: [
    [3, 5 * minute],
    [5, 15 * minute],
    [11, hour],
  ],
  voice: [
    [3, 5 * minute],
    [3, 15 * minute],
    [7, hour],
  ],
}

test('no play of pages gets a destination more messages than its caps, and everything is told in the end', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...channels),
      fc.array(
        fc.record({
          at: fc.integer({ min: START, max: START + 90 * minute }),
          priority: fc.integer({ min: 1, max: 3 }),
          environmentId: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        }),
        { maxLength: 80 },
      ),
      (channel, pages) => {
        const { sent, delays } = live(channel, pages)
        const times = sent.map(({ at }) => at)
        for (const [most, withinMs] of caps[channel] ?? [[3, 5 * minute]])
          for (const at of times)
            assert.ok(
              times.filter((each) => each >= at && each < at + withinMs).length <= most,
              `more than ${most} in ${withinMs} ms`,
            )
        for (const [index, message] of sent.entries())
          if (!message.jumped && index > 0) assert.ok(message.at - sent[index - 1]!.at >= PACE_MS)
        assert.equal(
          sent.reduce((sum, { environments }) => sum + environments.length, 0),
          pages.length,
        )
        assert.ok(Math.max(0, ...delays) <= LONGEST_MEMORY_MS)
        if (!caps[channel]) assert.ok(Math.max(0, ...delays) <= 5 * minute)
      },
    ),
    runs,
  )
})

test('waiting ends when it said it would: at `until` the message may go, and before it may not', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...channels),
      fc.array(fc.integer({ min: 0, max: hour }), { maxLength: 12 }),
      (channel, ages) => {
        const history = ages.map((age) => told(START - age, 'a'))
        const verdict = throttle(channel, history, p2('a'), START)
        if (verdict.kind !== 'wait') return
        assert.ok(verdict.until > START)
        assert.equal(throttle(channel, history, p2('a'), verdict.until).kind, 'send')
        assert.equal(throttle(channel, history, p2('a'), verdict.until - 1).kind, 'wait')
      },
    ),
    runs,
  )
})

test('a destination that was quiet is told at once', () => {
  assert.deepEqual(throttle('email', [], p2('a'), START), { kind: 'send' })
  assert.deepEqual(throttle('sms', [told(START - minute, 'a')], p2('a'), START), { kind: 'send' })
  assert.deepEqual(throttle('sms', [told(START - minute + 1, 'a')], p2('a'), START), {
    kind: 'wait',
    until: START + 1,
  })
})

test('a P1 from an environment that was not told of goes out by itself; a P2, or a second page of the same place, waits', () => {
  const history = [told(START - second, 'a')]
  assert.deepEqual(throttle('email', history, p1('b'), START), { kind: 'send-alone' })
  assert.equal(throttle('email', history, p2('b'), START).kind, 'wait')
  assert.equal(throttle('email', history, p1('a'), START).kind, 'wait')
})

test('one P1 in five minutes goes out of turn: the last message is kept for everything else that rings', () => {
  const history = [told(START - 2 * second, 'a'), told(START - second, 'b')]
  assert.deepEqual(throttle('email', history, p1('c'), START), {
    kind: 'wait',
    until: START - second + PACE_MS,
  })
})

test('after a bundle a P1 from elsewhere goes out by itself, and at the cap it waits for the next bundle', () => {
  const bundled = [told(START - 61 * second, 'a'), told(START - second, 'b', 'c', 'd')]
  assert.deepEqual(throttle('email', bundled, p1('e'), START), { kind: 'send-alone' })
  assert.deepEqual(throttle('email', [...bundled, told(START, 'e')], p1('f'), START + second), {
    kind: 'wait',
    until: START - 61 * second + 5 * minute,
  })
})

test('a clock that went back silences nobody for longer than the pace', () => {
  assert.deepEqual(throttle('email', [told(START + hour, 'a')], p2('a'), START), {
    kind: 'wait',
    until: START + PACE_MS,
  })
})
