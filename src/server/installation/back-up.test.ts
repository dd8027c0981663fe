/** A backup is one instant of the whole installation, taken while everything goes on, by whoever may and nobody else. */
import assert from 'node:assert/strict'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import { after, before, test } from 'node:test'
import type { BackupHead, BackupManifest } from '../../domain/installation/backup/format.ts'
import { readBackup, type BackupPart } from '../../domain/installation/backup/read-backup.ts'
import { createCustomer } from '../people/customers/create-customer.ts'
import { blobFolder, newBlobKey, putBlob } from '../platform/blobs.ts'
import { record } from '../platform/record.ts'
import { seedTeam, type SeededTeam } from '../testing/seed.ts'
import { testServer, type TestServer } from '../testing/test-server.ts'
import { sealOf } from './archive/key-check.ts'
import { writeBackup } from './archive/write-backup.ts'
import { readingTools } from './restore/restore.ts'
import { openSnapshot } from './store/snapshot.ts'

let server: TestServer
let team: SeededTeam

before(async () => {
  server = await testServer()
  team = await seedTeam(server)
})
after(() => server.stop())

type Read = {
  head: BackupHead
  manifest: BackupManifest
  seal: string
  manifestBytes: Uint8Array
  rows: Map<string, string>
}

const readAll = async (bytes: AsyncIterable<Uint8Array>): Promise<Read> => {
  const rows = new Map<string, string>()
  let head: BackupHead | undefined
  let last: Extract<BackupPart, { kind: 'manifest' }> | undefined
  for await (const part of readBackup(bytes, readingTools)) {
    if (part.kind === 'head') head = part.head
    if (part.kind === 'manifest') last = part
    if (part.kind === 'rows')
      rows.set(
        part.table,
        (rows.get(part.table) ?? '') + Buffer.concat(await Array.fromAsync(part.bytes)).toString(),
      )
  }
  assert.ok(head && last)
  return { head, manifest: last.manifest, seal: last.seal, manifestBytes: last.bytes, rows }
}

const source = (snapshot: NonNullable<Awaited<ReturnType<typeof openSnapshot>>>) => ({
  snapshot,
  about: {
    format: 'fortnight-backup' as const,
    v: 1,
    id: server.platform.ids.next(server.clock.now()),
    takenAt: server.clock.now(),
    organisation: 'Example',
    fortnight: '0',
    keyCheck: 'none',
  },
  blobFolder: blobFolder(server.platform),
  seal: () => '0'.repeat(64),
})
const look = async () => {
  const snapshot = await openSnapshot(server.platform.database.pool, async () => undefined)
  assert.ok(snapshot)
  return snapshot
}
const asAdmin = () => server.as(team.administrator.actor)

test('over HTTP: an act, then every table, and a seal that only the keys make', async () => {
  const reply = await server.http.inject({
    url: '/api/installation/backup',
    headers: { authorization: `Bearer ${team.administrator.token}` },
  })
  assert.equal(reply.statusCode, 200, reply.body.slice(0, 200))
  assert.equal(reply.headers['content-type'], 'application/gzip')
  const { head, manifest, rows, seal, manifestBytes } = await readAll(
    Readable.from([gunzipSync(reply.rawPayload)]),
  )
  assert.equal(head.organisation, team.organisation)
  assert.equal(head.id, reply.headers['x-fortnight-backup'])
  assert.equal(seal, sealOf(server.platform.secrets.derive, manifestBytes))
  const { rows: tables } = await server.platform.database.pool.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'migrations' order by 1`,
  )
  assert.deepEqual(
    manifest.tables.map(({ name }) => name),
    tables.map(({ name }) => name),
  )
  // Its own act is in it, so the restored installation knows from which backup it came.
  assert.ok(rows.get('event_bodies')?.includes(head.id))
  assert.ok(rows.get('events')?.includes('installation.backed-up'))
  assert.equal(
    manifest.tables.find(({ name }) => name === 'accounts')?.rows,
    rows.get('accounts')?.match(/\n/g)?.length,
  )
})

test('keys are not in it, in whatever form', async () => {
  const reply = await server.http.inject({
    url: '/api/installation/backup',
    headers: { authorization: `Bearer ${team.administrator.token}` },
  })
  const bytes = gunzipSync(reply.rawPayload)
  const { ledgerKey, pushKey } = server.platform.secrets
  for (const key of [ledgerKey, pushKey]) {
    const pem = String(key?.export({ type: 'pkcs8', format: 'pem' }))
    const der = key?.export({ type: 'pkcs8', format: 'der' }) as Buffer
    assert.ok(
      !bytes.includes(pem.split('\n')[1] ?? '') &&
        !bytes.includes(der) &&
        !bytes.includes(der.toString('hex')),
    )
  }
})

test('HEAD takes no backup and records nothing', async () => {
  const count = async (): Promise<number> =>
    (await server.platform.database.pool.query(`select 1 from events where type = 'installation.backed-up'`))
      .rows.length
  const before = await count()
  const reply = await server.http.inject({
    method: 'HEAD',
    url: '/api/installation/backup',
    headers: { authorization: `Bearer ${team.administrator.token}` },
  })
  assert.equal(reply.statusCode, 200)
  assert.equal(await count(), before)
})

test('what is committed after the look is not in it, however late a table is read', async () => {
  const snapshot = await look()
  const reading = writeBackup(source(snapshot))
  const first = await reading.next()
  await createCustomer(asAdmin(), { slug: 'too-late', name: 'Too Late Example' })
  const { rows } = await readAll(
    (async function* () {
      if (!first.done) yield first.value
      yield* reading
    })(),
  )
  assert.ok(rows.get('customers')?.includes('acme'))
  assert.ok(!rows.get('customers')?.includes('too-late'))
  assert.ok(
    !rows.get('events')?.includes('too-late') && !rows.get('event_bodies')?.includes('Too Late Example'),
  )
})

test('while it is read the live feed goes on, and nobody waits to write', async () => {
  const snapshot = await look()
  const heard: string[] = []
  await server.feed.start()
  const leave = server.feed.subscribe(({ type }) => heard.push(type))
  await createCustomer(asAdmin(), { slug: 'meanwhile', name: 'Meanwhile Example' })
  const deadline = Date.now() + 5_000
  while (!heard.includes('customer.created')) {
    assert.ok(Date.now() < deadline, 'the feed stood still')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  leave()
  await snapshot.close(false)
})

test('one backup at a time, and a reader who left makes room for the next', async () => {
  const port = await new Promise<number>((found) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address() as AddressInfo
      probe.close(() => found(free))
    })
  })
  await server.http.listen({ port, host: '127.0.0.1' })
  const first = await look()
  const ask = () =>
    server.http.inject({
      url: '/api/installation/backup',
      headers: { authorization: `Bearer ${team.administrator.token}` },
    })
  const refused = await ask()
  assert.deepEqual([refused.statusCode, refused.json().code], [409, 'conflict'])
  await first.close(false)

  const leaving = await new Promise<IncomingMessage>((resolve, reject) => {
    get(
      {
        port,
        host: '127.0.0.1',
        path: '/api/installation/backup',
        headers: { authorization: `Bearer ${team.administrator.token}` },
      },
      resolve,
    ).on('error', reject)
  })
  leaving.once('data', () => leaving.destroy())
  leaving.on('error', () => undefined)
  await new Promise((resolve) => leaving.once('close', resolve))
  const deadline = Date.now() + 10_000
  while ((await ask()).statusCode !== 200) assert.ok(Date.now() < deadline, 'the lock was never given back')
  assert.equal(server.platform.database.pool.waitingCount, 0)
})

test('a file that is gone from the store is named, and the rest is whole', async () => {
  const put = (name: string): Promise<unknown> =>
    record(asAdmin(), async (tx) => {
      tx.observed()
      const keyId = tx.id()
      await newBlobKey(server.platform, tx.db, keyId, tx.now)
      await putBlob(server.platform, tx.db, {
        name,
        keyId,
        customerId: team.acme.id,
        bytes: Buffer.from(name),
        at: tx.now,
      })
    })
  await put('files/kept')
  await put('files/lost')
  rmSync(join(blobFolder(server.platform), 'files/lost.enc'))
  // A file without a row is no part of the snapshot: its transaction never committed.
  const stray = join(blobFolder(server.platform), 'files/stray.enc')
  mkdirSync(dirname(stray), { recursive: true })
  writeFileSync(stray, 'stray')
  const { manifest } = await readAll(writeBackup(source(await look())))
  assert.deepEqual(manifest.blobs.gone, ['files/lost'])
  assert.equal(manifest.blobs.files, 1)
})
