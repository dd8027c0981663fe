/** Reads asciicast v1, v2 and v3 as found: unknown codes, comments and a torn last line are the normal case, not faults. */
import { refuse } from '../../../refusal.ts'
import type { Refusal } from '../../../refusal.ts'
import type { CastEvent, CastHeader } from './asciicast.ts'

export type Cast = {
  readonly version: 1 | 2 | 3
  readonly header: CastHeader
  readonly events: readonly CastEvent[]
  /** True when the last line was cut off; everything before it is in `events`. */
  readonly truncated: boolean
  /** One-based numbers of whole lines that are no event; they are left out, the rest is kept. */
  readonly oddLines: readonly number[]
}

export type CastRefusal = Refusal<'not-an-asciicast' | 'asciicast-version-unknown'>

const MAX_COLUMNS = 10_000

/**
 * Events come back with times since the recording's start in milliseconds, whichever way the version stores them:
 * v1 and v3 as intervals, v2 as absolute seconds.
 */
export const readAsciicast = (text: string): Cast | CastRefusal => {
  const lines = text.split('\n')
  const firstLine = lines[0] ?? ''
  const first = parseJson(firstLine)
  if (isRecord(first) && (first['version'] === 2 || first['version'] === 3)) {
    return readLines(first, first['version'], lines)
  }
  const whole = isRecord(first) && first['version'] === 1 ? first : parseJson(text)
  if (isRecord(whole) && whole['version'] === 1) return readVersion1(whole)
  if (isRecord(first) && typeof first['version'] === 'number') {
    return refuse(
      'asciicast-version-unknown',
      `asciicast version ${first['version']} is not known here; 1, 2 and 3 are`,
    )
  }
  return refuse('not-an-asciicast', 'The first line is not an asciicast header')
}

const readLines = (header: JsonRecord, version: 2 | 3, lines: readonly string[]): Cast => {
  const events: CastEvent[] = []
  const oddLines: number[] = []
  let truncated = false
  let atMs = 0
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i]!
    if (line.trim() === '' || line.startsWith('#')) continue
    const event = readEvent(line)
    if (event === null) {
      // Without a newline behind it, a line that does not parse was cut off while it was being written.
      if (i === lines.length - 1) truncated = true
      else oddLines.push(i + 1)
      continue
    }
    const timeMs = event.seconds * 1000
    atMs = version === 3 ? atMs + timeMs : Math.max(atMs, timeMs)
    events.push({ atMs, code: event.code, data: event.data })
  }
  return { version, header: readHeader(header, version), events, truncated, oddLines }
}

const readEvent = (line: string): { seconds: number; code: string; data: string } | null => {
  const value = parseJson(line)
  if (!Array.isArray(value)) return null
  const [time, code, data] = value as unknown[]
  if (typeof time !== 'number' || !(time >= 0) || typeof code !== 'string') return null
  // An exit status is written as a string by asciinema and as a number by others.
  if (typeof data !== 'string' && typeof data !== 'number') return null
  return { seconds: time, code, data: String(data) }
}

const readVersion1 = (whole: JsonRecord): Cast => {
  const events: CastEvent[] = []
  const oddLines: number[] = []
  const frames = Array.isArray(whole['stdout']) ? (whole['stdout'] as unknown[]) : []
  let atMs = 0
  for (const [index, frame] of frames.entries()) {
    const [delay, data] = Array.isArray(frame) ? (frame as unknown[]) : []
    if (typeof delay !== 'number' || !(delay >= 0) || typeof data !== 'string') {
      oddLines.push(index + 1)
      continue
    }
    atMs += delay * 1000
    events.push({ atMs, code: 'o', data })
  }
  return { version: 1, header: readHeader(whole, 1), events, truncated: false, oddLines }
}

const readHeader = (header: JsonRecord, version: 1 | 2 | 3): CastHeader => {
  const term = isRecord(header['term']) ? header['term'] : {}
  const size =
    version === 3
      ? { cols: term['cols'], rows: term['rows'] }
      : { cols: header['width'], rows: header['height'] }
  const timestamp = header['timestamp']
  const title = header['title']
  const type = term['type']
  return {
    cols: columns(size.cols, 80),
    rows: columns(size.rows, 24),
    ...(typeof timestamp === 'number' ? { startedAt: timestamp * 1000 } : {}),
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof type === 'string' ? { terminalType: type } : {}),
  }
}

const columns = (value: unknown, fallback: number): number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= MAX_COLUMNS ? value : fallback

type JsonRecord = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
