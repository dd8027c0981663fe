/** Which of several lines a shift is drawn on, where more than one is on call at a time. */

type Drawn = {
  readonly from: number
  readonly to: number
  readonly source: { readonly kind: string; readonly rotationId?: string }
}

/** Turns of one rotation stay on one line also where the clock lets them overlap for an hour. */
const follows = (last: Drawn, next: Drawn): boolean =>
  last.to <= next.from ||
  (last.from < next.from &&
    last.source.kind === 'rotation' &&
    next.source.kind === 'rotation' &&
    last.source.rotationId === next.source.rotationId)

const rotationOf = ({ source }: Drawn): string | undefined => source.rotationId

/**
 * @param shifts by their beginning
 * @returns each shift's line, from 0 on: where its rotation was before if that is free, or the first that is
 */
export const lanesOf = <Shift extends Drawn>(shifts: readonly Shift[]): ReadonlyMap<Shift, number> => {
  const lanes = new Map<Shift, number>()
  const lasts: Shift[] = []
  const homes = new Map<string, number>()
  for (const shift of shifts) {
    const isFree = (lane: number | undefined): lane is number => {
      const last = lane === undefined ? undefined : lasts[lane]
      return last !== undefined && follows(last, shift)
    }
    const rotation = rotationOf(shift)
    const home = rotation === undefined ? undefined : homes.get(rotation)
    const free = isFree(home) ? home : lasts.findIndex((_, lane) => isFree(lane))
    const lane = free < 0 ? lasts.length : free
    lanes.set(shift, lane)
    lasts[lane] = shift
    if (rotation !== undefined && !homes.has(rotation)) homes.set(rotation, lane)
  }
  return lanes
}
