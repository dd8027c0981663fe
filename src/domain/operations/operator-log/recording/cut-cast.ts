/** Cuts spans of time out of a recording's lines, leaving its clock as it was: what follows is still shown when it happened. */
import { encodeEvent } from './asciicast.ts'
import type { CastEvent } from './asciicast.ts'

/** Begins the recorder's own markers; all others are command lines. */
export const NOTE = '● '

/** What the terminal showed and what was typed. Sizes, the exit status and the recorder's own notes say nothing of either. */
export const isShown = (event: Pick<CastEvent, 'code' | 'data'>): boolean => {
  if (event.code === 'r' || event.code === 'x') return false
  // Nothing at all, such as the pause that a cut leaves behind.
  if (event.data === '') return false
  return event.code !== 'm' || !event.data.startsWith(NOTE)
}

/** From and to, both included, in milliseconds since the recording's start. */
export type CutSpan = { readonly fromMs: number; readonly toMs: number }

export type CutCast = {
  readonly text: string
  /** How many lines were taken out: none when it was cut before. */
  readonly cut: number
  /** The time at which the next chunk goes on. */
  readonly endMs: number
}

/**
 * @param text   whole lines of asciicast v3: a recording, or one chunk of it
 * @param startMs the time at which the chunk before it ended
 */
export const cutCast = (text: string, startMs: number, spans: readonly CutSpan[]): CutCast => {
  const lines: string[] = []
  let atMs = startMs
  let writtenMs = startMs
  let cut = 0
  let open: CutSpan | undefined
  const write = (event: CastEvent): void => {
    lines.push(encodeEvent(event, writtenMs))
    writtenMs = Math.max(writtenMs, event.atMs)
  }
  for (const line of text.split('\n')) {
    if (line === '') continue
    const read = readLine(line)
    atMs += read.kind === 'event' ? read.intervalMs : 0
    const span = spans.find(({ fromMs, toMs }) => atMs >= Math.floor(fromMs) && atMs <= Math.ceil(toMs))
    // A line that nobody can read may hold anything.
    const goes = span !== undefined && (read.kind === 'odd' || (read.kind === 'event' && isShown(read)))
    if (goes) {
      if (span !== open) write({ atMs, code: 'm', data: `${NOTE}redacted: ${lengthOf(span)} s` })
      open = span
      cut++
    } else if (read.kind === 'event') write({ atMs, code: read.code, data: read.data })
    else lines.push(line)
  }
  if (atMs > writtenMs) write({ atMs, code: 'o', data: '' })
  return { text: lines.length === 0 ? '' : `${lines.join('\n')}\n`, cut, endMs: atMs }
}

const lengthOf = ({ fromMs, toMs }: CutSpan): string => ((toMs - fromMs) / 1000).toFixed(1)

type Line =
  | { readonly kind: 'event'; readonly intervalMs: number; readonly code: string; readonly data: string }
  | { readonly kind: 'header' | 'odd' }

const readLine = (line: string): Line => {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return { kind: 'odd' }
  }
  if (!Array.isArray(value)) return { kind: isHeader(value) ? 'header' : 'odd' }
  const [seconds, code, data] = value as unknown[]
  if (typeof seconds !== 'number' || !(seconds >= 0) || typeof code !== 'string') return { kind: 'odd' }
  if (typeof data !== 'string' && typeof data !== 'number') return { kind: 'odd' }
  return { kind: 'event', intervalMs: Math.round(seconds * 1000), code, data: String(data) }
}

const isHeader = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (value as { version?: unknown }).version === 3
