/** Sets of rules and the rules in them, as lists; and the rule that an alert came from. */
import type {
  AlertRuleReply,
  alertRuleRoutes,
  RuleSetReply,
} from '../../../contract/operations/alert-rules.ts'
import type { InputOf, ReplyOf } from '../../../contract/route.ts'
import { ruleOfAlert } from '../../../domain/operations/alert-rules/rule-of-alert.ts'
import { may } from '../../../domain/people/permissions.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Db } from '../../platform/database.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { read } from '../../platform/record.ts'
import {
  environmentsOfSets,
  findRuleSet,
  findRulesNamed,
  listRuleRows,
  listRuleSetRows,
  type AlertRuleRow,
} from './store.ts'

export const listRuleSets = (ctx: Ctx): Promise<ReplyOf<typeof alertRuleRoutes.listRuleSets>> =>
  read(ctx, async (db) => {
    const sets = await listRuleSetRows(db)
    const places = Map.groupBy(await environmentsOfSets(db), (row) => row.set_id)
    const rows = sets.map((set): RuleSetReply => ({
      name: set.name,
      environments: set.every_environment
        ? null
        : (places.get(set.id) ?? []).map(({ id, slug, name }) => ({ id, slug, name })),
      files: set.files,
      rules: set.rules,
      red: set.red,
      amber: set.amber,
      withoutRunbook: set.without_runbook,
      importedAt: set.imported_at,
      importedBy: { id: set.imported_by, name: set.imported_by_name },
    }))
    return { rows, can: { change: may(ctx.actor, 'alert-rules.change') } }
  })

const present = (row: AlertRuleRow): AlertRuleReply => ({
  file: row.file,
  line: row.line,
  name: row.name,
  group: row.alert_group,
  severity: row.severity,
  expression: row.expression,
  holdsFor: row.holds_for,
  runbook: { kind: row.runbook_kind, text: row.runbook },
  findings: row.findings,
})

const USUAL_LIMIT = 100

const positionOf = (after: string | undefined): number => {
  if (after === undefined) return -1
  if (!/^\d{1,9}$/.test(after))
    throw new Fault('bad-request', 'Pass `next` of the reply before as `after`, unchanged.')
  return Number(after)
}

export const listRules = (
  ctx: Ctx,
  input: InputOf<typeof alertRuleRoutes.listRules>,
): Promise<ReplyOf<typeof alertRuleRoutes.listRules>> =>
  read(ctx, async (db) => {
    const set = await findRuleSet(db, input.name)
    if (!set) throw notFound(`The set of rules ${input.name}`)
    const limit = input.limit ?? USUAL_LIMIT
    const rows = await listRuleRows(db, {
      setId: set.id,
      after: positionOf(input.after),
      limit: limit + 1,
      ...(input.found ? { found: input.found } : {}),
    })
    const shown = rows.slice(0, limit)
    const last = rows.length > limit ? shown.at(-1) : undefined
    return { rows: shown.map(present), next: last ? String(last.position) : null }
  })

/** What an alert's detail shows of the rule it came from; undefined when no set of its environment knows it. */
export const knownRuleOf = async (
  db: Db,
  alert: {
    readonly environmentId: string
    readonly name: string
    readonly labels: Readonly<Record<string, string>>
  },
): Promise<AlertRuleReply | undefined> => {
  const rows = await findRulesNamed(db, alert.environmentId, alert.name)
  const found = ruleOfAlert(
    rows.map((row) => ({ name: row.name, nameParts: row.name_parts, labels: row.labels, row })),
    alert,
  )
  return found && present(found.row)
}
