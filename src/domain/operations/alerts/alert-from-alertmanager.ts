/**
 * One alert of an Alertmanager webhook (version 4) as we store it. Every avoidable refusal is a page that may never
 * ring, so odd input is bent and the bending is written down; only what names no alert at all is refused.
 */
import { refuse, type Refusal } from '../../refusal.ts'
import { parseInstant } from '../../time/instant.ts'
import { alertGroupKey } from './alert-group.ts'
import { labelFingerprint } from './label-fingerprint.ts'
import { priorityOfSeverity, type Priority } from './priority.ts'

export type AlertFromSource = {
  readonly status: 'firing' | 'resolved'
  readonly fingerprint: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly severity: string
  readonly priority: Priority
  readonly name: string
  readonly summary: string
  readonly groupKey: string
  /** Epoch milliseconds; when the source does not say, when we heard of it. */
  readonly startsAt: number
  readonly generatorUrl: string | undefined
  /** What had to be bent, in sentences. */
  readonly leniencies: readonly string[]
}

const MOST_LABELS = 64
const LONGEST_LABEL = 1_024
const LONGEST_ANNOTATION = 8_192
const LONGEST_SUMMARY = 500
const LONGEST_URL = 2_000
const FINGERPRINT = /^[0-9a-f]{16}$/
/** A source whose clock runs ahead further than this is not believed. */
const MOST_AHEAD_MS = 5 * 60_000

// PostgreSQL stores no NUL, and JSON text no lone surrogate; both are replaced, visibly.
// eslint-disable-next-line no-control-regex
const UNSTORABLE = /\u0000|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
/** Most text needs no mending; one cheap look saves the slow replacement. */
const mend = (text: string): string =>
  text.isWellFormed() && !text.includes('\u0000') ? text : text.replace(UNSTORABLE, '\ufffd')

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const readTexts = (
  given: unknown,
  what: string,
  longest: number,
  leniencies: string[],
): Record<string, string> => {
  if (given === undefined || given === null) return {}
  if (!isObject(given)) {
    leniencies.push(`${what} were not a map and were left out`)
    return {}
  }
  const texts: Record<string, string> = Object.create(null) as Record<string, string>
  const names = Object.keys(given)
  if (names.length > MOST_LABELS) leniencies.push(`only ${MOST_LABELS} of ${names.length} ${what} were kept`)
  for (const name of names.slice(0, MOST_LABELS)) {
    const value = given[name]
    const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
    if (typeof value !== 'string') leniencies.push(`${what}: ${name.slice(0, 60)} was not text`)
    const mended = mend(text)
    if (mended !== text)
      leniencies.push(`${what}: ${name.slice(0, 60)} held characters that cannot be stored`)
    if (mended.length > longest)
      leniencies.push(`${what}: ${name.slice(0, 60)} was cut at ${longest} characters`)
    texts[mend(name).slice(0, LONGEST_LABEL)] = mended.slice(0, longest).replace(/[\ud800-\udbff]$/, '')
  }
  return texts
}

const readStart = (given: unknown, now: number, leniencies: string[]): number => {
  const at = typeof given === 'string' ? parseInstant(given) : null
  if (at === null || at <= 0) {
    leniencies.push('the start was missing or unreadable; the time of receipt stands for it')
    return now
  }
  if (at > now + MOST_AHEAD_MS) {
    leniencies.push('the start lay in the future; the time of receipt stands for it')
    return now
  }
  return at
}

const firstLine = (text: string): string => (text.split('\n', 1)[0] ?? '').trim()

/**
 * @param raw one element of the webhook's `alerts`, parsed from JSON but otherwise untrusted
 * @param now epoch milliseconds of receipt
 */
export const alertFromAlertmanager = (
  raw: unknown,
  now: number,
): AlertFromSource | Refusal<'alert-unreadable'> => {
  if (!isObject(raw)) return refuse('alert-unreadable', 'An alert is an object with labels.')
  const leniencies: string[] = []
  const labels = readTexts(raw['labels'], 'labels', LONGEST_LABEL, leniencies)
  const annotations = readTexts(raw['annotations'], 'annotations', LONGEST_ANNOTATION, leniencies)
  const given = raw['fingerprint']
  const hasFingerprint = typeof given === 'string' && FINGERPRINT.test(given)
  if (!hasFingerprint && Object.keys(labels).length === 0) {
    return refuse('alert-unreadable', 'An alert needs labels or a fingerprint; this one has neither.')
  }
  if (!hasFingerprint) leniencies.push('the fingerprint was missing; it was computed from the labels')
  const status = raw['status']
  if (status !== 'firing' && status !== 'resolved') leniencies.push('the status was unknown; taken as firing')
  const name = firstLine(labels['alertname'] ?? '') || 'unnamed alert'
  const url = raw['generatorURL']
  return {
    status: status === 'resolved' ? 'resolved' : 'firing',
    fingerprint: hasFingerprint ? given : labelFingerprint(labels),
    labels,
    annotations,
    severity: labels['severity'] ?? '',
    priority: priorityOfSeverity(labels['severity']),
    name,
    summary: firstLine(
      annotations['summary'] || annotations['description'] || annotations['message'] || name,
    ).slice(0, LONGEST_SUMMARY),
    groupKey: alertGroupKey(labels),
    startsAt: readStart(raw['startsAt'], now, leniencies),
    generatorUrl: typeof url === 'string' && url !== '' ? mend(url).slice(0, LONGEST_URL) : undefined,
    leniencies,
  }
}
