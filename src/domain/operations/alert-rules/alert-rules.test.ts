/** Rules are read as they are written, templates and all; what is wrong with them is said; alerts find their rule. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compareWithFired, countRunbooks, coverageByGroup, type CoveredRule } from './coverage.ts'
import { lintRules } from './lint-rules.ts'
import { readRule, runbookOf, type AlertRule } from './rule.ts'
import { isNamed, namePartsOf, ruleOfAlert } from './rule-of-alert.ts'
import { isTemplated, shieldTemplates, unshielded } from './template.ts'

const rule = (value: object, more: Partial<AlertRule> = {}): AlertRule => ({
  ...readRule({ file: 'a.yaml', line: 1, groupName: 'nodes', value }, []),
  ...more,
})
const whole = {
  alert: 'NodeGone',
  expr: 'up == 0',
  for: '5m',
  labels: { severity: 'critical', group: 'Nodes' },
  annotations: { runbook_url: 'https://runbooks.example/node-gone' },
}
const codesOf = (...values: object[]): string[][] =>
  lintRules(values.map((value) => rule(value))).map((found) => found.map(({ code }) => code))

test('a rule that has everything is not complained of', () => {
  assert.deepEqual(codesOf(whole), [[]])
})

test('what is missing is said, and what stands in the wrong place', () => {
  const { labels: _, ...bare } = whole
  assert.deepEqual(codesOf(bare), [['no-severity', 'no-group']])
  const misplaced = {
    ...whole,
    labels: { severity: 'critical' },
    annotations: { ...whole.annotations, group: 'Nodes' },
  }
  const [[found] = []] = lintRules([rule(misplaced)])
  assert.equal(found?.code, 'no-group')
  assert.match(found?.detail ?? '', /among the annotations/)
  assert.deepEqual(codesOf({ ...whole, labels: { severity: 'page', group: 'x' } }), [['severity-unknown']])
  assert.deepEqual(codesOf({ ...whole, annotations: {} }), [['runbook-missing']])
  assert.deepEqual(codesOf({ ...whole, annotations: { runbook_url: 'Missing runbook' } }), [
    ['runbook-no-link'],
  ])
  assert.deepEqual(codesOf({ ...whole, for: undefined }), [['no-for']])
  assert.deepEqual(codesOf({}), [
    ['no-name', 'no-expression', 'no-severity', 'no-group', 'runbook-missing', 'no-for'],
  ])
})

test('a rule that always fires on purpose needs no for', () => {
  assert.deepEqual(codesOf({ ...whole, for: undefined, labels: { severity: 'none', group: 'x' } }), [[]])
})

test('the same name twice is said where the labels are the same, too', () => {
  const slow = { ...whole, labels: { ...whole.labels, long: '1d' } }
  assert.deepEqual(codesOf(whole, slow, whole), [[], [], ['rule-twice']])
})

test('what a chart fills in is not called missing', () => {
  const { text, actions } = shieldTemplates('{{ .Values.severity }}')
  const value = { ...whole, labels: { severity: text, group: text }, annotations: { runbook_url: text } }
  const read = readRule({ file: 'a', line: 1, groupName: 'g', value }, actions)
  assert.deepEqual(lintRules([read]), [[]])
  assert.deepEqual(runbookOf(read), { kind: 'templated', text: '{{ .Values.severity }}' })
})

test('templates come back as they were written; what a chart only quotes comes back without the quoting', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['job {{ $labels.job }} is down', 'job {{ $labels.job }} is down', true],
    ['{{`{{ $value | humanize }}`}}%', '{{ $value | humanize }}%', false],
    ['{{ "{{" }} $value {{ "}}" }}', '{{ $value }}', false],
    ['{{ printf `}}` }} x', '{{ printf `}}` }} x', true],
    ['never {{ closed', 'never {{ closed', false],
    ['plain', 'plain', false],
  ]
  for (const [written, shown, templated] of cases) {
    const { text, actions } = shieldTemplates(written)
    assert.equal(text.includes('{{'), shown === 'never {{ closed')
    assert.equal(unshielded(text, actions), shown)
    assert.equal(isTemplated(text, actions), templated, written)
  }
})

test('whatever is written, shielding keeps its lines and gives its text back', () => {
  const piece = fc.constantFrom('{{', '}}', '`', '"', '\n', '  ', 'a: b', '# c', '- x', '|', '$v', ' ')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const written = pieces.join('')
      const { text, actions } = shieldTemplates(written)
      assert.equal(text.split('\n').length, written.split('\n').length)
      // Every action is behind exactly one sign, and none is lost.
      assert.equal([...text.matchAll(/\ue000\d+\ue001/g)].length, actions.length)
    }),
  )
})

test('many opened brackets that never close cost little', () => {
  const before = process.cpuUsage()
  shieldTemplates('{{'.repeat(200_000))
  shieldTemplates('{{`'.repeat(100_000))
  shieldTemplates('{{a}}'.repeat(100_000))
  shieldTemplates('{{`}}'.repeat(100_000))
  const { user } = process.cpuUsage(before)
  assert.ok(user < 2_000_000, `${user} µs`)
})

test('an alert finds its rule by name, and of several the one whose labels are its own', () => {
  const known = (name: string, labels: Record<string, string>, templated = false) => ({
    name,
    labels,
    nameParts: namePartsOf(name, templated),
  })
  const rules = [
    known('Burn', { severity: 'critical', long: '1h' }),
    known('Burn', { severity: 'warning', long: '1d' }),
    known('NodeCPU{{ .Values.limit }}Percent', { severity: '{{ .Values.severity }}' }, true),
    known('{{ .Values.name }}', {}, true),
  ]
  const found = (name: string, labels: Record<string, string>) =>
    rules.indexOf(ruleOfAlert(rules, { name, labels })!)
  assert.equal(found('Burn', { severity: 'warning', long: '1d', pod: 'x' }), 1)
  assert.equal(found('Burn', {}), 0)
  assert.equal(found('NodeCPU95Percent', {}), 2)
  assert.equal(found('NodeCPU95', {}), -1, 'a name that is all template is no pattern for everything')
  assert.equal(isNamed({ name: 'a', nameParts: ['ab', 'bc'] }, 'abc'), false, 'no letter counts twice')
})

test('the report counts run books by group, and tells what is silent and what is unknown', () => {
  const covered = (name: string, group: string, runbook: CoveredRule['runbook']): CoveredRule => ({
    name,
    nameParts: null,
    group,
    runbook,
  })
  const rules = [
    covered('A', 'one', 'link'),
    covered('B', 'one', 'no-link'),
    covered('C', 'two', 'templated'),
    covered('D', 'two', 'none'),
  ]
  assert.deepEqual(countRunbooks(rules), { rules: 4, withRunbook: 1, filledIn: 1, without: 2 })
  assert.deepEqual(
    coverageByGroup(rules).map(({ group, without }) => [group, without]),
    [
      ['one', 1],
      ['two', 1],
    ],
  )
  const fired = (name: string, count: number) => ({ environmentId: 'e', name, count, lastAt: 1 })
  const { unknown, silent } = compareWithFired(rules, [
    fired('A', 3),
    fired('X', 1),
    fired('Y', 9),
    fired('D', 1),
  ])
  assert.deepEqual(
    unknown.map(({ name }) => name),
    ['Y', 'X'],
  )
  assert.deepEqual(
    silent.map(({ name }) => name),
    ['B', 'C'],
  )
})
