/** Work that was not recorded reaches the Operator Log from a shell, with its dump beside it, by the real command line. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { seedTeam, type SeededTeam } from '../../src/server/testing/seed.ts'
import { testServer, type TestServer } from '../../src/server/testing/test-server.ts'

const main = join(import.meta.dirname, '../../src/cli/main.ts')
const MEBIBYTE = 2 ** 20

let server: TestServer
let team: SeededTeam
let url = ''
let folder = ''

before(async () => {
  server = await testServer()
  team = await seedTeam(server)
  await server.http.listen({ port: 0, host: '127.0.0.1' })
  url = `http://127.0.0.1:${(server.http.server.address() as AddressInfo).port}`
  folder = mkdtempSync(join(tmpdir(), 'fortnight-log-'))
})
after(async () => {
  await server?.stop()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

type Ran = { readonly code: number | null; readonly out: string; readonly err: string }

const fortnight = (argv: readonly string[], input = '', token = team.engineers[0].token): Promise<Ran> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...argv], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, FORTNIGHT_URL: url, FORTNIGHT_TOKEN: token },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const said = { out: '', err: '' }
    child.stdout.on('data', (chunk) => (said.out += String(chunk)))
    child.stderr.on('data', (chunk) => (said.err += String(chunk)))
    child.on('close', (code) => resolve({ code, ...said }))
    child.stdin.on('error', () => undefined).end(input)
  })

type Entry = {
  readonly what: string
  readonly summary: string
  readonly attachments: readonly { readonly id: string; readonly fileName: string; readonly size: number }[]
}
const entryNamed = async (name: string): Promise<Entry> =>
  JSON.parse((await fortnight(['log', name, '--json'])).out) as Entry

const written = ['log', '-e', 'acme-prod', '--what', 'Rotated the ingress certificate', '--summary']

test('an entry is written with its shell dump, listed, found by its number and read back', async () => {
  writeFileSync(join(folder, 'dump.txt'), '$ kubectl get pods\nNAME READY\n')
  const made = await fortnight([...written, 'It would have expired on Sunday.', '--attach', 'dump.txt'])
  assert.equal(made.code, 0, made.err)
  const name = /^(acme-prod\/\S+) is written/.exec(made.out)?.[1] ?? ''
  assert.match(made.out, /dump\.txt, 30 bytes, is attached/)

  const listed = await fortnight(['log', '-e', 'acme-prod'])
  assert.match(listed.out, new RegExp(`${name}.*Rotated the ingress certificate`))
  const shown = await fortnight(['log', name])
  assert.match(shown.out, /It would have expired on Sunday\.[^]*Attached: dump\.txt, 30 bytes/)

  const piped = await fortnight(['attach', name, '-', '--name', 'events.txt'], 'LAST SEEN  REASON\n')
  assert.equal(piped.code, 0, piped.err)
  const entry = await entryNamed(name)
  assert.deepEqual(
    entry.attachments.map(({ fileName, size }) => [fileName, size]),
    [
      ['dump.txt', 30],
      ['events.txt', 18],
    ],
  )
})

test('a file that is missing or too large attaches nothing, and says what to do', async () => {
  const made = await fortnight([...written, 'For the next ones.'])
  const name = /^(\S+) is written/.exec(made.out)?.[1] ?? ''
  writeFileSync(join(folder, 'small.txt'), 'small')
  writeFileSync(join(folder, 'large.bin'), Buffer.alloc(16 * MEBIBYTE + 1))
  for (const [other, sentence] of [
    ['absent.txt', /absent\.txt cannot be read: .*Nothing was attached/],
    ['large.bin', /large\.bin is larger than 16 MiB/],
  ] as const) {
    const refused = await fortnight(['attach', name, 'small.txt', other])
    assert.equal(refused.code, 1)
    assert.match(refused.err, sentence)
  }
  const unknown = await fortnight(['attach', 'acme-prod/L-999', 'small.txt'])
  assert.equal(unknown.code, 1)
  assert.match(unknown.err, /There is no entry acme-prod\/L-999\. `fortnight log -e acme-prod` lists/)
  assert.deepEqual((await entryNamed(name)).attachments, [])
})

test('an entry that cannot be complete is not begun, and an auditor writes none', async () => {
  const before = (await fortnight(['log', '--json'])).out
  const absent = await fortnight([...written, 'With a dump that is not there.', '--attach', 'absent.txt'])
  assert.equal(absent.code, 1)
  const half = await fortnight(['log', '-e', 'acme-prod', '--what', 'No summary'])
  assert.equal(half.code, 3)
  assert.match(half.err, /needs --environment, --what and --summary/)
  const kind = await fortnight([...written, 'Wrong kind.', '--category', 'chnage'])
  assert.equal(kind.code, 3)
  assert.match(kind.err, /one of change, incident, maintenance/)
  const auditor = await fortnight([...written, 'By an auditor.'], '', team.auditor.token)
  assert.equal(auditor.code, 1)
  assert.match(auditor.err, /may not|not allowed/i)
  assert.equal((await fortnight(['log', '--json'])).out, before)
})
