/** What is wrong with who is on call at this moment: a rota that policies rely on and that has nobody, somebody whom no proven way reaches. */

/** @property nobody why a rota that policies name has nobody; null while it has. On purpose is no fault. */
export type DutyNow = {
  readonly id: string
  readonly name: string
  readonly nobody: 'gap' | 'on-purpose' | 'account-archived' | 'schedule-archived' | 'schedule-unknown' | null
  readonly people: readonly { readonly id: string; readonly name: string }[]
}

export type DutyFinding = {
  readonly kind: 'empty-schedule' | 'unverified-contact'
  /** The rota's id, or the person's. */
  readonly subject: string
  readonly detail: string
  readonly sinceAt: number
}

const emptyDetail = ({ name, nobody }: DutyNow): string =>
  nobody === 'account-archived'
    ? `Everybody on call in ${name} has left.`
    : nobody === 'schedule-archived'
      ? `A policy names ${name}, which is archived.`
      : `Nobody is on call in ${name}, and nobody said that this is meant.`

/**
 * @param reachable ids of those whom something proven reaches away from a screen
 * @param before what was found last: what goes on has begun when it was first found
 */
export const checkDuty = (
  duties: readonly DutyNow[],
  reachable: ReadonlySet<string>,
  before: readonly DutyFinding[],
  now: number,
): readonly DutyFinding[] => {
  const sinceOf = (kind: DutyFinding['kind'], subject: string): number =>
    before.find((found) => found.kind === kind && found.subject === subject)?.sinceAt ?? now
  const found = (kind: DutyFinding['kind'], subject: string, detail: string): DutyFinding => ({
    kind,
    subject,
    detail,
    sinceAt: sinceOf(kind, subject),
  })
  const empty = duties
    .filter(({ nobody }) => nobody !== null && nobody !== 'on-purpose')
    .map((duty) => found('empty-schedule', duty.id, emptyDetail(duty)))
  const people = new Map(duties.flatMap((duty) => duty.people.map(({ id, name }) => [id, { name, duty }])))
  const unverified = [...people]
    .filter(([id]) => !reachable.has(id))
    .map(([id, { name, duty }]) =>
      found(
        'unverified-contact',
        id,
        `${name} is on call in ${duty.name}, and no way to reach them away from a screen was ever proven, or lately.`,
      ),
    )
  return [...empty, ...unverified]
}
