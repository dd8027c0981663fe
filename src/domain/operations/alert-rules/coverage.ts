/** Which rules say what to do when they fire, which never fired, and what fires that no known rule explains. */
import { isNamed, type KnownRule } from './rule-of-alert.ts'

export type CoveredRule = Pick<KnownRule, 'name' | 'nameParts'> & {
  /** For the report: the label `group`, else the group it stands in. */
  readonly group: string
  readonly runbook: 'link' | 'templated' | 'no-link' | 'none'
}

/** Of one environment, one name. Instants in epoch milliseconds. */
export type FiredName = {
  readonly environmentId: string
  readonly name: string
  readonly count: number
  readonly lastAt: number
}

/** `filledIn`: the chart fills the link in; whether it leads anywhere is not known here. */
export type RunbookCount = {
  readonly rules: number
  readonly withRunbook: number
  readonly filledIn: number
  readonly without: number
}

export const countRunbooks = (rules: readonly Pick<CoveredRule, 'runbook'>[]): RunbookCount => {
  const of = (...kinds: CoveredRule['runbook'][]): number =>
    rules.filter(({ runbook }) => kinds.includes(runbook)).length
  return {
    rules: rules.length,
    withRunbook: of('link'),
    filledIn: of('templated'),
    without: of('none', 'no-link'),
  }
}

/** Groups by name. */
export const coverageByGroup = (
  rules: readonly CoveredRule[],
): readonly (RunbookCount & { readonly group: string })[] =>
  [...Map.groupBy(rules, ({ group }) => group)]
    .map(([group, of]) => ({ group, ...countRunbooks(of) }))
    .toSorted((a, b) => (a.group < b.group ? -1 : 1))

/** Looks names up among many rules: most stand as they are, few are patterns. */
const lookupOf = <Rule extends CoveredRule>(rules: readonly Rule[]) => {
  const plain = Map.groupBy(
    rules.filter(({ nameParts }) => nameParts === null),
    ({ name }) => name,
  )
  const patterns = rules.filter(({ nameParts }) => nameParts !== null)
  return (name: string): readonly Rule[] => [
    ...(plain.get(name) ?? []),
    ...patterns.filter((rule) => isNamed(rule, name)),
  ]
}

/** Of one environment: its rules beside what fired in it. */
export const compareWithFired = <Rule extends CoveredRule>(
  rules: readonly Rule[],
  fired: readonly FiredName[],
): { readonly unknown: readonly FiredName[]; readonly silent: readonly Rule[] } => {
  const lookup = lookupOf(rules)
  const heard = new Set<Rule>()
  const unknown: FiredName[] = []
  for (const one of fired) {
    const found = lookup(one.name)
    if (found.length === 0) unknown.push(one)
    for (const rule of found) heard.add(rule)
  }
  return {
    unknown: unknown.toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1)),
    silent: rules.filter((rule) => !heard.has(rule)),
  }
}
