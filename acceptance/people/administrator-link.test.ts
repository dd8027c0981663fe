/**
 * An administrator who lost every access gets in again through the machine the server runs on: by the command line as
 * operators have it, with the built-in database and with one of one's own, while the server runs and while it does not.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { after, before, test } from 'node:test'
import pg from 'pg'
import {
  reachEmbeddedPostgres,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../src/server/platform/embedded-postgres/index.ts'
import { environmentOf, killAll, sender, startServer, type Folders } from '../backup/server-process.ts'
import { setUpTeam, type Team } from '../backup/team.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'fortnight-lost-access-'))
const builtIn: Folders = { data: join(folder, 'built-in'), keys: join(folder, 'built-in-keys') }
const apart: Folders = { data: join(folder, 'apart'), keys: join(folder, 'apart-keys') }
let ownDatabase: EmbeddedPostgres

before(async () => {
  ownDatabase = await startEmbeddedPostgres({
    folder: join(folder, 'own-database'),
    log: () => undefined,
    durable: false,
  })
})
after(async () => {
  await killAll()
  await ownDatabase?.stop()
  rmSync(folder, { recursive: true, force: true })
})

type Ran = { readonly code: number | null; readonly out: string; readonly err: string }
const fortnight = async (folders: Folders, more: Record<string, string>, ...argv: string[]): Promise<Ran> => {
  const child = spawn(process.execPath, [join(root, 'bin/fortnight'), 'administrator-link', ...argv], {
    env: { ...environmentOf(folders, more), FORTNIGHT_NO_INSTALL: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()))
  const [code] = await once(child, 'close')
  return { code: code as number | null, ...said }
}
const tokenIn = ({ out }: Ran): string => /\/invitation\?token=([\w-]+)/.exec(out)?.[1] ?? ''

const useLink = async (url: string, token: string): Promise<{ status: number; password: string }> => {
  const password = randomBytes(18).toString('base64url')
  const body = JSON.stringify({ token, password })
  const headers = { 'content-type': 'application/json', origin: url }
  const { status } = await fetch(`${url}/api/invitation`, { method: 'POST', headers, body })
  return { status, password }
}
const signIn = async (url: string, account: string, password: string): Promise<number> => {
  const body = JSON.stringify({ account, password })
  const headers = { 'content-type': 'application/json', origin: url }
  return (await fetch(`${url}/api/session`, { method: 'POST', headers, body })).status
}

/** The acts of the host as the database has them, each with the leaf that the ledger holds or is about to take. */
const actsOfHost = async (connectionString: string) => {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    const { rows } = await client.query(
      `select e.actor_kind, e.via, a.handle,
         exists (select 1 from ledger_pending p where p.id = e.id) or exists (select 1 from ledger_entries l where l.id = e.id) as leaf
       from events e join accounts a on a.id = e.stream_id where e.type = 'account.invited-by-host' order by e.at, e.id`,
    )
    return rows
  } finally {
    await client.end()
  }
}
const builtInDatabase = async (): Promise<string> => {
  const reached = await reachEmbeddedPostgres(join(builtIn.data, 'postgres'))
  assert.ok(typeof reached === 'object', String(reached))
  return reached.connectionString
}
const ofAda = { actor_kind: 'host', via: 'cli', handle: 'ada', leaf: true }

test('with the built-in database: while the server runs, and while it does not', async () => {
  let server = await startServer(builtIn)
  await setUpTeam(server)
  const running = await fortnight(builtIn, {})
  assert.equal(running.code, 0, running.err)
  assert.match(running.out, /act of the host/)
  const first = await useLink(server.url, tokenIn(running))
  assert.equal(first.status, 200)
  assert.equal(await signIn(server.url, 'ada', first.password), 200)
  assert.equal((await useLink(server.url, tokenIn(running))).status, 410, 'once')
  assert.deepEqual(await actsOfHost(await builtInDatabase()), [ofAda])

  await server.stop()
  const replaced = await fortnight(builtIn, {})
  const stopped = await fortnight(builtIn, {})
  assert.equal(stopped.code, 0, stopped.err)
  assert.equal(await reachEmbeddedPostgres(join(builtIn.data, 'postgres')), 'stopped', 'left as it was found')
  server = await startServer(builtIn)
  assert.equal((await useLink(server.url, tokenIn(replaced))).status, 410, 'a newer link ends the one before')
  const second = await useLink(server.url, tokenIn(stopped))
  assert.equal(await signIn(server.url, 'ada', second.password), 200)
  assert.equal(await signIn(server.url, 'ada', first.password), 401)
  assert.deepEqual(await actsOfHost(await builtInDatabase()), [ofAda, ofAda, ofAda])
  await server.stop()
})

test('with a database of one’s own: the same; and who is meant has to be clear', async () => {
  const own = { DATABASE_URL: ownDatabase.connectionString }
  const server = await startServer(apart, own)
  const team: Team = await setUpTeam(server)
  const running = await fortnight(apart, own)
  assert.equal((await useLink(server.url, tokenIn(running))).status, 200, running.err)

  const send = sender(server.url, team.token)
  const bo = { handle: 'bo', name: 'Bo Example', email: 'bo@example.org', kind: 'staff', roles: ['engineer'] }
  assert.equal((await send('POST', '/api/accounts', bo)).status, 201)
  const refused = await fortnight(apart, own, '--account', 'bo')
  assert.equal(refused.code, 1)
  assert.match(refused.err, /bo is no administrator \(ada\).*--grant/)
  const granted = await fortnight(apart, own, '--account', 'bo', '--grant')
  const { status, password } = await useLink(server.url, tokenIn(granted))
  assert.equal(status, 200, granted.err)
  assert.equal(await signIn(server.url, 'bo', password), 200)
  const which = await fortnight(apart, own)
  assert.equal(which.code, 1)
  assert.match(which.err, /--account which administrator it is for: ada, bo/)

  await server.stop()
  const stopped = await fortnight(apart, own, '--account', 'ada')
  assert.equal(stopped.code, 0, stopped.err)
  assert.deepEqual(await actsOfHost(own.DATABASE_URL), [ofAda, { ...ofAda, handle: 'bo' }, ofAda])
})

test('in the wrong place, for nobody, or with wrong words it says so and makes nothing', async () => {
  const nowhere: Folders = { data: join(folder, 'nowhere'), keys: join(folder, 'no-keys') }
  const wrong = await fortnight(nowhere, {})
  assert.equal(wrong.code, 1)
  assert.match(wrong.err, /no keys of an installation in/)
  assert.equal(existsSync(nowhere.data) || existsSync(nowhere.keys), false)
  const noData = await fortnight({ ...nowhere, keys: builtIn.keys }, {})
  assert.match(noData.err, /There is no database in/)
  const away = await fortnight(apart, { DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' })
  assert.equal(away.code, 1)
  assert.match(away.err, /database does not answer/)
  const unknown = await fortnight(
    apart,
    { DATABASE_URL: ownDatabase.connectionString },
    '--account',
    'nobody',
  )
  assert.match(unknown.err, /A member of staff named nobody was not found/)
  assert.equal((await fortnight(apart, {}, '--everything')).code, 3)
  assert.equal((await actsOfHost(ownDatabase.connectionString)).length, 3)
})
