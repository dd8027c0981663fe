/**
 * One alert of an Alertmanager webhook (version 4) as we store it. Every avoidable refusal is a page that may never
 * ring, so odd input is bent and the bending is written down; only what names no alert at all is refused.
 */
import { refuse, type Refusal } from '../../refusal.ts'
import { minute, parseInstant } from '../../time/instant.ts'
import { alertGroupKey } from './alert-group.ts'
import { labelFingerprint } from './label-fingerprint.ts'
import { priorityOfSeverity, type Priority } from './priority.ts'
import { isObject, note, readTexts, type Leniencies, type Texts } from './read-labels.ts'
import { storable } from './storable-text.ts'

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
  /** Epoch milliseconds; null while it fires. When the source does not say, when we heard that it is over. */
  readonly endsAt: number | null
  /** An address that a browser may open, or nothing. */
  readonly generatorUrl: string | undefined
  /** What had to be bent, in sentences. */
  readonly leniencies: readonly string[]
}

const longestLabel = 1_024
const longestAnnotation = 8_192
const longestSummary = 500
const longestUrl = 2_000
const fingerprintShape = /^[0-9a-f]{16}$/
/** A source whose clock runs ahead further than this is not believed. */
const mostAheadMs = 5 * minute

/** Anything but a clear "resolved" fires: a page too many beats one too few. */
const readStatus = (given: unknown, leniencies: Leniencies): AlertFromSource['status'] => {
  const status = typeof given === 'string' ? given.trim().toLowerCase() : ''
  if (status !== 'firing' && status !== 'resolved')
    note(leniencies, 'the status was unknown; taken as firing')
  return status === 'resolved' ? 'resolved' : 'firing'
}

const readStart = (given: unknown, now: number, leniencies: Leniencies): number => {
  const at = typeof given === 'string' ? parseInstant(given) : null
  if (at === null || at <= 0) {
    note(leniencies, 'the start was missing or unreadable; the time of receipt stands for it')
    return now
  }
  if (at > now + mostAheadMs) {
    note(leniencies, 'the start lay in the future; the time of receipt stands for it')
    return now
  }
  return at
}

/** Firing alerts carry the year 1, or from Prometheus itself a lease in the future: neither is an end. */
const readEnd = (given: unknown, status: AlertFromSource['status'], now: number): number | null => {
  if (status === 'firing') return null
  const at = typeof given === 'string' ? parseInstant(given) : null
  return at === null || at <= 0 || at > now + mostAheadMs ? now : at
}

const readUrl = (given: unknown, leniencies: Leniencies): string | undefined => {
  if (typeof given !== 'string' || given === '') return undefined
  // Shown as a link later: no scheme that runs something, and half an address is none.
  if (/^https?:\/\//i.test(given) && given.length <= longestUrl) return storable(given, longestUrl)
  note(leniencies, 'the generator URL was not an http address, or too long, and was left out')
  return undefined
}

/** Told apart by every label that was sent, also by those that were not kept. */
const readFingerprint = (given: unknown, labels: unknown, leniencies: Leniencies): string => {
  if (typeof given === 'string' && fingerprintShape.test(given)) return given
  note(leniencies, 'the fingerprint was missing; it was computed from the labels')
  const sent = Object.entries(isObject(labels) ? labels : {})
  return labelFingerprint(
    Object.fromEntries(sent.filter((pair): pair is [string, string] => typeof pair[1] === 'string')),
  )
}

const firstLine = (text: string): string => (text.split('\n', 1)[0] ?? '').trim()

const summaryOf = (annotations: Texts, name: string): string =>
  storable(
    firstLine(annotations['summary'] || annotations['description'] || annotations['message'] || name),
    longestSummary,
  )

/**
 * @param raw one element of the webhook's `alerts`, parsed from JSON but otherwise untrusted
 * @param now epoch milliseconds of receipt
 * @returns something that can be stored as it is, however odd the input; never throws
 */
export const alertFromAlertmanager = (
  raw: unknown,
  now: number,
): AlertFromSource | Refusal<'alert-unreadable'> => {
  if (!isObject(raw)) return refuse('alert-unreadable', 'An alert is an object with labels.')
  const leniencies: Leniencies = []
  const labels = readTexts(raw['labels'], 'labels', longestLabel, leniencies)
  const given = raw['fingerprint']
  if (Object.keys(labels).length === 0 && !(typeof given === 'string' && fingerprintShape.test(given))) {
    return refuse('alert-unreadable', 'An alert needs labels or a fingerprint; this one has neither.')
  }
  const annotations = readTexts(raw['annotations'], 'annotations', longestAnnotation, leniencies)
  const status = readStatus(raw['status'], leniencies)
  const name = firstLine(labels['alertname'] ?? '') || 'unnamed alert'
  return {
    status,
    fingerprint: readFingerprint(given, raw['labels'], leniencies),
    labels,
    annotations,
    severity: labels['severity'] ?? '',
    priority: priorityOfSeverity(labels['severity']),
    name,
    summary: summaryOf(annotations, name),
    groupKey: alertGroupKey(labels),
    startsAt: readStart(raw['startsAt'], now, leniencies),
    endsAt: readEnd(raw['endsAt'], status, now),
    generatorUrl: readUrl(raw['generatorURL'], leniencies),
    leniencies,
  }
}
