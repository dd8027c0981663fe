/** How the rotations and overrides of a schedule come together: as one track in which the highest decides, or side by side. */
import { forwarded } from './forwarded.ts'
import type { Override, Schedule } from './schedule.ts'
import { earliest, freeOf, latest, stretchOf, type Stretch, type Track } from './stretch.ts'

const isWhole = ({ rotationIds }: Override): boolean => rotationIds === undefined

/** What an override of the whole schedule decides at the instant; undefined when none is in force. */
const overrideStretch = (overrides: readonly Override[], at: number): Stretch | undefined => {
  const position = overrides.findLastIndex(({ from, to }) => from <= at && at < to)
  const override = overrides[position]
  if (override === undefined) return undefined
  const free = freeOf(overrides.slice(position + 1), at)
  return {
    people: override.accountId === null ? [] : [{ accountId: override.accountId }],
    source: { kind: 'override', overrideId: override.id },
    from: latest([override.from, free.from]),
    until: earliest([override.to, free.until]),
    relievedAt: null,
  }
}

const nobody = (from: number | null, until: number | null): Stretch => ({
  people: [],
  source: null,
  from,
  until,
  relievedAt: null,
})

const clipped = (stretch: Stretch, free: { from: number | null; until: number | null }): Stretch => ({
  ...stretch,
  from: latest([stretch.from, free.from]),
  until: earliest([stretch.until, free.until]),
})

const topTrack =
  (schedule: Schedule, whole: readonly Override[]): Track =>
  (at) => {
    const decided = overrideStretch(whole, at)
    if (decided !== undefined) return decided
    let free = freeOf(whole, at)
    let onPurpose: Stretch['source'] = null
    for (const rotation of schedule.layers.toReversed()) {
      const stretch = clipped(stretchOf(rotation, schedule, at), free)
      if (stretch.people.length > 0) return stretch
      // This layer lets the ones below show through until it has somebody again.
      free = { from: stretch.from, until: stretch.until }
      onPurpose ??= stretch.source
    }
    return { ...nobody(free.from, free.until), source: onPurpose }
  }

/** One track for each rotation and, last, one for what overrides of the whole schedule put in their place. */
const allTracks = (schedule: Schedule, whole: readonly Override[]): Track[] => {
  const rotations = schedule.layers.map((rotation): Track => {
    return (at) => {
      const decided = overrideStretch(whole, at)
      if (decided !== undefined) return nobody(decided.from, decided.until)
      return clipped(stretchOf(rotation, schedule, at), freeOf(whole, at))
    }
  })
  const overridden: Track = (at) => {
    const decided = overrideStretch(whole, at)
    if (decided !== undefined) return decided
    const free = freeOf(whole, at)
    return nobody(free.from, free.until)
  }
  return [...rotations, overridden]
}

/** @param schedule must have passed `checkSchedule` */
export const tracksOf = (schedule: Schedule): readonly Track[] => {
  const { forwardings = [], combine = 'top' } = schedule
  const whole = schedule.overrides.filter(isWhole)
  const tracks = combine === 'all' ? allTracks(schedule, whole) : [topTrack(schedule, whole)]
  return forwardings.length === 0 ? tracks : tracks.map((track) => forwarded(track, forwardings))
}
