/** Proves that whatever a sender writes becomes an alert that can be stored and pages if it should, with the bending on record. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { isRefusal } from '../../refusal.ts'
import { alertFromAlertmanager, type AlertFromSource } from './alert-from-alertmanager.ts'
import { alertGroupKey } from './alert-group.ts'
import { labelFingerprint } from './label-fingerprint.ts'
import { pages, priorityOfSeverity } from './priority.ts'
import { storable } from './storable-text.ts'

const numRuns = Number(process.env['FORTNIGHT_RUNS'] ?? 300)
const now = Date.parse('2026-11-23T03:12:00Z')
const capture = join(import.meta.dirname, '../../../../../shared/data/captures/alertmanager-webhook.jsonl')

const read = (raw: unknown): AlertFromSource => {
  const answer = alertFromAlertmanager(raw, now)
  if (isRefusal(answer)) assert.fail(answer.code)
  return answer
}
const plain = {
  status: 'firing',
  labels: { alertname: 'KubeNodeNotReady', cluster: 'acme-prod', group: 'nodes', severity: 'critical' },
  annotations: { summary: 'Node n1 is not ready' },
  startsAt: '2026-11-23T03:11:30.123456789Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus.example/graph',
  fingerprint: 'a9a3ed04b99c1e1e',
}

test('an alert as Alertmanager writes it is read without bending anything', () => {
  const { labels, annotations, ...rest } = read(plain)
  assert.deepEqual({ ...labels }, plain.labels)
  assert.deepEqual({ ...annotations }, plain.annotations)
  assert.deepEqual(rest, {
    status: 'firing',
    fingerprint: 'a9a3ed04b99c1e1e',
    severity: 'critical',
    priority: 1,
    name: 'KubeNodeNotReady',
    summary: 'Node n1 is not ready',
    groupKey: '["nodes","critical","acme-prod"]',
    startsAt: Date.parse('2026-11-23T03:11:30.123Z'),
    endsAt: null,
    generatorUrl: 'http://prometheus.example/graph',
    leniencies: [],
  })
})

test('severities become priorities whatever their case and spaces, and only P1 and P2 page', () => {
  const severities = [
    'critical',
    ' Critical ',
    'warning',
    'HIGH',
    'medium',
    'low',
    'none',
    '',
    undefined,
    'constructor',
  ]
  assert.deepEqual(severities.map(priorityOfSeverity), [1, 1, 2, 2, 3, 4, 5, 5, 5, 5])
  assert.deepEqual(([1, 2, 3, 4, 5] as const).map(pages), [true, true, false, false, false])
})

test('an alert with more labels than are kept still pages: what decides about that is kept', () => {
  const many = Object.fromEntries(
    Array.from({ length: 200 }, (_, i) => [`a${String(i).padStart(3, '0')}`, 'x']),
  )
  const alert = read({ ...plain, labels: { ...many, ...plain.labels } })
  assert.equal(alert.priority, 1)
  assert.equal(alert.groupKey, '["nodes","critical","acme-prod"]')
  assert.equal(Object.keys(alert.labels).length, 64)
  assert.deepEqual(alert.leniencies, ['only 64 of 204 labels were kept'])
})

test('two alerts that differ only in a label that is not kept stay two', () => {
  const many = Object.fromEntries(
    Array.from({ length: 200 }, (_, i) => [`a${String(i).padStart(3, '0')}`, 'x']),
  )
  const { fingerprint: _, ...unsigned } = plain
  const [one, other] = ['n1', 'n2'].map((node) => read({ ...unsigned, labels: { ...many, zz: node } }))
  assert.notEqual(one!.fingerprint, other!.fingerprint)
})

test('what cannot be stored is replaced or left out, and said so', () => {
  const bent = read({
    ...plain,
    labels: { alertname: 'A\0', count: 5, 'na\0me': 'x', deep: [[[]]], ['__proto__']: 'kept' },
    annotations: { summary: `${'x'.repeat(499)}\u{1f600}`, long: 'y'.repeat(9_000) },
    generatorURL: ['javascript', 'alert(1)'].join(':'),
  })
  assert.deepEqual(
    { ...bent.labels, ['__proto__']: undefined },
    { alertname: 'A\ufffd', count: '5', 'na\ufffdme': 'x', ['__proto__']: undefined },
  )
  assert.equal(Object.getOwnPropertyDescriptor(bent.labels, '__proto__')?.value, 'kept')
  assert.equal(bent.summary, 'x'.repeat(499), 'a character is never cut in half')
  assert.equal(bent.annotations['long']?.length, 8_192)
  assert.equal(bent.generatorUrl, undefined)
  assert.deepEqual(bent.leniencies, [
    'labels: alertname held characters that cannot be stored',
    'labels: count was not text and was made so',
    'labels: na\ufffdme has a name that could not be stored as it is',
    'labels: deep was not text and was left out',
    'annotations: long was cut at 8192 characters',
    'the generator URL was not an http address, or too long, and was left out',
  ])
})

test('a sender that bends everything is told about in a list that can be read', () => {
  const labels = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`n${i}`, i]))
  const { leniencies } = read({ ...plain, labels })
  assert.equal(leniencies.length, 21)
  assert.equal(leniencies.at(-1), 'and more of the kind')
})

test('an unknown status fires, an unreadable or future start is now, and an end counts only once it is over', () => {
  assert.equal(read({ ...plain, status: 'Resolved ' }).status, 'resolved')
  assert.equal(read({ ...plain, status: 'suppressed' }).status, 'firing')
  for (const startsAt of ['yesterday', '2026-11-23T03:18:00Z', 5, '0001-01-01T00:00:00Z']) {
    const alert = read({ ...plain, startsAt })
    assert.deepEqual([alert.startsAt, alert.leniencies.length], [now, 1], String(startsAt))
  }
  assert.equal(
    read({ ...plain, startsAt: '2026-11-23T03:17:00Z' }).startsAt,
    now + 300_000,
    'a clock a little ahead',
  )
  const end = (endsAt: unknown) => read({ ...plain, status: 'resolved', endsAt }).endsAt
  assert.equal(end('2026-11-23T03:11:59Z'), now - 1_000)
  assert.deepEqual(['0001-01-01T00:00:00Z', undefined, '2027-01-01T00:00:00Z'].map(end), [now, now, now])
})

test('only what names no alert at all is refused', () => {
  for (const raw of [null, 5, 'alert', [], {}, { labels: {} }, { labels: 'x', fingerprint: 'short' }]) {
    assert.ok(isRefusal(alertFromAlertmanager(raw, now)), JSON.stringify(raw))
  }
  assert.equal(read({ fingerprint: 'a9a3ed04b99c1e1e' }).name, 'unnamed alert')
})

/** Halves of characters, NUL and names of built-in properties among the letters. */
const oddText = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'é', '\0', '\ud83d', '\ude00', '\n', '"') }),
  fc.constantFrom('__proto__', 'constructor', 'severity', 'alertname', 'x'.repeat(2_000)),
)

test('nothing makes it throw, and everything it returns can be stored', () => {
  const anything = fc.oneof(
    fc.jsonValue({ maxDepth: 4 }),
    fc.record(
      {
        status: fc.oneof(fc.constantFrom('firing', 'resolved'), fc.jsonValue()),
        labels: fc.dictionary(oddText, fc.oneof(oddText, fc.jsonValue())),
        annotations: fc.oneof(fc.dictionary(fc.string(), oddText), fc.jsonValue()),
        startsAt: fc.oneof(fc.string(), fc.jsonValue()),
        generatorURL: fc.string(),
      },
      { requiredKeys: [] },
    ),
  )
  fc.assert(
    fc.property(anything, (raw) => {
      const answer = alertFromAlertmanager(raw, now)
      const stored = JSON.stringify(answer)
      assert.doesNotMatch(stored, /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/i)
      if (isRefusal(answer)) return
      assert.ok(answer.leniencies.length <= 21)
      assert.match(answer.fingerprint, /^[0-9a-f]{16}$/)
      assert.ok(answer.summary.length <= 500 && answer.startsAt > 0)
    }),
    { numRuns },
  )
})

test('text is cut at a bound without breaking a character, and mended text stays mended', () => {
  const texts = fc.string({
    unit: fc.constantFrom('a', '\u{1f600}', '\ud83d', '\ude00', '\0'),
    maxLength: 12,
  })
  fc.assert(
    fc.property(texts, fc.integer({ min: 0, max: 12 }), (text, longest) => {
      const kept = storable(text, longest)
      assert.ok(kept.length <= longest && kept.isWellFormed() && !kept.includes('\0'))
      assert.equal(storable(kept, longest), kept)
      const fine = text.isWellFormed() && !text.includes('\0')
      if (fine)
        assert.ok(
          text.startsWith(kept) && text.length - kept.length <= Math.max(0, text.length - longest) + 1,
        )
    }),
    { numRuns },
  )
})

test('no label value can imitate another group', () => {
  const label = fc.string({ unit: fc.constantFrom('a', '"', ',', ']', '\\'), minLength: 1, maxLength: 4 })
  const labels = fc.record({ group: label, severity: label, cluster: label })
  fc.assert(
    fc.property(labels, labels, (one, other) => {
      const isSame =
        one.group === other.group && one.severity === other.severity && one.cluster === other.cluster
      assert.equal(alertGroupKey(one) === alertGroupKey(other), isSame)
    }),
    { numRuns },
  )
  assert.equal(alertGroupKey({ alertname: 'Watchdog', severity: ' NONE ' }), '["Watchdog","none",""]')
})

/** FNV-1a over 64 bits as it is defined, in big integers. */
const slowFingerprint = (labels: Record<string, string>): string => {
  const bytes = (text: string) => [...new TextEncoder().encode(text), 0xff]
  const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))
  const all = Object.keys(labels)
    .sort(byBytes)
    .flatMap((name) => [...bytes(name), ...bytes(labels[name]!)])
  const sum = all.reduce(
    (hash, byte) => ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn,
    0xcbf29ce484222325n,
  )
  return sum.toString(16).padStart(16, '0')
}

test('a computed fingerprint is that of Prometheus, in whatever order and script the labels come', () => {
  const letters = ['a', 'Z', 'é', '\u0800', '\ufffd', '\u{1f600}', '漢', '_']
  const name = fc.string({ unit: fc.constantFrom(...letters), maxLength: 6 })
  // Half a character in a value counts as U+FFFD, as it does in UTF-8.
  const value = fc.string({ unit: fc.constantFrom(...letters, '\ud83d'), maxLength: 6 })
  fc.assert(
    fc.property(fc.dictionary(name, value, { maxKeys: 6 }), (labels) => {
      assert.equal(labelFingerprint(labels), slowFingerprint(labels))
      const reversed = Object.fromEntries(Object.entries(labels).reverse())
      assert.equal(labelFingerprint(reversed), labelFingerprint(labels))
    }),
    { numRuns },
  )
})

const skip = existsSync(capture) ? false : `${capture} is not here`
test(
  'what a real Alertmanager sent is read without bending, under the fingerprint that it computed itself',
  { skip },
  () => {
    const bodies = readFileSync(capture, 'utf8')
      .trim()
      .split('\n')
      .map((row) => JSON.parse(row).body)
    const alerts = bodies.flatMap((body) => body.alerts as (typeof plain)[])
    assert.ok(alerts.length > 0)
    for (const raw of alerts) {
      const alert = read(raw)
      assert.deepEqual(alert.leniencies, [])
      assert.equal(alert.status, raw.status)
      assert.equal(alert.endsAt === null, raw.status === 'firing')
      const { fingerprint: _, ...unsigned } = raw
      assert.equal(read(unsigned).fingerprint, raw.fingerprint)
    }
  },
)
