/** Imports a set of rules: read, linted, and kept in place of what the set was before. */
import type { alertRuleRoutes } from '../../../contract/operations/alert-rules.ts'
import type { InputOf, ReplyOf } from '../../../contract/route.ts'
import { lintRules, type RuleFinding } from '../../../domain/operations/alert-rules/lint-rules.ts'
import { groupOf, runbookOf, type AlertRule } from '../../../domain/operations/alert-rules/rule.ts'
import { namePartsOf } from '../../../domain/operations/alert-rules/rule-of-alert.ts'
import { environmentNamed } from '../../people/index.ts'
import { sayingWhatExists } from '../../people/unique.ts'
import type { Ctx } from '../../platform/context.ts'
import { sha256 } from '../../platform/evidence-outbox.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { NOTHING_CHANGED, record } from '../../platform/record.ts'
import { ruleSetImported, ruleSetRemoved } from './events.ts'
import { readInThread } from './read-in-thread.ts'
import { deleteRuleSet, lockRuleSet, putRuleSetRows, type AlertRuleRow, type RuleSetRow } from './store.ts'

type Input = InputOf<typeof alertRuleRoutes.putRuleSet>
type Reply = ReplyOf<typeof alertRuleRoutes.putRuleSet>

const MOST_RULES = 10_000
const MOST_FINDINGS_TOLD = 1_000

const hexOf = (text: string): string => Buffer.from(sha256(Buffer.from(text))).toString('hex')

const rowOf = (
  setId: string,
  position: number,
  rule: AlertRule,
  findings: readonly RuleFinding[],
): AlertRuleRow => {
  const runbook = runbookOf(rule)
  const nameParts = namePartsOf(rule.name, rule.templated.includes('name'))
  return {
    set_id: setId,
    position,
    file: rule.file,
    line: rule.line,
    name: rule.name,
    name_parts: nameParts === null ? null : [...nameParts],
    alert_group: groupOf(rule),
    severity: rule.labels['severity'] ?? '',
    expression: rule.expression,
    holds_for: rule.holdsFor,
    labels: rule.labels,
    runbook_kind: runbook.kind,
    runbook: runbook.kind === 'none' ? null : runbook.text,
    findings: [...findings],
  }
}

type Linted = { readonly rules: readonly AlertRule[]; readonly found: readonly (readonly RuleFinding[])[] }

const countOf = ({ found }: Linted, severity: RuleFinding['severity']): number =>
  found.flat().filter((one) => one.severity === severity).length

const tell = (linted: Linted) => {
  const findings = linted.rules.flatMap(({ file, line, name }, position) =>
    (linted.found[position] ?? []).map((one) => ({ ...one, file, line, name })),
  )
  return {
    rules: linted.rules.length,
    red: countOf(linted, 'red'),
    amber: countOf(linted, 'amber'),
    // What must be mended before what may be.
    findings: findings
      .toSorted((a, b) => (a.severity === b.severity ? 0 : a.severity === 'red' ? -1 : 1))
      .slice(0, MOST_FINDINGS_TOLD),
    findingsTotal: findings.length,
  }
}

const store = (ctx: Ctx, input: Input, linted: Linted): Promise<unknown> => {
  const { actor } = ctx
  if (actor.kind !== 'person') throw new Fault('not-allowed', 'Rules are imported by people. Sign in first.')
  const files = input.files.map(({ name, text }) => ({ name, sha256: hexOf(text) }))
  const slugs = input.environments === null ? null : [...new Set(input.environments)].toSorted()
  const digest = Buffer.from(sha256(Buffer.from(JSON.stringify([files, slugs]))))
  return record<unknown>(ctx, async (tx) => {
    const before = await lockRuleSet(tx.db, input.name)
    if (before?.digest.equals(digest)) return NOTHING_CHANGED
    const environmentIds: string[] = []
    for (const slug of slugs ?? []) environmentIds.push((await environmentNamed(tx.db, slug)).id)
    const id = before?.id ?? tx.id()
    const set: RuleSetRow = {
      id,
      name: input.name,
      every_environment: slugs === null,
      files: files.length,
      rules: linted.rules.length,
      red: countOf(linted, 'red'),
      amber: countOf(linted, 'amber'),
      without_runbook: linted.rules.filter((rule) => ['none', 'no-link'].includes(runbookOf(rule).kind))
        .length,
      digest,
      imported_at: tx.now,
      imported_by: actor.accountId,
    }
    const rows = linted.rules.map((rule, at) => rowOf(id, at, rule, linted.found[at] ?? []))
    await putRuleSetRows(tx.db, set, environmentIds, rows)
    return tx.append(ruleSetImported, {
      stream: id,
      body: {
        name: input.name,
        environments: slugs,
        files,
        rules: set.rules,
        red: set.red,
        amber: set.amber,
      },
    })
  })
}

/** A file of which nothing could be read does not empty a set: nothing is stored when there is not one rule. */
export const putRuleSet = async (ctx: Ctx, input: Input): Promise<Reply> => {
  const { rules, recording, unread } = await readInThread(input.files)
  if (rules.length > MOST_RULES)
    throw new Fault('invalid-input', `A set has at most ${MOST_RULES} rules. Nothing was changed; part it.`)
  const linted: Linted = { rules, found: lintRules(rules) }
  const told = { ...tell(linted), recording, unread: [...unread] }
  if (input.dryRun || rules.length === 0) return { stored: false, ...told }
  const twice = 'Somebody imports a set of this name at this moment. Nothing was changed; import again.'
  await sayingWhatExists({ rule_sets_by_name: twice }, () => store(ctx, input, linted))
  return { stored: true, ...told }
}

export const removeRuleSet = async (ctx: Ctx, { name }: { name: string }): Promise<{ done: true }> => {
  await record(ctx, async (tx) => {
    const set = await lockRuleSet(tx.db, name)
    if (!set) throw notFound(`The set of rules ${name}`)
    await deleteRuleSet(tx.db, set.id)
    return tx.append(ruleSetRemoved, { stream: set.id, body: { name } })
  })
  return { done: true }
}
