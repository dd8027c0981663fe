/** What a batch means: the same as its notifications one after another under the rule of the domain. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { apply, decide, type AlertState } from '../../../domain/operations/alerts/alert.ts'
import type { AlertFromSource } from '../../../domain/operations/alerts/alert-from-alertmanager.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import { foldBatch } from './fold-batch.ts'

const numRuns = Number(process.env['FORTNIGHT_RUNS'] ?? 500)
const digest = Buffer.alloc(32)

const report = (startsAt: number, endsAt: number | null, fingerprint = 'f'): AlertFromSource => ({
  status: endsAt === null ? 'firing' : 'resolved',
  fingerprint,
  labels: {},
  annotations: {},
  severity: '',
  priority: 1,
  name: 'a',
  summary: 'a',
  groupKey: 'g',
  startsAt,
  endsAt,
  generatorUrl: undefined,
  leniencies: [],
})
const fold = (reports: readonly AlertFromSource[], openSince?: number) =>
  foldBatch(
    reports.map((alert, index) => ({ alert, receivedAt: index, digest })),
    openSince === undefined ? new Map() : new Map([['f', { startsAt: openSince }]]),
  ).get('f')!

test('a late copy of an old "resolved" does not close what fires now', () => {
  assert.equal(fold([report(100, 200)], 300).closesKnown, false)
  assert.equal(fold([report(100, 300)], 300).closesKnown, true)
  const opened = fold([report(300, null), report(100, 200)])
  assert.deepEqual([opened.opens?.startsAt, opened.closesOpened], [300, false])
  assert.equal(fold([report(300, null), report(300, 400)]).closesOpened, true)
})

/** Milliseconds apart within a batch, an alert that fires again goes on: flapping rings once, not once a flap. */
const mergeFlaps = (states: readonly AlertState[]) => states.at(-1)?.status !== 'closed'

test('a batch leaves open or closed what its notifications one by one would', () => {
  const times = fc.integer({ min: 0, max: 6 })
  const one = fc.tuple(times, fc.option(times)).map(([startsAt, endsAt]) => report(startsAt, endsAt))
  const batch = fc.array(one, { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(batch, fc.option(times, { nil: undefined }), (reports, openSince) => {
      let state: AlertState | null = null
      const step = (alert: AlertFromSource, alertId: string) => {
        const events = decide(state, { kind: 'report', report: alert, alertId }, 0)
        assert.ok(!isRefusal(events))
        for (const event of events) state = apply(state, event)
      }
      if (openSince !== undefined) step(report(openSince, null), 'known')
      reports.forEach((alert, index) => step(alert, `new ${index}`))
      const got = fold(reports, openSince)
      const stillKnown = openSince !== undefined && !got.closesKnown
      const open = stillKnown || (got.opens !== undefined && !got.closesOpened)
      const last = state as AlertState | null
      // Once flaps are merged the open occurrence keeps its first start, so an end may count against an earlier one.
      if (reports.filter(({ status }) => status === 'firing').length <= 1)
        assert.equal(open, last !== null && mergeFlaps([last]))
      assert.ok(!(got.closesOpened && got.opens === undefined))
      assert.ok(!(got.closesKnown && openSince === undefined))
    }),
    { numRuns },
  )
})
