/** `fortnight pack` against a real server: it waits, saves a pack that verifies, and says why there is none. */
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { workedPeriod, type Period } from '../../server/evidence/audit-packs/period.fixture.ts'
import { runCommand } from '../shell/run.ts'
import { runVerify } from '../verify/run-verify.ts'
import { instantOf, packCommand, periodOf } from './pack.ts'

let period: Period
let folder: string
let url: string
let clock: NodeJS.Timeout

before(async () => {
  period = await workedPeriod()
  folder = mkdtempSync(join(tmpdir(), 'fortnight-cli-pack-'))
  url = await period.server.http.listen({ port: 0, host: '127.0.0.1' })
  period.sequencer.start()
  period.server.tasks.start()
  clock = setInterval(() => period.server.clock.advance(250), 25)
})
after(async () => {
  clearInterval(clock)
  await period.server.tasks.stop(5_000)
  await period.stop()
  rmSync(folder, { recursive: true, force: true })
})

const pack = async (words: readonly string[], token = period.team.auditor.token) => {
  const out: string[] = []
  const err: string[] = []
  const env = { FORTNIGHT_URL: url, FORTNIGHT_TOKEN: token, HOME: folder }
  const io = {
    out: (line: string) => void out.push(line),
    err: (line: string) => void err.push(line),
    env,
    isTerminal: false,
  }
  const code = await runCommand({ pack: packCommand }, ['pack', ...words], io)
  return { code, out: out.join('\n'), err: err.join('\n') }
}

test('a pack is asked for, waited for, saved, and verifies', async () => {
  const file = join(folder, 'pack.zip')
  const from = new Date(period.from).toISOString()
  const to = new Date(period.to).toISOString()
  const { code, out, err } = await pack([
    '--environment',
    'acme-prod',
    '--from',
    from,
    '--to',
    to,
    '-o',
    file,
  ])
  assert.equal(code, 0, err)
  assert.match(out, /pack\.zip: \d+ entries, \d+ bytes, sha256 [0-9a-f]{64}/)
  const keys = join(folder, 'keys.txt')
  writeFileSync(keys, (await period.ask('GET', '/evidence/keys.txt')).bytes)
  const said: string[] = []
  const write = (line: string): void => void said.push(line)
  assert.equal(await runVerify([file, '--policy', keys], { out: write, err: write }), 0, said.join('\n'))
})

test('whoever may not, and whoever asks for nonsense, is told so and nothing is saved', async () => {
  const file = join(folder, 'none.zip')
  const period2026 = ['--from', '2026-11-01', '--to', '2026-12-01']
  const engineer = await pack(['-e', 'acme-prod', ...period2026, '-o', file], period.team.engineers[0].token)
  assert.equal(engineer.code, 1)
  assert.match(engineer.err, /evidence\.export/)
  for (const [words, why] of [
    [['-e', 'nowhere', ...period2026, '-o', file], /nowhere/],
    [[...period2026, '-o', file], /--environment/],
    [['-e', 'acme-prod', ...period2026], /-o pack\.zip/],
    [['-e', 'acme-prod', '--from', '2026-11-01', '-o', file], /--to/],
    [['-e', 'acme-prod', '--from', '2026-11-31', '--to', '2026-12-01', '-o', file], /no date/],
    [['-e', 'acme-prod', '--from', '2026-12-01', '--to', '2026-11-01', '-o', file], /before/],
    [['-e', 'acme-prod', '--what', 'x', '-o', file], /--what/],
  ] as const) {
    const { code, err } = await pack(words)
    assert.ok(code === 1 || code === 3)
    assert.match(err, why)
  }
  const { code, err } = await pack([
    '-e',
    'acme-prod',
    ...period2026,
    '-o',
    join(folder, 'no/such/folder.zip'),
  ])
  assert.equal(code, 1)
  assert.match(err, /cannot be written/)
  assert.ok(!existsSync(file))
})

test('days are UTC, instants carry their zone', () => {
  assert.equal(instantOf('from', '2026-11-01'), Date.UTC(2026, 10, 1))
  assert.equal(instantOf('from', '2026-11-01T08:00:00+01:00'), Date.UTC(2026, 10, 1, 7))
  for (const text of ['2026-11-1', '2026-11-01T08:00', 'today', '2026-13-01', ''])
    assert.throws(() => instantOf('from', text))
})

test('without a period it is the last 31 days', () => {
  const now = Date.UTC(2026, 11, 2, 3, 4)
  assert.deepEqual(periodOf({}, now), { from: Date.UTC(2026, 10, 1, 3, 4), to: now })
  assert.throws(() => periodOf({ to: '2026-12-01' }, now), /--from/)
})
