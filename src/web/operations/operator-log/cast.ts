/** A recording as it was stored (asciicast v2 and v3) and its two clocks: the recorded one, which commands and links name, and the shown one, in which idle time is short. */

/** Seconds from the beginning, what it is (`o` is output), and its text. */
export type CastEvent = readonly [seconds: number, code: string, text: unknown]
export type Cast = { readonly cols: number; readonly rows: number; readonly events: readonly CastEvent[] }

type Header = {
  readonly version?: number
  readonly width?: number
  readonly height?: number
  readonly term?: { readonly cols?: number; readonly rows?: number }
}

/** A line of an open recording may still be half written. */
const lineOf = (line: string): unknown => {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return undefined
  }
}

const isEvent = (value: unknown): value is [number, string, unknown] =>
  Array.isArray(value) && typeof value[0] === 'number' && typeof value[1] === 'string'

/** @returns undefined when the text is no recording */
export const parseCast = (text: string): Cast | undefined => {
  const [first = '', ...lines] = text.split('\n')
  const header = lineOf(first) as Header | undefined
  if (header?.version !== 2 && header?.version !== 3) return undefined
  const read = lines.filter((line) => line.startsWith('[')).map(lineOf)
  let clock = 0
  const events = read.filter(isEvent).map(([time, code, data]): CastEvent => {
    // v3 counts from the event before, v2 from the beginning.
    clock = header.version === 3 ? clock + time : Math.max(clock, time)
    return [clock, code, data]
  })
  return {
    cols: header.term?.cols ?? header.width ?? 80,
    rows: header.term?.rows ?? header.height ?? 24,
    events,
  }
}

export type Clock = {
  /** From recorded to shown seconds. */
  readonly shown: (recorded: number) => number
  readonly recorded: (shown: number) => number
}

type Point = { readonly recorded: number; readonly shown: number }

const between = (points: readonly Point[], from: keyof Point, to: keyof Point, at: number): number => {
  let low = 0
  let high = points.length - 1
  // The last point at or before.
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (points[middle]![from] <= at) low = middle
    else high = middle - 1
  }
  const left = points[low]!
  const right = points[low + 1]
  if (!right || right[from] === left[from]) return left[to] + Math.max(0, at - left[from])
  const part = (at - left[from]) / (right[from] - left[from])
  return left[to] + Math.max(0, part) * (right[to] - left[to])
}

/**
 * Waits longer than `mostIdleSeconds` last that long; within one, both clocks run evenly, so that a second inside a wait is
 * shown inside that wait. The player's own limit shows such a second after the wait: a link would land past its command.
 */
export const clockOf = (events: readonly CastEvent[], mostIdleSeconds: number): Clock => {
  const points: Point[] = [{ recorded: 0, shown: 0 }]
  for (const [seconds] of events) {
    const last = points.at(-1)!
    if (seconds <= last.recorded) continue
    points.push({
      recorded: seconds,
      shown: last.shown + Math.min(seconds - last.recorded, mostIdleSeconds),
    })
  }
  return {
    shown: (at) => between(points, 'recorded', 'shown', at),
    recorded: (at) => between(points, 'shown', 'recorded', at),
  }
}

/** Waits that are shortened, in recorded seconds. */
export const idleOf = (
  events: readonly CastEvent[],
  mostIdleSeconds: number,
): readonly { readonly from: number; readonly to: number }[] =>
  [0, ...events.map(([seconds]) => seconds)].flatMap((from, place, all) => {
    const to = all[place + 1]
    return to !== undefined && to - from > mostIdleSeconds ? [{ from, to }] : []
  })
