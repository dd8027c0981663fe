/** Alerting rules of Prometheus as an installation knows them: imported as files, linted, and compared with what fires. */
import { z } from 'zod'
import { RULE_FINDINGS } from '../../domain/operations/alert-rules/lint-rules.ts'
import { defineRoutes } from '../route.ts'
import { done, environmentRef, instant, line, pageOf, paging, personRef, slug } from '../shapes.ts'

/** Characters of one file, files of one import, and all of it together. */
const LONGEST_FILE = 512 * 1024
const MOST_FILES = 200
const LARGEST_IMPORT = 4 * 1024 * 1024

export const ruleFinding = z.object({
  code: z.enum(RULE_FINDINGS),
  severity: z.enum(['red', 'amber']),
  detail: z.string(),
})

const runbookKind = z.enum(['link', 'templated', 'no-link', 'none'])

export const ruleSetRow = z.object({
  name: z.string(),
  /** null: every environment. */
  environments: z.array(environmentRef).nullable(),
  files: z.number().int(),
  rules: z.number().int(),
  red: z.number().int(),
  amber: z.number().int(),
  withoutRunbook: z.number().int(),
  importedAt: instant,
  importedBy: personRef,
})
export type RuleSetReply = z.infer<typeof ruleSetRow>

export const alertRuleRow = z.object({
  file: z.string(),
  line: z.number().int(),
  name: z.string(),
  /** The label `group`, else the group that the rule stands in. */
  group: z.string(),
  severity: z.string(),
  expression: z.string(),
  holdsFor: z.string().nullable(),
  runbook: z.object({ kind: runbookKind, text: z.string().nullable() }),
  findings: z.array(ruleFinding),
})
export type AlertRuleReply = z.infer<typeof alertRuleRow>

/** A file, or a document in it, of which nothing could be read. */
const unread = z.object({ file: z.string(), line: z.number().int(), detail: z.string() })

const runbookCount = {
  rules: z.number().int(),
  withRunbook: z.number().int(),
  /** A chart fills the link in: whether it leads anywhere is not known here. */
  filledIn: z.number().int(),
  without: z.number().int(),
}

export const runbookCoverage = z.object({
  from: instant,
  to: instant,
  environments: z.array(
    z.object({
      environment: environmentRef,
      ...runbookCount,
      /** Names that fired and that no rule explains; rules that did not fire. Both in the period. */
      unknown: z.number().int(),
      silent: z.number().int(),
    }),
  ),
  groups: z.array(z.object({ group: z.string(), ...runbookCount })),
  unknown: z.array(
    z.object({ environment: environmentRef, name: z.string(), count: z.number().int(), lastAt: instant }),
  ),
  /** Rules that fired in none of their environments. */
  silent: z.array(z.object({ set: z.string(), group: z.string(), name: z.string() })),
  /** How many there are, where the lists above are cut. */
  totals: z.object({ unknown: z.number().int(), silent: z.number().int(), listed: z.number().int() }),
})
export type RunbookCoverageReply = z.infer<typeof runbookCoverage>

const byName = z.object({ name: slug })
const coverageQuery = z.object({
  environment: slug.optional(),
  /** The period ends now. */
  days: z.coerce.number().int().min(1).max(366).optional(),
})

export const alertRuleRoutes = defineRoutes({
  listRuleSets: {
    method: 'GET',
    path: '/api/rule-sets',
    summary: 'Sets of alerting rules by name, with what was found in them.',
    permission: 'alerts.read',
    reply: z.object({ rows: z.array(ruleSetRow), can: z.object({ change: z.boolean() }) }),
  },
  putRuleSet: {
    method: 'PUT',
    path: '/api/rule-sets/:name',
    summary:
      'Imports files of Prometheus rules or PrometheusRule objects, templates and all; the set becomes as they say. dryRun only tells what would be found.',
    permission: 'alert-rules.change',
    params: byName,
    bodyLimit: 6 * 1024 * 1024,
    body: z
      .strictObject({
        files: z
          .array(z.strictObject({ name: line(300), text: z.string().max(LONGEST_FILE) }))
          .min(1)
          .max(MOST_FILES),
        /** Slugs; null: every environment. */
        environments: z.array(slug).min(1).max(1_000).nullable(),
        dryRun: z.boolean().optional(),
      })
      .refine(
        ({ files }) => files.reduce((sum, { text }) => sum + text.length, 0) <= LARGEST_IMPORT,
        'all files together have at most 4 MiB',
      ),
    reply: z.object({
      stored: z.boolean(),
      rules: z.number().int(),
      red: z.number().int(),
      amber: z.number().int(),
      /** Rules that only record a series. */
      recording: z.number().int(),
      unread: z.array(unread),
      findings: z.array(ruleFinding.extend({ file: z.string(), line: z.number().int(), name: z.string() })),
      /** Where `findings` is cut. */
      findingsTotal: z.number().int(),
    }),
    errors: ['not-found', 'conflict', 'already-exists'],
  },
  listRules: {
    method: 'GET',
    path: '/api/rule-sets/:name/rules',
    summary: 'The rules of a set as they stand in its files; `found` narrows to those with findings.',
    permission: 'alerts.read',
    params: byName,
    query: paging.extend({ found: z.enum(['red', 'any']).optional() }),
    reply: pageOf(alertRuleRow),
    errors: ['not-found'],
  },
  removeRuleSet: {
    method: 'DELETE',
    path: '/api/rule-sets/:name',
    summary: 'Forgets the set: its rules explain no alert any more.',
    permission: 'alert-rules.change',
    params: byName,
    reply: done,
    errors: ['not-found'],
  },
  showRunbookCoverage: {
    method: 'GET',
    path: '/api/runbook-coverage',
    summary:
      'Which rules have a run book, by group and environment; what fired without a known rule; which rules did not fire.',
    permission: 'alerts.read',
    query: coverageQuery,
    reply: runbookCoverage,
    errors: ['not-found'],
  },
  runbookCoverageFile: {
    method: 'GET',
    path: '/api/runbook-coverage.csv',
    summary: 'The same, a line for each rule and each unknown name, as CSV.',
    permission: 'alerts.read',
    query: coverageQuery,
    reply: z.string(),
    errors: ['not-found'],
  },
})
