/** The report of run books: rules with and without one, what fired that no rule explains, which rules did not fire. */
import type { alertRuleRoutes, RunbookCoverageReply } from '../../../contract/operations/alert-rules.ts'
import type { InputOf } from '../../../contract/route.ts'
import {
  compareWithFired,
  countRunbooks,
  coverageByGroup,
  type CoveredRule,
  type FiredName,
} from '../../../domain/operations/alert-rules/coverage.ts'
import { day } from '../../../domain/time/instant.ts'
import { environmentOrFault } from '../../people/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { csvReply, csvText } from '../../platform/http/csv.ts'
import type { RawReply } from '../../platform/http/raw-reply.ts'
import { Fault } from '../../platform/faults.ts'
import { readQuestion } from '../../platform/read-question.ts'
import {
  allCoverageRows,
  environmentsInUse,
  environmentsOfSets,
  findFiredNames,
  listRuleSetRows,
  type CoverageRow,
} from './store.ts'

type Input = InputOf<typeof alertRuleRoutes.showRunbookCoverage>
type Place = { readonly id: string; readonly slug: string; readonly name: string }
type Rule = CoveredRule & { readonly set: string; readonly setId: string }

const USUAL_DAYS = 90
/** Names that fired, of all environments together; more is no report that anybody reads. */
const MOST_NAMES = 50_000
const MOST_LISTED = 300

const ruleOf = (row: CoverageRow): Rule => ({
  name: row.name,
  nameParts: row.name_parts,
  group: row.alert_group,
  runbook: row.runbook_kind,
  set: row.set_name,
  setId: row.set_id,
})

type Compared = {
  readonly place: Place
  readonly rules: readonly Rule[]
  readonly unknown: readonly FiredName[]
  readonly silent: readonly Rule[]
}

type Report = {
  readonly from: number
  readonly to: number
  readonly rules: readonly Rule[]
  readonly places: readonly Compared[]
  /** Rules that fired in none of the environments they are for. */
  readonly silent: readonly Rule[]
}

const compare = (ctx: Ctx, input: Input): Promise<Report> =>
  readQuestion(ctx, async (db) => {
    const to = ctx.platform.clock.now()
    const from = to - (input.days ?? USUAL_DAYS) * day
    const asked = input.environment ? await environmentOrFault(db, input.environment) : undefined
    const places: Place[] = asked
      ? [{ id: asked.id, slug: asked.slug, name: asked.name }]
      : await environmentsInUse(db)
    const everywhere = new Set(
      (await listRuleSetRows(db)).flatMap((set) => (set.every_environment ? [set.id] : [])),
    )
    const named = new Map<string, Set<string>>()
    for (const { set_id, id } of await environmentsOfSets(db))
      named.set(set_id, (named.get(set_id) ?? new Set()).add(id))
    const isOf = ({ setId }: Rule, place: Place): boolean =>
      everywhere.has(setId) || (named.get(setId)?.has(place.id) ?? false)
    const all = (await allCoverageRows(db)).map(ruleOf)
    const fired = await findFiredNames(db, { from, environmentId: asked?.id, most: MOST_NAMES + 1 })
    if (fired.length > MOST_NAMES)
      throw new Fault(
        'invalid-input',
        'Too many different alerts fired for one report. Ask for one environment or fewer days.',
      )
    const firedIn = Map.groupBy(fired, ({ environmentId }) => environmentId)
    const compared = places.map((place): Compared => {
      const rules = all.filter((rule) => isOf(rule, place))
      return { place, rules, ...compareWithFired(rules, firedIn.get(place.id) ?? []) }
    })
    const rules = all.filter((rule) => places.some((place) => isOf(rule, place)))
    const heard = new Set(
      compared.flatMap(({ rules: of, silent }) => {
        const quiet = new Set(silent)
        return of.filter((rule) => !quiet.has(rule))
      }),
    )
    return { from, to, rules, places: compared, silent: rules.filter((rule) => !heard.has(rule)) }
  })

const unknownOf = ({ places }: Report) =>
  places
    .flatMap(({ place, unknown }) =>
      unknown.map(({ name, count, lastAt }) => ({ environment: place, name, count, lastAt })),
    )
    .toSorted((a, b) => b.count - a.count)

export const showRunbookCoverage = async (ctx: Ctx, input: Input): Promise<RunbookCoverageReply> => {
  const report = await compare(ctx, input)
  const unknown = unknownOf(report)
  return {
    from: report.from,
    to: report.to,
    environments: report.places.map(({ place, rules, unknown: strange, silent }) => ({
      environment: place,
      ...countRunbooks(rules),
      unknown: strange.length,
      silent: silent.length,
    })),
    groups: [...coverageByGroup(report.rules)],
    unknown: unknown.slice(0, MOST_LISTED),
    silent: report.silent.slice(0, MOST_LISTED).map(({ set, group, name }) => ({ set, group, name })),
    totals: { unknown: unknown.length, silent: report.silent.length, listed: MOST_LISTED },
  }
}

/** A line for each rule of each environment, and one for each name that no rule explains. */
export const runbookCoverageFile = async (ctx: Ctx, input: Input): Promise<RawReply> => {
  const report = await compare(ctx, input)
  const rules = report.places.flatMap(({ place, rules: of, silent }) => {
    const quiet = new Set(silent)
    return of.map((rule) => [
      place.slug,
      rule.set,
      rule.group,
      rule.name,
      rule.runbook,
      quiet.has(rule) ? 'no' : 'yes',
      null,
    ])
  })
  const strange = unknownOf(report).map(({ environment, name, count }) => [
    environment.slug,
    null,
    null,
    name,
    'unknown-rule',
    'yes',
    count,
  ])
  return csvReply(
    'runbook-coverage',
    csvText(
      ['environment', 'rule_set', 'group', 'alert', 'runbook', 'fired', 'alerts'],
      [...rules, ...strange],
    ),
  )
}
