/** `fortnight import opsgenie` from a folder to a running installation, and what is said when the folder is no backup. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { parse } from 'yaml'
import type { SourceFile } from '../../../domain/compat/opsgenie/fields.ts'
import { importOpsGenie } from '../../../domain/compat/opsgenie/import-opsgenie.ts'
import {
  INVENTED_ACCOUNT,
  NAMED_ENVIRONMENTS,
  SECRETS,
} from '../../../domain/compat/opsgenie/source.fixture.ts'
import { documentSchema } from '../../../server/people/configuration/document.ts'
import { seedTeam, type SeededTeam } from '../../../server/testing/seed.ts'
import { testServer, type TestServer } from '../../../server/testing/test-server.ts'
import { forwardCommand, overrideCommand, whoCommand } from '../../operations/on-call.ts'
import { applyCommand, exportCommand } from '../../people/configuration.ts'
import { runCommand } from '../../shell/run.ts'
import { importCommand } from './import-command.ts'

let server: TestServer
let team: SeededTeam
let place: string
let url: string
before(async () => {
  server = await testServer()
  team = await seedTeam(server)
  url = await server.http.listen({ port: 0, host: '127.0.0.1' })
  place = mkdtempSync(join(tmpdir(), 'fortnight-import-'))
})
after(async () => {
  rmSync(place, { recursive: true, force: true })
  await server.stop()
})

const commands = {
  import: importCommand,
  apply: applyCommand,
  export: exportCommand,
  override: overrideCommand,
  forward: forwardCommand,
  who: whoCommand,
}
const run = async (...words: string[]) => {
  const out: string[] = []
  const err: string[] = []
  const io = {
    out: (line: string) => void out.push(line),
    err: (line: string) => void err.push(line),
    env: { FORTNIGHT_URL: url, FORTNIGHT_TOKEN: team.administrator.token, HOME: place },
    isTerminal: false,
  }
  const code = await runCommand(commands, words, io)
  return { code, out: out.join('\n'), err: err.join('\n') }
}

let folders = 0
const folderWith = (files: readonly { path: string; text: string }[]): string => {
  folders += 1
  const folder = join(place, `backup-${folders}`)
  mkdirSync(folder)
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}
const written = (files: readonly SourceFile[]) =>
  files.map(({ path, value }) => ({ path, text: JSON.stringify(value) }))

test('an account is imported, applied, and says the same when it is exported', async () => {
  const folder = folderWith(written(INVENTED_ACCOUNT))
  const yaml = join(place, 'team.yaml')
  const report = join(place, 'report.json')
  const script = join(place, 'after.sh')
  const named = [
    '--environment',
    `Första linjen=${team.acmeProd.slug}`,
    '--environment',
    team.globexProd.slug,
  ]
  const files = ['-o', yaml, '--after', script, '--report', report]
  const imported = await run('import', 'opsgenie', folder, ...files, ...named)
  assert.equal(imported.code, 0, imported.err)
  const everything = JSON.parse(readFileSync(report, 'utf8'))
  assert.equal(
    everything.imported.length + everything.changed.length + everything.refused.length,
    everything.fields,
  )
  for (const secret of SECRETS)
    assert.ok(!`${imported.out}${readFileSync(yaml)}${readFileSync(report)}`.includes(secret), secret)

  const applied = await run('apply', '-f', yaml)
  assert.equal(applied.code, 0, applied.err)
  const document = parse(readFileSync(yaml, 'utf8'))
  const exported = parse((await run('export')).out)
  const nameOf = (entry: Record<string, string>) =>
    entry['slug'] ?? entry['handle'] ?? entry['id'] ?? entry['name']
  const lists = [
    'teams',
    'schedules',
    'escalationPolicies',
    'accounts',
    'routingRules',
    'heartbeats',
  ] as const
  for (const list of lists)
    for (const entry of document[list]) {
      const name = nameOf(entry)
      const same = exported[list].find((other: typeof entry) => nameOf(other) === name)
      assert.ok(same, `${list} ${name}`)
      for (const [field, value] of Object.entries(entry))
        assert.deepEqual(same[field], value, `${name} ${field}`)
    }
  assert.match((await run('apply', '-f', yaml)).out, /Nothing to change/)

  const commandLines = readFileSync(script, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('fortnight '))
  assert.equal(commandLines.length, 3)
  for (const line of commandLines) {
    const done = await run(...line.split(' ').slice(1))
    assert.equal(done.code, 0, `${line}: ${done.err}`)
  }
  const christmas = await run('who', 'first-line', '--at', '2026-12-25T12:00:00Z', '--json')
  assert.match(christmas.out, /Bo Sample/)
})

test('the report counts by folder and names each change and refusal with its reason', async () => {
  const { out } = await run('import', 'opsgenie', folderWith(written(INVENTED_ACCOUNT)))
  assert.match(out, /^FOLDER +FIELDS +IMPORTED +CHANGED +REFUSED$/m)
  assert.match(out, /^ {2}users\/gone@example\.org-u-5\.json user\.id and \d+ more: this user is blocked/m)
  assert.match(out, /rules\[3\]\.delay\.timeAmount: "10" → "11 minutes after the alert", steps are/)
  assert.match(out, /^ {2}escalationPolicies\.late\.fallback: administrators/m)
  assert.match(out, /Nothing was written/)
})

const LEAVES: readonly unknown[] = [
  'weekly',
  'daily',
  'user',
  'team',
  'u-1',
  't-1',
  'UTC',
  '\u202e',
  '',
  0,
  1,
  400,
  3_000,
  true,
  null,
]
test('whatever a source says, the document is one that apply takes', () => {
  const schema = documentSchema()
  const mixed = (value: unknown, next: () => number): unknown => {
    if (next() === 0) return LEAVES[next() % LEAVES.length]
    if (Array.isArray(value))
      return value.flatMap((part) => (next() === 1 ? [part, part] : [mixed(part, next)]))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, mixed(part, next)]))
  }
  const draws = fc.array(fc.nat({ max: 60 }), { minLength: 11, maxLength: 211 })
  fc.assert(
    fc.property(draws, (numbers) => {
      let drawn = 0
      const next = (): number => numbers[drawn++ % numbers.length] ?? 0
      const source = INVENTED_ACCOUNT.map((file) => ({ ...file, value: mixed(file.value, next) }))
      const checked = schema.safeParse(importOpsGenie(source, 0, NAMED_ENVIRONMENTS).document)
      assert.ok(checked.success, checked.error?.message ?? '')
    }),
    { numRuns: Number(process.env['FORTNIGHT_RUNS'] ?? 200) },
  )
})

test('what is no backup is refused in a sentence, and nothing is written', async () => {
  const output = join(place, 'never.yaml')
  const refused = async (folder: string, sentence: RegExp) => {
    const { code, err } = await run('import', 'opsgenie', folder, '-o', output)
    assert.equal(code, 1)
    assert.match(err, sentence)
    assert.throws(() => readFileSync(output))
  }
  await refused(join(place, 'nowhere'), /cannot be read: ENOENT/)
  await refused(folderWith([{ path: 'photos/a.json', text: '{}' }]), /is no backup of OpsGenie/)
  const cutOff = `{"user": {"key": "${SECRETS[0]}`
  const folder = folderWith([{ path: 'users/a.json', text: cutOff }])
  await refused(
    folder,
    /^users\/a\.json is not JSON; it may be cut off\. Make the backup anew\. Nothing was imported\.$/,
  )
  await refused(
    folderWith([{ path: 'users/a.json', text: ' '.repeat(9 * 1024 * 1024) }]),
    /users\/a\.json is too large/,
  )
})

test('the folder that the backup makes within its own is found, and what is no JSON file is named', async () => {
  const files = written(INVENTED_ACCOUNT).map((file) => ({ ...file, path: `OpsGenieBackups/${file.path}` }))
  const folder = folderWith([...files, { path: 'OpsGenieBackups/users/notes.txt', text: 'x' }])
  const { code, out, err } = await run('import', 'opsgenie', folder)
  assert.equal(code, 0)
  assert.match(out, /The document has 5 accounts, 1 teams, 1 schedules and 2 escalation policies\./)
  assert.match(err, /Not read, for it is no JSON file: users\/notes\.txt/)
})

test('an environment of two teams and a team that the account does not have are refused', async () => {
  const folder = folderWith(written(INVENTED_ACCOUNT))
  const two = await run('import', 'opsgenie', folder, '--environment', 'A=prod', '--environment', 'B=prod')
  assert.equal(two.code, 3)
  assert.match(two.err, /prod is named for two teams/)
  const strange = await run('import', 'opsgenie', folder, '--environment', 'Nobody=prod')
  assert.equal(strange.code, 1)
  assert.match(strange.err, /has no team Nobody/)
})

test('wrong words are answered with the usage', async () => {
  const wrong: readonly string[][] = [
    ['import'],
    ['import', 'pagers', 'x'],
    ['import', 'opsgenie'],
    ['import', 'opsgenie', 'a', 'b'],
    ['import', 'opsgenie', 'a', '--environment', 'Team=Not a slug'],
  ]
  for (const words of wrong) {
    const { code, err } = await run(...words)
    assert.equal(code, 3)
    assert.match(err, /Usage: fortnight import opsgenie/)
  }
})
