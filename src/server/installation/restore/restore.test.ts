/** Restored, an installation is the one that was backed up: same rows, same guards, later numbers, held. Anything else is refused whole. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import pg from 'pg'
import { z } from 'zod'
import { parseSeal, sealText, type BackupHead } from '../../../domain/installation/backup/format.ts'
import { readTar, TAR_END, tarHeader, tarPadding } from '../../../domain/installation/backup/tar.ts'
import { boot } from '../../platform/boot.ts'
import { blobFolder, newBlobKey, putBlob } from '../../platform/blobs.ts'
import { readConfig } from '../../platform/config.ts'
import { systemCtx } from '../../platform/context.ts'
import { defineEvent } from '../../platform/events.ts'
import { asAnybody, being } from '../../platform/http/as-anybody.fixture.ts'
import { openHttp } from '../../platform/http/server.ts'
import { openEventSource } from '../../platform/live/event-source.fixture.ts'
import { openFeed } from '../../platform/live/feed.ts'
import { bindLiveStream } from '../../platform/live/stream.ts'
import { silentLog } from '../../platform/log.ts'
import { record } from '../../platform/record.ts'
import { until } from '../../platform/until.fixture.ts'
import { seedTeam, type SeededTeam } from '../../testing/seed.ts'
import { testDatabase, type TestDatabase } from '../../testing/test-database.ts'
import { testServer, type TestServer } from '../../testing/test-server.ts'
import { keyCheckOf, sealOf } from '../archive/key-check.ts'
import { writeBackup } from '../archive/write-backup.ts'
import { copyOut } from '../store/copy.ts'
import { openSnapshot } from '../store/snapshot.ts'
import { knownMigrations, restore, type Restored } from './restore.ts'

let server: TestServer
let team: SeededTeam
let archive: Buffer
let noKeys: string
let target: TestDatabase
let client: pg.Client
let blobs: string | undefined

before(async () => {
  server = await testServer()
  team = await seedTeam(server)
  await record(server.as(team.administrator.actor), async (tx) => {
    tx.observed()
    const keyId = tx.id()
    await newBlobKey(server.platform, tx.db, keyId, tx.now)
    const bytes = Buffer.from('a recorded chunk')
    await putBlob(server.platform, tx.db, {
      name: 'recordings/one',
      keyId,
      customerId: team.acme.id,
      bytes,
      at: tx.now,
    })
  })
  // What the old processes held, and a link that is still in somebody's mail.
  await outsideOfVerbs(`insert into tasks (id, kind, lane, due_at, created_at, lease_until_at, leased_by)
    values (gen_random_uuid(), 'page.send', 'page', 5, 5, 99999999999999, gen_random_uuid())`)
  await outsideOfVerbs(`insert into one_time_tokens (token_hash, purpose, created_at, expires_at)
    values ('\\x01', 'acknowledge', 1, 99999999999999)`)
  archive = await takeBackup()
  noKeys = mkdtempSync(join(tmpdir(), 'fortnight-no-keys-'))
})
after(async () => {
  await server.stop()
  rmSync(noKeys, { recursive: true, force: true })
})

const outsideOfVerbs = (statement: string) => server.platform.database.pool.query(statement)

const takeBackup = async (): Promise<Buffer> => {
  const snapshot = await openSnapshot(server.platform.database.pool, async () => undefined)
  assert.ok(snapshot)
  const { derive } = server.platform.secrets
  const about = {
    format: 'fortnight-backup' as const,
    v: 1,
    id: server.platform.ids.next(server.clock.now()),
    takenAt: server.clock.now(),
    organisation: team.organisation,
    fortnight: '0.1.0',
    keyCheck: keyCheckOf(derive),
  }
  const source = {
    snapshot,
    about,
    blobFolder: blobFolder(server.platform),
    seal: (bytes: Uint8Array) => sealOf(derive, bytes),
  }
  return Buffer.concat(await Array.fromAsync(writeBackup(source)))
}

const openTarget = async (): Promise<void> => {
  target = await testDatabase({ empty: true })
  client = new pg.Client({ connectionString: target.connectionString })
  await client.connect()
  blobs = mkdtempSync(join(tmpdir(), 'fortnight-blobs-'))
}
const closeTarget = async (): Promise<void> => {
  await client.end()
  await target.drop()
  rmSync(blobs ?? noKeys, { recursive: true, force: true })
}
let open = false
afterEach(async () => {
  if (open) await closeTarget()
  open = false
})

const restoreInto = async (bytes: Buffer, keysFolder = noKeys): Promise<Restored> => {
  if (!open) await openTarget()
  open = true
  return restore({
    config: readConfig({ FORTNIGHT_DATA: blobs ?? noKeys }),
    connectionString: target.connectionString,
    archive: (async function* () {
      for (let at = 0; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000)
    })(),
    blobFolder: join(blobs ?? noKeys, 'blobs'),
    keysFolder,
    say: () => undefined,
  })
}

const refused = async (bytes: Buffer, why: RegExp, keysFolder?: string): Promise<void> => {
  rmSync(join(blobs ?? noKeys, 'blobs'), { recursive: true, force: true })
  await assert.rejects(restoreInto(bytes, keysFolder), why)
  const { rows } = await client.query(
    `select relname from pg_class where relnamespace = 'public'::regnamespace`,
  )
  assert.deepEqual(rows, [], 'the database is as empty as before')
}

const textOf = async (ask: pg.ClientBase, table: string, columns: string): Promise<string> => {
  const reading = copyOut(ask, `copy (select ${columns} from "${table}" order by 1) to stdout`)
  const parts: Buffer[] = []
  for await (const part of reading) parts.push(part)
  return Buffer.concat(parts).toString()
}

test('every row of every table is what it was; only the hold and the restore itself are new', async () => {
  const { manifest } = await restoreInto(archive)
  const original = new pg.Client({ connectionString: server.connectionString })
  await original.connect()
  const own = `type not in ('installation.restored')`
  for (const { name } of manifest.tables) {
    const { rows } = await client.query<{ columns: string }>(
      `select string_agg(quote_ident(attname), ', ' order by attnum) as columns from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and not attisdropped and attname not in ('xid', 'held_at', 'held_reason',
         'leased_by', 'lease_until_at', 'used_at', 'stopped_at')`,
      [`"${name}"`],
    )
    const columns = rows[0]?.columns ?? ''
    const before = (await textOf(original, name, columns)).split('\n')
    const now = (await textOf(client, name, columns)).split('\n')
    const added = now.filter((line) => !before.includes(line))
    const lost = before.filter((line) => !now.includes(line))
    assert.deepEqual(lost, [], name)
    const expected = ['events', 'event_bodies', 'ledger_pending'].includes(name) ? 1 : 0
    assert.equal(added.length, expected, `${name}: ${added}`)
  }
  assert.deepEqual((await client.query(`select type from events where not (${own})`)).rows, [
    { type: 'installation.restored' },
  ])
  await original.end()
})

test('it is held, nobody of the old house holds a task, and links in old mails are dead', async () => {
  await restoreInto(archive)
  const { rows } = await client.query(
    `select held_at is not null as held, released_at, held_reason,
       (select count(*)::int from tasks where leased_by is not null or lease_until_at is not null) as leased,
       (select count(*)::int from one_time_tokens where used_at is null) as links,
       (select count(*)::int from processes where stopped_at is null) as running from installation`,
  )
  assert.match(rows[0].held_reason, /^Restored from the backup of \d{4}-/)
  assert.deepEqual(
    { ...rows[0], held_reason: '' },
    { held: true, released_at: null, held_reason: '', leased: 0, links: 0, running: 0 },
  )
})

test('numbers go on where they stopped, and what comes next is later than all there is', async () => {
  await restoreInto(archive)
  const last = await client.query(
    'select max(position)::int as position, max(xid)::text as xid, count(distinct xid)::int as n from events',
  )
  assert.equal(last.rows[0].n, 1, 'the old order of transactions means nothing here')
  await client.query(`insert into events (id, stream_kind, stream_id, version, type, v, at, recorded_at, actor_kind, via)
    values (gen_random_uuid(), 'x', gen_random_uuid(), 1, 'x.y', 1, 0, 0, 'system', 'system')`)
  const next = await client.query(
    `select position::int, xid > $1::text::xid8 as later from events where type = 'x.y'`,
    [last.rows[0].xid],
  )
  assert.ok(next.rows[0].position > last.rows[0].position)
  assert.equal(next.rows[0].later, true)
})

const noted = defineEvent('restored-note.made', { area: 'alerts', body: z.object({}) })

test('whoever followed the old house loads everything anew, wherever the numbers stand, and follows on without gap or repeat', async (t) => {
  await restoreInto(archive)
  const config = readConfig({ FORTNIGHT_DATA: blobs ?? noKeys })
  const { connectionString } = target
  const { platform, stop } = await boot({ config, connectionString, roles: ['test'], log: silentLog() })
  const http = openHttp(platform, asAnybody)
  const feed = openFeed(platform)
  bindLiveStream(http, feed)
  await feed.start()
  const url = await http.listen({ port: 0, host: '127.0.0.1' })
  t.after(async () => {
    feed.stop()
    await http.close()
    await stop()
  })
  const note = () =>
    record(systemCtx(platform, 'test'), async (tx) => {
      const stream = tx.id()
      tx.append(noted, { stream, body: {} })
      return stream
    })
  const follow = (place?: string) =>
    openEventSource(url, {
      ...being(team.engineers[0].actor),
      ...(place === undefined ? {} : { 'last-event-id': place }),
    })
  const restoredBy = BigInt((await client.query('select min(xid)::text as xid from events')).rows[0].xid)
  for (let n = 0; n < 3; n++) await note()
  // Before the restore, in it, and behind it where this database has been by now as well.
  for (const xid of [3n, restoredBy - 1n, restoredBy, restoredBy + 1n]) {
    const source = await follow(`${xid}.1`)
    await until('it is told', () => source.messages.some(({ event }) => event === 'reset'))
    assert.deepEqual(source.changes(), [], `from ${xid}`)
    const stream = await note()
    await until('it hears what follows', () => source.changes().length > 0)
    assert.deepEqual(
      source.changes().map(({ data }) => data['id']),
      [stream],
    )
    source.close()
  }
  const source = await follow()
  await until('it is greeted', () => source.messages.length > 0)
  source.close()
  const missed = [await note(), await note()]
  const again = await follow(source.messages.at(-1)?.id)
  await until('it hears what it missed', () => again.changes().length === 2)
  assert.deepEqual(
    again.changes().map(({ data }) => data['id']),
    missed,
  )
  assert.ok(!again.messages.some(({ event }) => event === 'reset'))
  again.close()
})

test('history is append-only, customers are kept apart, and rows belong to each other, as before', async () => {
  await restoreInto(archive)
  await assert.rejects(client.query('update events set type = type'), /append-only/)
  await assert.rejects(client.query('truncate event_bodies cascade'), /append-only/)
  await assert.rejects(client.query('delete from environments'), /foreign key/)
  const { rows } = await client.query(`select count(*)::int as n from pg_class where relforcerowsecurity`)
  const original = await outsideOfVerbs(`select count(*)::int as n from pg_class where relforcerowsecurity`)
  assert.deepEqual(rows, original.rows)
})

test('into a database that holds anything nothing is restored, and nothing of it is touched', async () => {
  await openTarget()
  open = true
  await client.query('create table precious (n integer); insert into precious values (1)')
  await assert.rejects(restoreInto(archive), /not empty \(it has the table precious\)/)
  assert.deepEqual((await client.query('select n from precious')).rows, [{ n: 1 }])
})

type Entry = [name: string, bytes: Buffer]

/** The archive with some entries replaced, and its manifest made to fit: what somebody without the keys could forge. */
const reworked = async (change: (entries: Entry[]) => Entry[]): Promise<Buffer> => {
  const entries: Entry[] = []
  for await (const { name, bytes } of readTar(
    (async function* () {
      yield archive
    })(),
  ))
    entries.push([name, Buffer.concat(await Array.fromAsync(bytes))])
  const changed = change(entries)
  const manifest = changed.find(([name]) => name === 'manifest.json')?.[1] ?? ''
  const old = parseSeal(String(changed.find(([name]) => name === 'manifest.seal')?.[1]))
  const seal = { sha256: createHash('sha256').update(manifest).digest('hex'), hmac: old?.hmac ?? '' }
  changed[changed.length - 1] = ['manifest.seal', Buffer.from(sealText(seal))]
  return Buffer.concat([
    ...changed.flatMap(([name, bytes]) => [
      tarHeader(name, bytes.length, 0),
      bytes,
      tarPadding(bytes.length),
    ]),
    TAR_END,
  ])
}
const withHead = (change: (head: BackupHead) => unknown): Promise<Buffer> =>
  reworked((entries) => {
    const bytes = Buffer.from(JSON.stringify(change(JSON.parse(String(entries[0]?.[1])))))
    return entries.map(([name, old]) => {
      if (name === 'backup.json') return [name, bytes]
      if (name !== 'manifest.json') return [name, old]
      const manifest = JSON.parse(String(old))
      return [
        name,
        Buffer.from(JSON.stringify({ ...manifest, head: createHash('sha256').update(bytes).digest('hex') })),
      ]
    })
  })

test('a backup of a newer version is refused with the version that can restore it', async () => {
  const migration = { name: '9999-from-the-future.sql', sha256: 'a'.repeat(64) }
  await refused(
    await withHead((head) => ({ ...head, fortnight: '7.0.0', migrations: [...head.migrations, migration] })),
    /newer Fortnight \(7\.0\.0; this is .*9999-from-the-future\.sql/,
  )
  await refused(
    await withHead((head) => ({ ...head, v: 2, fortnight: '7.0.0' })),
    /newer Fortnight \(7\.0\.0\)/,
  )
  await refused(
    await withHead((head) => ({
      ...head,
      migrations: head.migrations.map((one, n) => (n === 0 ? { ...one, sha256: 'b'.repeat(64) } : one)),
    })),
    /is not the file that this backup was made with/,
  )
})

test('an older backup gets its own schema, in order; newer migrations are left for the first start', async () => {
  const names = ['0001-platform.sql', '0002-ledger.sql', '0003-people.sql']
  const ours = names.map((name, n) => ({ name, number: n + 1, sql: '', sha256: 'a'.repeat(64) }))
  const known = (some: string[]) =>
    knownMigrations(
      {
        migrations: some.map((name) => ({ name, sha256: 'a'.repeat(64) })),
        fortnight: '0',
      } as unknown as BackupHead,
      ours,
    ).map(({ name }) => name)
  assert.deepEqual(known(['0002-ledger.sql', '0001-platform.sql']), names.slice(0, 2))
  assert.deepEqual(known(names), names)
})

test('keys at hand are asked: others than the backup’s are refused, and so is a seal that they did not make', async () => {
  const { folder } = server.platform.secrets
  assert.equal((await restoreInto(archive, folder)).seal, 'matches')
  await closeTarget()
  open = false
  const other = await testServer()
  await refused(archive, /The keys in .* are not those of this backup/, other.platform.secrets.folder)
  await other.stop()
  // Whoever changes the manifest can make its hash fit, and not its seal.
  const forged = await reworked((entries) =>
    entries.map(([name, bytes]) => [
      name,
      name === 'manifest.json' ? Buffer.concat([bytes, Buffer.from(' ')]) : bytes,
    ]),
  )
  await refused(forged, /its seal was not made with its keys/, folder)
})

test('a file that no row names, and a row whose file is missing, are refused', async () => {
  const lists = (entries: Entry[]): Entry[] => {
    const files = entries.filter(([name]) => name.startsWith('blobs/'))
    const list = Buffer.from(
      files.map(([name, bytes]) => `${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`).join(''),
    )
    return entries.flatMap(([name, bytes]): Entry[] => {
      if (name.startsWith('blob-hashes/')) return files.length > 0 ? [[name, list]] : []
      if (name !== 'manifest.json') return [[name, bytes]]
      const manifest = JSON.parse(String(bytes))
      const sums = {
        files: files.length,
        bytes: files.reduce((sum, [, content]) => sum + content.length, 0),
        sha256: createHash('sha256')
          .update(files.length > 0 ? list : '')
          .digest('hex'),
        gone: [],
      }
      return [[name, Buffer.from(JSON.stringify({ ...manifest, blobs: sums }))]]
    })
  }
  await refused(
    await reworked((entries) =>
      lists(
        entries.map(([name, bytes]) => [
          name === 'blobs/recordings/one.enc' ? 'blobs/recordings/two.enc' : name,
          bytes,
        ]),
      ),
    ),
    /a file that no row names/,
  )
  await refused(
    await reworked((entries) => lists(entries.filter(([name]) => !name.startsWith('blobs/')))),
    /recordings or attached files are missing/,
  )
})

test('rows that break a rule of the database are refused with all the others', async () => {
  const bytes = await reworked((entries) => {
    const at = entries.findIndex(([name]) => name.startsWith('tables/customers/'))
    const [name = '', rows = Buffer.alloc(0)] = entries[at] ?? []
    // Another id for one customer: their environments would belong to nobody.
    const broken = Buffer.from(rows.toString().replace(team.acme.id, '01890000-0000-7000-8000-00000000dead'))
    const sum = createHash('sha256').update(broken).digest('hex')
    return entries.map(([other, old]): Entry => {
      if (other === name) return [name, broken]
      if (other !== 'manifest.json') return [other, old]
      const manifest = JSON.parse(String(old))
      for (const table of manifest.tables) if (table.name === 'customers') table.sha256 = sum
      return [other, Buffer.from(JSON.stringify(manifest))]
    })
  })
  await refused(bytes, /foreign key/)
})
