/** A living account is read whole and kept as it was, however busy OpsGenie is; the key goes nowhere else. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { SourceFile } from '../../../../domain/compat/opsgenie/fields.ts'
import { INVENTED_ACCOUNT } from '../../../../domain/compat/opsgenie/source.fixture.ts'
import { runCommand } from '../../../shell/run.ts'
import { importCommand } from '../import-command.ts'
import { readFolder } from '../read-folder.ts'
import { askForAll, askOpsGenie } from './ask-opsgenie.ts'
import { fakeOpsGenie } from './opsgenie.fixture.ts'

const key = randomUUID()
let place: string
before(() => {
  place = mkdtempSync(join(tmpdir(), 'fortnight-live-'))
  writeFileSync(join(place, 'key'), `${key}\n`)
})
after(() => rmSync(place, { recursive: true, force: true }))

const crowd: SourceFile[] = Array.from({ length: 230 }, (_, number) => ({
  path: `users/crowd-${number}@example.net-c-${number}.json`,
  value: {
    user: { id: `c-${number}`, username: `crowd-${number}@example.net`, fullName: 'Crowd', userContacts: [] },
    notificationRuleList: [],
  },
}))
/** What OpsGenie always says of a thing, the invented account does not always. */
const complete = INVENTED_ACCOUNT.filter(({ path }) => !path.startsWith('somethingElse')).map((file) =>
  file.path === 'schedules/Old-s-2.json'
    ? { ...file, value: { ...(file.value as object), scheduleOverrideList: [] } }
    : file,
)

const imports = async (...words: string[]) => {
  const out: string[] = []
  const err: string[] = []
  const io = {
    out: (line: string) => void out.push(line),
    err: (line: string) => void err.push(line),
    env: { HOME: place },
    isTerminal: false,
  }
  const code = await runCommand({ import: importCommand }, ['import', 'opsgenie', ...words], io)
  return { code, out: out.join('\n'), err: err.join('\n') }
}

const valuesIn = (files: readonly SourceFile[]): unknown[] =>
  files
    .filter(({ path }) => !path.startsWith('policiesV2') && !path.startsWith('ordersV2'))
    .map(({ path, value }) => JSON.stringify([path.split('/')[0], value]))
    .sort()

test('every part of an account is read, over its pages and while OpsGenie is busy, and kept for its owner alone', async () => {
  const source = [...complete, ...crowd]
  const fake = await fakeOpsGenie(source, { key, busyEvery: 7 })
  const folder = join(place, 'kept')
  const words = [folder, '--url', fake.url, '--key-file', join(place, 'key'), '-o', join(place, 'live.yaml')]
  const { code, out, err } = await imports(...words)
  await fake.stop()
  assert.equal(code, 0, err)
  assert.ok(fake.throttled() > 20)
  assert.ok(
    fake.asked.every((line) => line.startsWith('GET ')),
    'reading changes nothing there',
  )
  const kept = readFolder(folder).files
  assert.deepEqual(valuesIn(kept), valuesIn(source))
  const policy = kept.find(({ path }) => path === 'policiesV2/p-1.json')?.value as { policy: { id: string } }
  assert.equal(policy.policy.id, 'p-1')
  assert.match(out, /The document has 235 accounts, 1 teams, 1 schedules and 2 escalation policies\./)
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  assert.equal(statSync(join(folder, kept[0]?.path ?? '')).mode & 0o777, 0o600)
  assert.ok(!`${out}${err}${readFileSync(join(place, 'live.yaml'))}`.includes(key))
})

test('what the plan does not have is said, and the rest is read', async () => {
  const fake = await fakeOpsGenie(complete, { key, notInPlan: ['/v2/roles', '/v2/teams/t-1/roles'] })
  const report = join(place, 'report.json')
  const words = ['--url', `${fake.url}/`, '--key-file', join(place, 'key'), '--report', report]
  const { code, err } = await imports(join(place, 'less'), ...words)
  await fake.stop()
  assert.equal(code, 0)
  assert.match(err, /Not read: OpsGenie answers 402 to \/v2\/roles/)
  assert.equal(JSON.parse(readFileSync(report, 'utf8')).unread.length, 2)
})

test('a wrong key, a full folder and a bare address are refused, and nothing is written', async () => {
  const fake = await fakeOpsGenie(complete, { key: randomUUID() })
  const keyFile = join(place, 'key')
  const wrong = await imports(join(place, 'wrong'), '--url', fake.url, '--key-file', keyFile)
  assert.equal(wrong.code, 1)
  assert.match(wrong.err, /does not know this key \(401\)/)
  const before = fake.asked.length
  mkdirSync(join(place, 'full'))
  writeFileSync(join(place, 'full', 'x'), '')
  assert.match(
    (await imports(join(place, 'full'), '--url', fake.url, '--key-file', keyFile)).err,
    /is not empty/,
  )
  const plain = await imports(join(place, 'plain'), '--url', 'http://api.opsgenie.com', '--key-file', keyFile)
  assert.match(plain.err, /--url is the address of the API: https/)
  assert.equal((await imports(join(place, 'half'), '--url', fake.url)).code, 3)
  assert.equal(fake.asked.length, before, 'nobody was asked')
  await fake.stop()
  assert.deepEqual(
    readdirSync(place).filter((name) => /^(wrong|plain|half)/.test(name)),
    [],
  )
})

const serving = async (answer: RequestListener, work: (url: string) => Promise<void>): Promise<void> => {
  const server = createServer(answer)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  try {
    await work(`http://127.0.0.1:${(server.address() as { port: number }).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

test('it waits as long as OpsGenie says, longer each time when it says nothing, and gives up after seven tries', async () => {
  const says = [
    { 'retry-after': '3' },
    { 'x-ratelimit-period-in-sec': '60' },
    {},
    {},
    { 'retry-after': '99999' },
  ]
  let tries = 0
  const waited: number[] = []
  await serving(
    (_, response) => {
      response.writeHead(429, says[tries] ?? {}).end()
      tries += 1
    },
    async (url) => {
      const ask = askOpsGenie({ url, key, wait: async (ms) => void waited.push(ms) })
      await assert.rejects(ask('/v2/users'), /did not answer \/v2\/users in 7 tries \(429\)/)
    },
  )
  assert.deepEqual(waited, [3_000, 60_000, 4_000, 8_000, 120_000, 32_000])
})

test('the key follows no redirect and no page to another host, and pages that repeat end', async () => {
  let elsewhere = 0
  await serving(
    (_, response) => {
      elsewhere += 1
      response.end('{"data":[]}')
    },
    async (other) => {
      await serving(
        (request, response) => {
          if (request.url?.startsWith('/moved')) response.writeHead(302, { location: other }).end()
          else
            response.end(JSON.stringify({ data: [{ id: 1 }], paging: { next: `${other}/stolen?offset=1` } }))
        },
        async (url) => {
          const ask = askOpsGenie({ url, key, wait: async () => undefined })
          await assert.rejects(ask('/moved'), /did not answer/)
          assert.equal((await askForAll(ask, '/v2/users')).length, 2)
        },
      )
    },
  )
  assert.equal(elsewhere, 0)
})

test('an answer that is cut off or is a page of a proxy is none', async () => {
  await serving(
    (_, response) => response.end('<html>'),
    async (url) => {
      const ask = askOpsGenie({ url, key, wait: async () => undefined })
      await assert.rejects(ask('/v2/users'), /is not OpsGenie’s/)
    },
  )
})
