/**
 * What must have been promised, said a second time by other means: it shares nothing with the rules of paging. It is told
 * what happened from outside and when, and which steps are known to have begun; from that it says which steps had to
 * begin, which could not, and whom each of them promised to tell, how and when.
 */
const MINUTE = 60_000

/** @property targets people by id */
export type Step = { readonly afterMinutes: number; readonly targets: readonly string[] }
export type Policy = { readonly steps: readonly Step[]; readonly repeat: number }

export type World = {
  readonly administrators: readonly string[]
  /** Minutes after the step began, for each mail; somebody not named: one, at once. */
  readonly mailsAfter: ReadonlyMap<string, readonly number[]>
}

export type Begun = {
  readonly round: number
  readonly step: number
  readonly at: number
  readonly version: number
}
/** In the order in which it happened: the clock was set, all that was due had been done, somebody took the page. */
export type Happening =
  | { readonly kind: 'clock'; readonly at: number }
  | { readonly kind: 'settled' }
  | { readonly kind: 'taken'; readonly version: number }

type Place = { readonly round: number; readonly step: number; readonly last: boolean }

const following = ({ steps, repeat }: Policy, { round, step, last }: Place): Place | undefined => {
  if (last) return undefined
  if (step < steps.length - 1) return { round, step: step + 1, last }
  return round === repeat
    ? { round, step: steps.length, last: true }
    : { round: round + 1, step: 0, last: false }
}

const patience = ({ steps }: Policy, { step, last }: Place): number => {
  const longest = steps.reduce((most, { afterMinutes }) => (afterMinutes > most ? afterMinutes : most), 1)
  return MINUTE * (last || step === 0 ? longest : (steps[step]?.afterMinutes ?? 0))
}

const whom = (world: World, { steps }: Policy, { step, last }: Place): readonly string[] =>
  last ? world.administrators : (steps[step]?.targets ?? [])

const promises = (world: World, policy: Policy, place: Place, at: number): string[] =>
  [...new Set(whom(world, policy, place))].flatMap((person) => [
    `${place.round}.${place.step} ${person} screen at once`,
    ...(world.mailsAfter.get(person) ?? [0]).map(
      (minutes, position) =>
        `${place.round}.${place.step} ${person} email ${position} ${minutes === 0 ? 'at once' : at + minutes * MINUTE}`,
    ),
  ])

export type Expected = { readonly promises: readonly string[]; readonly faults: readonly string[] }

/** @param begun in the order of their versions, the first when the page was requested */
export const expectedOf = (
  world: World,
  policy: Policy,
  begun: readonly Begun[],
  happenings: readonly Happening[],
): Expected => {
  const faults: string[] = []
  const all: string[] = []
  let next: Place | undefined = { round: 0, step: 0, last: false }
  let dueAt = begun[0]?.at ?? Number.NaN
  let latest = dueAt
  let clock = dueAt
  let isTaken = false
  const left = [...begun]
  const begin = (place: Place): void => {
    const seen = left.shift()
    if (!seen || seen.round !== place.round || seen.step !== place.step)
      return void faults.push(`${place.round}.${place.step}, due at ${dueAt}, has not begun`)
    if (seen.at < dueAt) faults.push(`${place.round}.${place.step} began ${dueAt - seen.at} ms too early`)
    all.push(...promises(world, policy, place, seen.at))
    next = following(policy, place)
    dueAt = next ? seen.at + patience(policy, next) : Number.POSITIVE_INFINITY
  }
  begin(next)
  for (const happening of happenings) {
    if (faults.length > 0) break
    if (happening.kind === 'clock') {
      clock = happening.at
      latest = Math.max(latest, clock)
    } else if (happening.kind === 'taken') {
      // What was due while it was being taken may or may not have begun before.
      while (next && dueAt <= latest && (left[0]?.version ?? Infinity) < happening.version) begin(next)
      isTaken = true
    } else {
      while (!isTaken && next && dueAt <= clock && faults.length === 0) begin(next)
      latest = clock
    }
  }
  if (faults.length === 0)
    for (const { round, step } of left) faults.push(`${round}.${step} has begun, and nothing asked for it`)
  return { promises: all.sort(), faults }
}
