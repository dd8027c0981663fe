/** Who is on call, an override and a swap, by the real command line; scripts are told by the exit code. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createSchedule } from '../../src/server/operations/on-call/create-schedule.ts'
import { seedTeam, type SeededTeam } from '../../src/server/testing/seed.ts'
import { testServer, type TestServer } from '../../src/server/testing/test-server.ts'

const main = join(import.meta.dirname, '../../src/cli/main.ts')

let server: TestServer
let team: SeededTeam
let url = ''
before(async () => {
  server = await testServer()
  team = await seedTeam(server)
  await createSchedule(server.as(team.deliveryManager.actor), {
    slug: 'primary',
    name: 'Primary',
    layers: [
      {
        kind: 'weekly',
        id: 'primary',
        everyWeeks: 1,
        handOver: { weekday: 1, time: '09:00' },
        zone: 'Europe/Stockholm',
        participants: [team.engineers[0].id, team.engineers[1].id],
        startsOn: '2026-11-09',
      },
    ],
  })
  await server.http.listen({ port: 0, host: '127.0.0.1' })
  url = `http://127.0.0.1:${(server.http.server.address() as AddressInfo).port}`
})
after(() => server?.stop())

const fortnight = (argv: readonly string[], token = team.engineers[0].token) =>
  new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    const env = { PATH: process.env['PATH'], HOME: tmpdir(), FORTNIGHT_URL: url, FORTNIGHT_TOKEN: token }
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...argv], { env })
    const said = { out: '', err: '' }
    child.stdout.on('data', (chunk) => (said.out += String(chunk)))
    child.stderr.on('data', (chunk) => (said.err += String(chunk)))
    child.on('close', (code) => resolve({ code, ...said }))
  })

test('who answers at a time is told, and where nobody does the exit code says so', async () => {
  const asked = await fortnight(['who', 'primary', '--at', '2026-11-12T12:00:00Z'])
  assert.deepEqual([asked.code, /primary\s+Bo Example/.test(asked.out)], [0, true], asked.out + asked.err)
  assert.match(asked.out, /Cleo Example from/)
  const hours = ['--from', '2026-11-20T08:00:00Z', '--until', '2026-11-20T12:00:00Z']
  const made = await fortnight(['override', 'primary', '--who', 'nobody', ...hours, '--json'])
  assert.equal(made.code, 0, made.err)
  const nobody = await fortnight(['who', 'primary', '--at', '2026-11-20T09:00:00Z'])
  assert.deepEqual([nobody.code, /NOBODY \(on purpose\)/.test(nobody.out)], [1, true], nobody.out)
  const removed = await fortnight(['override', 'remove', 'primary', JSON.parse(made.out).id])
  assert.equal(removed.code, 0, removed.err)
  assert.equal((await fortnight(['who', 'primary', '--at', '2026-11-20T09:00:00Z'])).code, 0)
  assert.equal((await fortnight(['who', 'secondary'])).code, 1)
  assert.equal((await fortnight(['who', '--at', 'soon'])).code, 3)
})

test('a swap is asked for, listed and accepted', async () => {
  const [, cleo] = team.engineers
  const hours = ['--from', '2026-11-23T08:00:00Z', '--until', '2026-11-24T08:00:00Z']
  const asked = await fortnight(['swap', 'offer', 'primary', '--with', 'cleo', ...hours, '--json'])
  assert.equal(asked.code, 0, asked.err)
  const { id } = JSON.parse(asked.out)
  assert.match(
    (await fortnight(['swap'], cleo.token)).out,
    /waits for an answer\s+Cleo Example for Bo Example/,
  )
  assert.equal((await fortnight(['swap', 'accept', id])).code, 1, 'who asked does not answer')
  const accepted = await fortnight(['swap', 'accept', id], cleo.token)
  assert.match(accepted.out, /agreed: Cleo Example for Bo Example/)
  const who = await fortnight(['who', 'primary', '--at', '2026-11-23T12:00:00Z'])
  assert.match(who.out, /Cleo Example/)
})
