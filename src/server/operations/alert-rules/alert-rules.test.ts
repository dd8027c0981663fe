/** Rules are imported as they are kept, templates and all; the report says what has no run book; an alert shows its rule. */
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { after, before, test } from 'node:test'
import { pagingTest, type PagingTest } from '../paging/paging.fixture.ts'
import { readInThread } from './read-in-thread.ts'

let paging: PagingTest
before(async () => {
  paging = await pagingTest()
})
after(() => paging?.stop())

const ask = async (method: 'GET' | 'PUT' | 'DELETE', url: string, body?: object, token?: string) => {
  const reply = await paging.server.http.inject({
    method,
    url,
    headers: {
      authorization: `Bearer ${token ?? paging.team.engineers[0].token}`,
      'content-type': 'application/json',
    },
    ...(body ? { payload: JSON.stringify(body) } : {}),
  })
  const text = reply.body
  return { status: reply.statusCode, text, body: text.startsWith('{') ? JSON.parse(text) : undefined }
}

const nodes = `# Kept as a chart
{{- if .Values.enabled }}
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: {{ include "name" . }}
  labels:
    {{- include "labels" . | nindent 4 }}
spec:
  groups:
  - name: nodes
    rules:
    - record: node:up
      expr: up
    - alert: NodeGone
      expr: |
        up{job="node", cluster="{{ .Values.cluster }}"} == 0
        {{- if .Values.quick }}
        or absent(up)
        {{- end }}
      for: 5m
      labels:
        severity: critical
        group: Nodes
      annotations:
        summary: Node {{\`{{ $labels.instance }}\`}} is gone
        runbook_url: https://runbooks.example/node-gone
    - alert: NodeCPU{{ .Values.limit }}Percent
      expr: cpu > {{ .Values.limit }}
      for: 1h
      labels:
        severity: {{ .Values.severity | quote }}
        group: Nodes
      annotations:
        runbook_url: {{ .Values.runbooks.cpu }}
{{- end }}
`
const lost = `groups:
- name: lost
  rules:
  - alert: MetricsMissing
    expr: absent(up)
    labels: { severity: critical }
    annotations: { group: Metrics, runbook_url: Missing runbook }
  - alert: NeverFires
    expr: vector(0) > 1
    for: 1m
    labels: { severity: warning, group: Metrics }
`
const files = [
  { name: 'nodes.yaml', text: nodes },
  { name: 'lost.yaml', text: lost },
  { name: 'broken.yaml', text: 'groups: [ {' },
  { name: 'values.yaml', text: 'replicas: 3' },
]
const put = (name: string, more: object = {}, token?: string) =>
  ask('PUT', `/api/rule-sets/${name}`, { files, environments: ['acme-prod'], ...more }, token)

test('a dry run tells what would be found and keeps nothing', async () => {
  const { status, body } = await put('platform', { dryRun: true })
  assert.deepEqual([status, body.stored, body.rules, body.recording], [200, false, 4, 1])
  assert.deepEqual((await ask('GET', '/api/rule-sets')).body.rows, [])
})

test('templates are read as they are written, and every finding names its line', async () => {
  const { body } = await put('platform')
  assert.equal(body.stored, true)
  assert.deepEqual(
    body.unread.map(({ file }: { file: string }) => file),
    ['broken.yaml', 'values.yaml'],
  )
  const told = body.findings.map(
    (one: Record<string, unknown>) => `${one['file']}:${one['line']} ${one['name']} ${one['code']}`,
  )
  assert.deepEqual(told, [
    'lost.yaml:4 MetricsMissing no-group',
    'lost.yaml:4 MetricsMissing runbook-no-link',
    'lost.yaml:4 MetricsMissing no-for',
    'lost.yaml:8 NeverFires runbook-missing',
  ])
  const { rows } = (await ask('GET', '/api/rule-sets/platform/rules')).body
  const [gone, cpu] = rows
  assert.equal(gone.line, 15)
  assert.match(gone.expression, /cluster="\{\{ \.Values\.cluster \}\}"/)
  assert.match(gone.expression, /or absent\(up\)/, 'a condition amid an expression cuts nothing off')
  assert.deepEqual(cpu.runbook, { kind: 'templated', text: '{{ .Values.runbooks.cpu }}' })
  assert.equal(cpu.severity, '{{ .Values.severity | quote }}')
  const red = (await ask('GET', '/api/rule-sets/platform/rules?found=red')).body.rows
  assert.deepEqual(
    red.map(({ name }: { name: string }) => name),
    ['MetricsMissing'],
  )
})

test('the same import again is none; another one replaces it; part after part is the whole list', async () => {
  const events = async () =>
    (
      await paging.server.platform.database.db
        .selectFrom('events')
        .select('id')
        .where('type', '=', 'rule-set.imported')
        .execute()
    ).length
  const before = await events()
  await put('platform')
  assert.equal(await events(), before)
  const seen: string[] = []
  for (let after: string | null = ''; after !== null;) {
    const { body }: { body: { rows: { name: string }[]; next: string | null } } = await ask(
      'GET',
      `/api/rule-sets/platform/rules?limit=1${after ? `&after=${after}` : ''}`,
    )
    seen.push(...body.rows.map(({ name }) => name))
    after = body.next
  }
  assert.deepEqual(seen, ['NodeGone', 'NodeCPU{{ .Values.limit }}Percent', 'MetricsMissing', 'NeverFires'])
  assert.equal((await ask('GET', '/api/rule-sets/platform/rules?after=x')).status, 400)
})

test('files of which nothing can be read do not empty a set', async () => {
  const { body } = await put('platform', { files: [files[2]] })
  assert.deepEqual([body.stored, body.rules], [false, 0])
  assert.equal((await ask('GET', '/api/rule-sets')).body.rows[0].rules, 4)
})

test('an alert shows its rule where the rule is for its environment', async () => {
  await paging.fire(paging.team.acmeProd, { name: 'NodeCPU95Percent', labels: { group: 'Nodes' } })
  await paging.fire(paging.team.globexProd, { name: 'NodeGone', labels: { group: 'Nodes' } })
  await paging.fire(paging.team.acmeProd, { name: 'Strange', severity: 'warning' })
  const { rows } = (await ask('GET', '/api/alerts')).body
  const detailOf = async (name: string) => {
    const row = rows.find((each: { name: string }) => each.name === name)
    return (await ask('GET', `/api/alerts/${row.id}`)).body
  }
  assert.equal((await detailOf('NodeCPU95Percent')).rule.expression, 'cpu > {{ .Values.limit }}')
  assert.equal((await detailOf('NodeGone')).rule, null, 'the set is not for this environment')
  assert.equal((await detailOf('Strange')).rule, null)
})

test('the report counts run books and says what no rule explains and which rules are silent', async () => {
  const { body } = await ask('GET', '/api/runbook-coverage?environment=acme-prod')
  const [acme] = body.environments
  assert.deepEqual(
    [acme.rules, acme.withRunbook, acme.filledIn, acme.without, acme.unknown, acme.silent],
    [4, 1, 1, 2, 1, 3],
  )
  assert.deepEqual(
    body.unknown.map(({ name, count }: { name: string; count: number }) => [name, count]),
    [['Strange', 1]],
  )
  assert.deepEqual(
    body.silent.map(({ name }: { name: string }) => name),
    ['NodeGone', 'MetricsMissing', 'NeverFires'],
  )
  const everywhere = (await ask('GET', '/api/runbook-coverage')).body
  const globex = everywhere.environments.find(
    (each: { environment: { slug: string } }) => each.environment.slug === 'globex-prod',
  )
  assert.deepEqual([globex.rules, globex.unknown], [0, 1])
  const csv = await ask('GET', '/api/runbook-coverage.csv?environment=acme-prod')
  assert.match(csv.text, /^environment,rule_set,group,alert,runbook,fired,alerts\r\n/)
  assert.match(csv.text, /acme-prod,,,Strange,unknown-rule,yes,1\r\n/)
  assert.equal((await ask('GET', '/api/runbook-coverage?environment=nowhere')).status, 404)
})

test('whoever only looks on imports nothing; what is too large or names nothing is refused', async () => {
  assert.equal((await put('platform', {}, paging.team.auditor.token)).status, 403)
  assert.equal((await put('platform', { environments: ['nowhere'] })).status, 404)
  assert.equal((await put('platform', { environments: [] })).status, 422)
  assert.equal((await put('platform', { files: [{ name: 'x', text: 'a'.repeat(600_000) }] })).status, 422)
  assert.equal((await put('Not A Name')).status, 422)
  assert.equal((await ask('DELETE', '/api/rule-sets/platform')).status, 200)
  assert.equal((await ask('DELETE', '/api/rule-sets/platform')).status, 404)
})

test('files made to hurt hold up nobody who pages, and are given up in time', async () => {
  const bombs = [
    `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'.replace(/./g, (name, at) => `${name}: &${name} [${Array(9).fill(`*${String.fromCharCode(97 + at)}`)}]\n`)}groups: [{name: x, rules: [{alert: A, expr: *j}]}]`,
    '['.repeat(100_000),
    '{{'.repeat(50_000),
    '{{`'.repeat(50_000),
    `groups:\n${'- name: a\n'.repeat(5_000)}`,
    '[]'.repeat(200_000),
    '- '.repeat(20_000),
  ]
  let longest = 0
  let before = performance.now()
  const beat = setInterval(() => {
    longest = Math.max(longest, performance.now() - before)
    before = performance.now()
  }, 10)
  for (const text of bombs) {
    const { status } = await put('bomb', { files: [{ name: 'x', text }] })
    assert.equal(status, 200, text.slice(0, 40))
  }
  clearInterval(beat)
  assert.ok(longest < 2_000, `whoever sends pages waited ${Math.round(longest)} ms`)
  const late = readInThread([{ name: 'x', text: bombs.at(-1)! }], { longestMs: 1 })
  await assert.rejects(late, /take too long to read/)
})

const shared = join(import.meta.dirname, '../../../../../shared/data/elastisys')
test(
  'rules that a team ships as a chart are all read',
  { skip: existsSync(shared) ? false : 'no ../shared/data here' },
  async () => {
    const paths = globSync('**/prometheus-alerts/files/*.yaml', { cwd: shared }).slice(0, 1)
    assert.ok(paths.length > 0)
    const text = readFileSync(join(shared, paths[0]!), 'utf8')
    const { body } = await put('shared', { files: [{ name: basename(paths[0]!), text }], dryRun: true })
    assert.deepEqual([body.unread, body.red], [[], 0])
    assert.equal(body.rules, text.match(/^ *- alert:/gm)?.length)
  },
)
