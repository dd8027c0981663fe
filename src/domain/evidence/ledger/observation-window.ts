/** Seals rows that are too many for a leaf each (alert receipts, heartbeats, probe samples): one leaf for a whole window. */

import { base64UrlOf } from './base64.ts'
import { equalBytes, utf8 } from './bytes.ts'
import type { Sha256 } from './bytes.ts'
import { appendLeafHashes, emptyFrontier, frontierRoot } from './frontier.ts'
import { canonicalJson } from './jcs.ts'
import { isDigest } from './leaf.ts'
import { leafHash } from './rfc6962.ts'

/** One observed row, numbered by the process that wrote it, from 1 on. */
export type ObservedRow = {
  /** Id of the writing process. */
  readonly process: string
  readonly number: number
  /** The row's exact bytes, or the digest it is kept under: whatever a reader can be shown again. */
  readonly bytes: Uint8Array
}

/** Consecutive numbers of one process within the window; a gap shows as a second span of the same process. */
export type ProcessSpan = { readonly process: string; readonly first: number; readonly last: number }

export type ObservationWindow = {
  readonly v: 1
  readonly count: number
  /** By name of the process, then by number. */
  readonly spans: readonly ProcessSpan[]
  /** Merkle root (RFC 6962) over the rows, by process and number; base64url. */
  readonly root: string
  /** {@link windowDigest} of the window before; absent in the first of a log. */
  readonly previous?: string
}

const MAX_ROWS = 10_000

/**
 * @param previous the window before this one in the same log
 * @throws RangeError for no rows, more than 10,000, or a number used twice by one process
 */
export function sealWindow(
  rows: readonly ObservedRow[],
  previous: ObservationWindow | undefined,
  sha256: Sha256,
): ObservationWindow {
  if (rows.length < 1 || rows.length > MAX_ROWS) throw new RangeError('a window seals 1 to 10,000 rows')
  const ordered = rows.toSorted((a, b) => compareText(a.process, b.process) || a.number - b.number)
  const spans = spansOf(ordered)
  if (spans === undefined) throw new RangeError('a process uses each number once')
  return {
    v: 1,
    count: rows.length,
    spans,
    root: base64UrlOf(rootOf(ordered, sha256)),
    ...(previous === undefined ? {} : { previous: windowDigest(previous, sha256) }),
  }
}

/** What the next window calls `previous`. */
export const windowDigest = (window: ObservationWindow, sha256: Sha256): string =>
  base64UrlOf(sha256(utf8(`fortnight/observation-window/v1\n${canonicalJson(window)}`)))

/** True when these are exactly the rows that were sealed, none more, none fewer; their order does not matter. */
export function verifyWindow(
  window: ObservationWindow,
  rows: readonly ObservedRow[],
  sha256: Sha256,
): boolean {
  if (rows.length < 1 || rows.length > MAX_ROWS) return false
  const ordered = rows.toSorted((a, b) => compareText(a.process, b.process) || a.number - b.number)
  const spans = spansOf(ordered)
  return (
    spans !== undefined &&
    window.count === rows.length &&
    canonicalJson(window.spans) === canonicalJson(spans) &&
    equalBytes(utf8(window.root), utf8(base64UrlOf(rootOf(ordered, sha256))))
  )
}

/** Whether `later` says it is the very next window after `earlier`. */
export const follows = (later: ObservationWindow, earlier: ObservationWindow, sha256: Sha256): boolean =>
  later.previous === windowDigest(earlier, sha256)

/**
 * Numbers that no window holds although the same process wrote some before and after: rows that were lost before
 * they were sealed, or hidden.
 *
 * @param windows consecutive ones, in order
 */
export function numbersMissing(windows: readonly ObservationWindow[]): readonly ProcessSpan[] {
  const lastOf = new Map<string, number>()
  const missing: ProcessSpan[] = []
  for (const { process, first, last } of windows.flatMap(({ spans }) => spans)) {
    const before = lastOf.get(process)
    if (before !== undefined && first > before + 1)
      missing.push({ process, first: before + 1, last: first - 1 })
    lastOf.set(process, Math.max(last, before ?? 0))
  }
  return missing
}

/** Reads a disclosed value; undefined when it is not a window. */
export function parseWindow(value: unknown): ObservationWindow | undefined {
  const window = value as ObservationWindow
  if (typeof value !== 'object' || value === null || window.v !== 1 || !isPositive(window.count))
    return undefined
  if (!isDigest(window.root) || (window.previous !== undefined && !isDigest(window.previous)))
    return undefined
  if (!Array.isArray(window.spans)) return undefined
  const wellFormed = (window.spans as readonly ProcessSpan[]).every(
    (span) =>
      typeof span?.process === 'string' &&
      isPositive(span.first) &&
      isPositive(span.last) &&
      span.first <= span.last,
  )
  const counted = wellFormed && window.spans.reduce((sum, { first, last }) => sum + last - first + 1, 0)
  return counted === window.count ? window : undefined
}

const isPositive = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0

function rootOf(rows: readonly ObservedRow[], sha256: Sha256): Uint8Array {
  const hashes = rows.map((row) => leafHash(row.bytes, sha256))
  return frontierRoot(appendLeafHashes(emptyFrontier, hashes, sha256).frontier, sha256)
}

function spansOf(ordered: readonly ObservedRow[]): readonly ProcessSpan[] | undefined {
  const spans: { process: string; first: number; last: number }[] = []
  for (const { process, number } of ordered) {
    const span = spans.at(-1)
    if (!Number.isSafeInteger(number) || number < 1) return undefined
    if (span?.process === process && number <= span.last) return undefined
    if (span?.process === process && number === span.last + 1) span.last = number
    else spans.push({ process, first: number, last: number })
  }
  return spans
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
