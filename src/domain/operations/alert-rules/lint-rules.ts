/** What is wrong with alerting rules, as whoever is paged by them would say it: no severity, no group, nothing to read. */
import { knownSeverity } from '../alerts/priority.ts'
import { runbookOf, type AlertRule } from './rule.ts'

export const RULE_FINDINGS = [
  'no-name',
  'no-expression',
  'no-severity',
  'no-group',
  'severity-unknown',
  'runbook-missing',
  'runbook-no-link',
  'no-for',
  'rule-twice',
] as const
export type RuleFindingCode = (typeof RULE_FINDINGS)[number]

/** `red`: the alert cannot be grouped or gets the wrong priority; `amber`: worth a look. */
export type RuleFinding = {
  readonly code: RuleFindingCode
  readonly severity: 'red' | 'amber'
  readonly detail: string
}

const red = (code: RuleFindingCode, detail: string): RuleFinding => ({ code, severity: 'red', detail })
const amber = (code: RuleFindingCode, detail: string): RuleFinding => ({ code, severity: 'amber', detail })

/** Written on purpose for what pages nobody. */
const QUIET = new Set(['none', 'info'])

const ofSeverity = ({ labels, annotations, templated }: AlertRule): RuleFinding[] => {
  const severity = labels['severity'] ?? ''
  if (templated.includes('label.severity')) return []
  if (severity === '')
    return [
      red(
        'no-severity',
        'severity' in annotations
          ? 'The severity stands among the annotations: as a label it would decide the priority. The alert becomes P5.'
          : 'There is no label severity: the alert becomes P5 and pages nobody.',
      ),
    ]
  if (knownSeverity(severity) !== undefined || QUIET.has(severity.toLowerCase())) return []
  return [
    amber(
      'severity-unknown',
      `The severity ${JSON.stringify(severity)} is none of critical, warning, high, medium, low, info, none: the alert becomes P5 and pages nobody.`,
    ),
  ]
}

const ofGroup = ({ labels, annotations, templated }: AlertRule): RuleFinding[] => {
  if ((labels['group'] ?? '') !== '' || templated.includes('label.group')) return []
  return [
    red(
      'no-group',
      'group' in annotations
        ? 'The group stands among the annotations: only as a label it can group.'
        : 'There is no label group: the alert stands alone wherever alerts are grouped.',
    ),
  ]
}

const ofRunbook = (rule: AlertRule): RuleFinding[] => {
  const runbook = runbookOf(rule)
  if (runbook.kind === 'none')
    return [
      amber('runbook-missing', 'There is no annotation runbook_url: whoever is paged has nothing to read.'),
    ]
  return runbook.kind === 'no-link'
    ? [amber('runbook-no-link', `The run book is no link: ${JSON.stringify(runbook.text.slice(0, 100))}.`)]
    : []
}

/** Rules with the same name and the same labels cannot be told apart by their alerts. */
const sameAs = ({ name, labels }: AlertRule): string =>
  JSON.stringify([name, Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))])

const findingsOf = (rule: AlertRule, twin: AlertRule | undefined): RuleFinding[] => [
  ...(rule.name === ''
    ? [red('no-name', 'There is neither alert nor record: Prometheus refuses this file.')]
    : []),
  ...(rule.expression === ''
    ? [red('no-expression', 'There is no expr: Prometheus refuses this file.')]
    : []),
  ...ofSeverity(rule),
  ...ofGroup(rule),
  ...ofRunbook(rule),
  ...(rule.holdsFor === null && !QUIET.has((rule.labels['severity'] ?? '').toLowerCase())
    ? [amber('no-for', 'There is no for: a single sample fires it.')]
    : []),
  ...(twin
    ? [
        amber(
          'rule-twice',
          `${twin.file}, line ${twin.line}, has the same name and labels: their alerts are one.`,
        ),
      ]
    : []),
]

/** @returns for each rule, in the same order, what was found */
export const lintRules = (rules: readonly AlertRule[]): (readonly RuleFinding[])[] => {
  const first = new Map<string, AlertRule>()
  return rules.map((rule) => {
    const key = sameAs(rule)
    const twin = rule.name === '' ? undefined : first.get(key)
    if (!twin) first.set(key, rule)
    return findingsOf(rule, twin)
  })
}
