/** The page view stays under 20 kB, without script and with the button first, whatever names and labels hold. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { renderPageView, type PageView } from './page-view.ts'
import type { PageListRow } from './store.ts'

const numRuns = Number(process.env['FORTNIGHT_RUNS'] ?? 100)
const now = Date.UTC(2026, 10, 23, 2, 12)
const MOST_BYTES = 20_000

const page = (change: Partial<PageListRow> = {}): PageListRow => ({
  id: '01890000-0000-7000-8000-000000000001',
  customer_id: 'c',
  environment_id: 'e',
  status: 'open',
  priority: 1,
  group_key: '',
  title: 'KubeNodeNotReady',
  joinable: true,
  routed_policy_id: null,
  is_drill: false,
  incident_id: null,
  state: {},
  nobody_on_call: false,
  nobody_reached: false,
  requested_at: now - 60_000,
  acknowledged_at: null,
  acknowledged_by: null,
  resolved_at: null,
  environment_slug: 'acme-prod',
  environment_name: 'Acme production',
  customer_name: 'Acme Example',
  alert_count: 100,
  acknowledged_by_name: null,
  ...change,
})
const view = (change: Partial<PageView> = {}): PageView => ({
  page: page(),
  alerts: [],
  told: [],
  lastChanges: [],
  nextStepAt: now + 300_000,
  reader: { locale: 'en', zone: 'Europe/Stockholm' },
  now,
  acknowledge: { action: '/acknowledge', token: 't'.repeat(32), as: 'Bo Example' },
  ...change,
})

const nasty = fc.oneof(
  fc.string({ maxLength: 1_000, unit: 'binary' }),
  fc.constantFrom(
    '"'.repeat(1_000),
    '<script>'.repeat(120),
    '漢'.repeat(1_000),
    '😀'.repeat(500),
    '&'.repeat(8_000),
  ),
)
const alert = fc.record({
  name: nasty,
  summary: nasty,
  priority: fc.integer({ min: 1, max: 5 }),
  status: fc.constantFrom('open', 'closed'),
  starts_at: fc.integer({ min: 0, max: now }),
  annotations: fc.record({
    description: nasty,
    runbook_url: fc.oneof(fc.webUrl(), fc.constant(['javascript', 'alert(1)'].join(':'))),
  }),
  labels: fc.constant({}),
})
const told = fc.record({
  name: nasty,
  channel: fc.constantFrom('email', 'web-push', 'sms', 'voice', 'ntfy', 'webhook', 'screen'),
  status: fc.constantFrom('intended', 'sent', 'failed', 'cancelled'),
  delivery: fc.constantFrom(null, 'delivered', 'failed', 'unknown'),
  at: fc.integer({ min: now - 3_600_000, max: now }),
})

test('a hundred alerts with the longest names of any alphabet are under 20 kB, escaped, and run no script', () => {
  const everything = fc.record({
    alerts: fc.array(alert, { maxLength: 13 }),
    told: fc.array(told, { maxLength: 40 }),
    lastChanges: fc.array(fc.record({ at: fc.constant(now), what: nasty }), { maxLength: 8 }),
    title: nasty,
    taker: nasty,
  })
  fc.assert(
    fc.property(everything, ({ title, taker, ...rest }) => {
      for (const status of ['open', 'acknowledged'] as const) {
        const row = page({
          title: title.slice(0, 300),
          status,
          acknowledged_by_name: taker.slice(0, 100),
          acknowledged_at: now,
        })
        const text = renderPageView(view({ ...rest, page: row }))
        assert.ok(Buffer.byteLength(text) < MOST_BYTES, `${Buffer.byteLength(text)} bytes`)
        assert.doesNotMatch(text, /<script|javascript:|\son\w+=/i)
      }
    }),
    { numRuns },
  )
})

test('the button comes before the alerts, and every alert shown is whole', () => {
  const alerts = Array.from({ length: 13 }, (_, index) => ({
    name: `Alert ${index}`,
    summary: 's'.repeat(200),
    priority: 2,
    status: 'open',
    starts_at: now,
    annotations: {},
    labels: {},
  }))
  const text = renderPageView(view({ alerts }))
  assert.ok(text.indexOf('<button') < text.indexOf('Alert 0'))
  assert.match(text, /and 88 more in the application/)
  assert.equal(text.match(/<li>/g)?.length, 12)
})

test('who has it stands where the button stood, and the page asks to be looked at again only while it rings', () => {
  const open = renderPageView(view({ acknowledge: { action: '/pages/x/acknowledge', as: 'Bo Example' } }))
  assert.match(open, /http-equiv="refresh"/)
  const taken = renderPageView(
    view({
      page: page({ status: 'acknowledged', acknowledged_by_name: 'Bo Example' }),
      acknowledge: undefined,
    }),
  )
  assert.match(taken, /Bo Example has it/)
  assert.doesNotMatch(taken, /http-equiv="refresh"|Acknowledge as/)
})
