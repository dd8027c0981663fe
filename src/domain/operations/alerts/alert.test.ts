/** Proves the life of an alert: one open occurrence at a time, the first acknowledgement counts, and a late copy closes nothing. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isRefusal } from '../../refusal.ts'
import { alertFromAlertmanager, type AlertFromSource } from './alert-from-alertmanager.ts'
import { apply, decide, type AlertCommand, type AlertEvent, type AlertState } from './alert.ts'

const numRuns = Number(process.env['FORTNIGHT_RUNS'] ?? 300)
const start = Date.parse('2026-11-23T03:12:00Z')
const minute = 60_000

const report = (status: 'firing' | 'resolved', startsAt: number, endsAt?: number): AlertCommand => {
  const raw = {
    status,
    labels: { alertname: 'DiskFull', severity: 'critical' },
    startsAt: new Date(startsAt).toISOString(),
    endsAt: endsAt === undefined ? undefined : new Date(endsAt).toISOString(),
  }
  const read = alertFromAlertmanager(raw, Math.max(startsAt, endsAt ?? 0)) as AlertFromSource
  return { kind: 'report', report: read, alertId: `a-${startsAt}` }
}
const eventsOf = (alert: AlertState | null, command: AlertCommand, now = start): readonly AlertEvent[] => {
  const answer = decide(alert, command, now)
  return isRefusal(answer) ? assert.fail(answer.code) : answer
}
const perform = (alert: AlertState | null, command: AlertCommand, now = start): AlertState | null =>
  eventsOf(alert, command, now).reduce<AlertState | null>(apply, alert)
const firing = () => perform(null, report('firing', start))!
const acknowledge = (by: string) => ({ kind: 'acknowledge', by }) as const
const close = { kind: 'close', by: 'alva', reason: 'known and harmless' } as const

test('repeats are counted, and closing by the source ends the occurrence', () => {
  const again = perform(firing(), report('firing', start), start + minute)!
  assert.deepEqual([again.id, again.timesSeen, again.lastSeenAt], [`a-${start}`, 2, start + minute])
  assert.equal(perform(again, report('firing', start))!.timesSeen, 3)
  const closed = perform(again, report('resolved', start, start + minute), start + 2 * minute)!
  assert.deepEqual(
    [closed.status, closed.closing],
    ['closed', { by: { kind: 'source' }, at: start + 2 * minute }],
  )
  assert.deepEqual(decide(closed, report('resolved', start, start + minute), start), [])
  assert.deepEqual(decide(null, report('resolved', start, start + minute), start), [])
})

test('firing after the end is a new occurrence, unacknowledged, and says when its source never stopped', () => {
  const taken = perform(firing(), acknowledge('alva'))
  const closed = perform(taken, close, start + minute)
  const [event] = eventsOf(closed, report('firing', start), start + 2 * minute)
  assert.equal(event?.kind === 'alert-opened' && event.stillFiring, true)
  const [other] = eventsOf(closed, report('firing', start + minute), start + 2 * minute)
  assert.equal(other?.kind === 'alert-opened' && other.stillFiring, false, 'it had stopped in between')
  const next = perform(closed, report('firing', start + minute), start + 2 * minute)!
  assert.deepEqual([next.occurrence, next.status, next.acknowledgement, next.timesSeen], [2, 'open', null, 1])
  const bySource = perform(taken, report('resolved', start, start + minute), start + minute)
  const [fresh] = eventsOf(bySource, report('firing', start), start + 2 * minute)
  assert.equal(fresh?.kind === 'alert-opened' && fresh.stillFiring, false)
  assert.equal(fresh?.kind, 'alert-opened')
})

test('a late copy of an earlier end does not close what fires now', () => {
  assert.deepEqual(decide(firing(), report('resolved', start - 9 * minute, start - minute), start), [])
  assert.equal(perform(firing(), report('resolved', start - 9 * minute, start))!.status, 'closed')
})

test('the first acknowledgement counts: the same person again changes nothing, another learns who has it', () => {
  const taken = perform(firing(), acknowledge('alva'), start + minute)!
  assert.deepEqual(
    [taken.status, taken.acknowledgement],
    ['acknowledged', { by: 'alva', at: start + minute }],
  )
  assert.deepEqual(decide(taken, acknowledge('alva'), start), [])
  const second = decide(taken, acknowledge('birk'), start + 2 * minute)
  assert.ok(isRefusal(second) && second.code === 'already-acknowledged')
  assert.deepEqual([(second as { by?: string }).by, (second as { at?: number }).at], ['alva', start + minute])
})

test('a person closes with a reason, and what is over is neither taken nor closed', () => {
  const noReason = decide(firing(), { ...close, reason: ' ' }, start)
  assert.ok(isRefusal(noReason) && noReason.code === 'reason-required')
  const closed = perform(firing(), close)
  for (const command of [close, acknowledge('birk')]) {
    const answer = decide(closed, command, start)
    assert.ok(isRefusal(answer) && answer.code === 'alert-closed')
  }
  const unknown = decide(null, close, start)
  assert.ok(isRefusal(unknown) && unknown.code === 'alert-unknown')
})

const someCommand: fc.Arbitrary<AlertCommand> = fc.oneof(
  fc.integer({ min: 0, max: 20 }).map((n) => report('firing', start + n * minute)),
  fc.integer({ min: 0, max: 20 }).map((n) => report('resolved', start, start + n * minute)),
  fc.constantFrom('alva', 'birk').map(acknowledge),
  fc.constant(close),
)

test('through any story an alert that fires is open afterwards, and occurrences only ever count up', () => {
  fc.assert(
    fc.property(fc.array(someCommand, { maxLength: 30 }), (commands) => {
      let alert: AlertState | null = null
      commands.forEach((command, i) => {
        const before: AlertState | null = alert
        const answer = decide(before, command, start + i * minute)
        if (isRefusal(answer)) return
        assert.ok(answer.length <= 1)
        alert = answer.reduce<AlertState | null>(apply, before)
        const after = alert as AlertState | null
        if (command.kind === 'report' && command.report.status === 'firing')
          assert.notEqual(after?.status, 'closed')
        if (before === null || after === null) return
        const isNew = after.occurrence === before.occurrence + 1
        assert.ok(isNew ? before.status === 'closed' : after.occurrence === before.occurrence)
        if (!isNew && before.acknowledgement !== null)
          assert.deepEqual(after.acknowledgement, before.acknowledgement)
      })
    }),
    { numRuns },
  )
})
