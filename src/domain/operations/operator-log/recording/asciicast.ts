/** The recording's own language: asciicast v3 lines, because a file cut anywhere stays valid up to its last whole line. */

/**
 * What happened at one instant of a recording. `atMs` counts from the recording's start, never from a wall clock.
 * Codes of asciicast v3: o output, i input (Fortnight never writes it), m marker, r resize `COLSxROWS`, x exit status.
 */
export type CastEvent = { readonly atMs: number; readonly code: string; readonly data: string }

export type CastHeader = {
  readonly cols: number
  readonly rows: number
  /** When the recording began, epoch milliseconds; v3 stores whole seconds. */
  readonly startedAt?: number
  readonly title?: string
  /** `TERM` of the terminal. No command and no environment are ever stored: both carry secrets (asciinema #234). */
  readonly terminalType?: string
}

/** The first line of a v3 file, without its newline. */
export const encodeHeader = (header: CastHeader): string =>
  JSON.stringify({
    version: 3,
    term: {
      cols: header.cols,
      rows: header.rows,
      ...(header.terminalType === undefined ? {} : { type: header.terminalType }),
    },
    ...(header.startedAt === undefined ? {} : { timestamp: Math.floor(header.startedAt / 1000) }),
    ...(header.title === undefined ? {} : { title: header.title }),
  })

/**
 * One event line without its newline. v3 stores the interval since the event before, in seconds; taking both ends in
 * whole milliseconds means that a million lines add up without drift.
 */
export const encodeEvent = (event: CastEvent, previousAtMs: number): string => {
  const intervalMs = Math.max(0, Math.round(event.atMs) - Math.round(previousAtMs))
  return `[${seconds(intervalMs)}, ${JSON.stringify(event.code)}, ${JSON.stringify(event.data)}]`
}

const seconds = (ms: number): string => {
  const fraction = String(ms % 1000).padStart(3, '0')
  return `${Math.floor(ms / 1000)}.${fraction}`
}
