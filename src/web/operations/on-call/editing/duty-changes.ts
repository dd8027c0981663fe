/** What a change of a rota would mean for people: the stretches in which somebody else would be on call. */

export type Duty = {
  readonly person: { readonly id: string; readonly name: string }
  readonly from: number
  readonly to: number
}
/** An empty list is nobody; two are on call together where the clock goes back across a hand-over. */
export type DutyChange = {
  readonly from: number
  readonly to: number
  readonly before: readonly string[]
  readonly after: readonly string[]
}

const onDuty = (duties: readonly Duty[], at: number): readonly Duty['person'][] =>
  duties
    .filter(({ from, to }) => from <= at && at < to)
    .map(({ person }) => person)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))

const idsOf = (people: readonly Duty['person'][]): string =>
  [...new Set(people.map(({ id }) => id))].join(' ')
const namesOf = (people: readonly Duty['person'][]): readonly string[] => [
  ...new Set(people.map(({ name }) => name)),
]

/** @returns the differing stretches of [from, to), in order, each as long as the same people replace the same people */
export const dutyChanges = (
  before: readonly Duty[],
  after: readonly Duty[],
  from: number,
  to: number,
): readonly DutyChange[] => {
  const inside = [...before, ...after].flatMap((duty) => [duty.from, duty.to])
  const edges = [...new Set([from, ...inside, to])]
    .filter((edge) => edge >= from && edge <= to)
    .toSorted((a, b) => a - b)
  const changes: (DutyChange & { readonly who: string })[] = []
  for (const [place, begin] of edges.entries()) {
    const end = edges[place + 1]
    if (end === undefined) break
    const was = onDuty(before, begin)
    const becomes = onDuty(after, begin)
    if (idsOf(was) === idsOf(becomes)) continue
    const who = `${idsOf(was)} > ${idsOf(becomes)}`
    const last = changes.at(-1)
    if (last && last.to === begin && last.who === who) changes[changes.length - 1] = { ...last, to: end }
    else changes.push({ from: begin, to: end, before: namesOf(was), after: namesOf(becomes), who })
  }
  return changes.map(({ from: begin, to: end, before: was, after: becomes }) => ({
    from: begin,
    to: end,
    before: was,
    after: becomes,
  }))
}
