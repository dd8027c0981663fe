/** An installation under load is backed up, lost, and restored by another process: nothing differs, and nothing is sent by itself. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { checkBackupFile, type CheckedBackup } from '../../src/cli/installation/check-backup-file.ts'
import type { HeldShape, InstallationShape } from '../../src/contract/installation/installation.ts'
import { startEmbeddedPostgres } from '../../src/server/platform/embedded-postgres/index.ts'
import { startMailServer, type MailServer } from '../../src/server/testing/mail-server.ts'
import { run } from './cli.ts'
import {
  killAll,
  sender,
  startServer,
  type Folders,
  type Send,
  type ServerProcess,
} from './server-process.ts'
import { attach, decide, fire, recordShell, setUpTeam, type Team } from './team.ts'

type LedgerView = { sequencer: { state: string }; contradictions: object[]; pending: number }

const folder = mkdtempSync(join(tmpdir(), 'fortnight-backup-'))
const first: Folders = { data: join(folder, 'first'), keys: join(folder, 'keys') }
const second: Folders = { data: join(folder, 'second'), keys: join(folder, 'keys') }
const file = join(folder, 'backup.tar.gz')

let firstMail: MailServer
let secondMail: MailServer
let team: Team
let server: ServerProcess | undefined
let backup: CheckedBackup
/** What was answered with 2xx, in order of the answer. */
const acknowledged = { before: [] as string[], during: [] as string[], after: [] as string[] }
let moment: keyof typeof acknowledged = 'before'
const attachment = randomBytes(300_000)
let attachmentPath: string

before(async () => {
  firstMail = await startMailServer()
  secondMail = await startMailServer()
})
after(async () => {
  await killAll()
  await firstMail.close()
  await secondMail.close()
  rmSync(folder, { recursive: true, force: true })
})

const until = async (what: string, holds: () => Promise<boolean>, withinMs = 30_000): Promise<void> => {
  const deadline = Date.now() + withinMs
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `it never came to be that ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Everybody works at once until told to stop; what is acknowledged is written down. */
const beginLoad = (url: string): (() => Promise<void>) => {
  let on = true
  const forever = async (work: (n: number) => Promise<string | undefined>): Promise<void> => {
    for (let n = 0; on; n++) {
      const done = await work(n)
      if (done !== undefined) acknowledged[moment].push(done)
    }
  }
  const working = [
    forever(async (n) => ((await fire(url, team.key, `Load${n}`)) === 200 ? `alert Load${n}` : undefined)),
    forever(async (n) => {
      await fire(url, team.key, `Load${n}`, 'resolved')
      return undefined
    }),
    forever(async () => `decision ${await decide(team.send)}`),
    forever(async () => `recording ${await recordShell(team.send, 'D-1', 3)}`),
    forever(async () => {
      await attach(team.send, randomBytes(50_000))
      return undefined
    }),
  ]
  return async () => {
    on = false
    await Promise.all(working)
  }
}

let brokenOff = false
/** Each step stands on the one before: after a failure the rest would only repeat it. */
const step = (name: string, work: () => Promise<void>): void =>
  void test(name, async () => {
    assert.ok(!brokenOff, 'an earlier step failed')
    brokenOff = true
    await work()
    brokenOff = false
  })

step('a backup is taken while everybody writes', async () => {
  server = await startServer(first, { SMTP_URL: firstMail.url })
  team = await setUpTeam(server)
  // The mail server answers "later", so that a promise waits in the backup.
  firstMail.refuseWith = 451
  assert.equal(await fire(server.url, team.key, 'WaitsInTheBackup'), 200)
  assert.equal(await decide(team.send), 'D-1')
  attachmentPath = await attach(team.send, attachment)
  await until('a send waits to be tried again', async () => {
    const { body } = await team.send<{ rows: { id: string }[] }>('GET', '/api/pages')
    const { body: page } = await team.send('GET', `/api/pages/${body.rows[0]?.id}`)
    return JSON.stringify(page).includes('451')
  })

  const stopLoad = beginLoad(server.url)
  await until('writing is under way', async () => acknowledged.before.length > 30)
  moment = 'during'
  const done = await run(['backup', '-o', file], first, { url: server.url, token: team.token })
  moment = 'after'
  assert.equal(done.code, 0, done.err)
  await until('writing went on', async () => acknowledged.after.length > 10)
  await stopLoad()
  // The house burns down: no shutdown, nothing said.
  await server.kill()
  server = undefined
  backup = await checkBackupFile(file)
  assert.ok(acknowledged.during.length > 0, 'nothing was written while the backup was taken')
})

const inDatabaseOf = async <T>(data: string, ask: (client: pg.Client) => Promise<T>): Promise<T> => {
  const postgres = await startEmbeddedPostgres({ folder: join(data, 'postgres'), log: () => undefined })
  const client = new pg.Client({ connectionString: postgres.connectionString })
  await client.connect()
  try {
    return await ask(client)
  } finally {
    await client.end()
    await postgres.stop()
  }
}

const filesUnder = (root: string): Map<string, string> => {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return [relative(root, path), createHash('sha256').update(readFileSync(path)).digest('hex')]
    }),
  )
}

step(
  'restored by another process, it has the rows, the files and the ledger heads of the snapshot',
  async () => {
    const done = await run(['restore', file, '--data', second.data], second)
    assert.equal(done.code, 0, done.err + done.out)
    await inDatabaseOf(second.data, async (client) => {
      // The restore itself is an act: one event, its body, its leaf, which is not sequenced yet.
      const added: Record<string, number> = { events: 1, event_bodies: 1, ledger_pending: 1 }
      for (const { name, rows } of backup.manifest.tables) {
        const { rows: counted } = await client.query(`select count(*)::int as n from "${name}"`)
        assert.equal(counted[0].n, rows + (added[name] ?? 0), name)
      }
      const heads = await client.query(
        `select l.id as log, l.origin, h.size::int, encode(h.root, 'base64') as root
       from ledger_heads h join ledger_logs l on l.id = h.log_id order by l.id`,
      )
      assert.deepEqual(heads.rows, backup.manifest.ledger)
      assert.ok(backup.manifest.ledger.length >= 2 && backup.manifest.ledger.every(({ size }) => size > 0))

      const blobs = await client.query<{ name: string }>('select name from blobs')
      const [there, restored] = [
        filesUnder(join(first.data, 'blobs')),
        filesUnder(join(second.data, 'blobs')),
      ]
      assert.equal(restored.size, blobs.rows.length)
      assert.ok(restored.size > 10)
      for (const { name } of blobs.rows)
        assert.equal(restored.get(`${name}.enc`), there.get(`${name}.enc`) ?? 'absent', name)
      // A recording is as far as its chunks are: the snapshot cut through all tables at one instant.
      const torn = await client.query(
        `select r.recording_id from recording_progress r
       where next_chunk <> (select count(*) from recording_chunks c where c.recording_id = r.recording_id)`,
      )
      assert.deepEqual(torn.rows, [])
    })
  },
)

step(
  'whatever was acknowledged before the backup is in it, whatever was asked afterwards is not',
  async () => {
    await inDatabaseOf(second.data, async (client) => {
      const { rows } = await client.query(
        `select 'decision D-' || number as name from decisions union all select 'alert ' || name from alerts
       union all select 'recording ' || id from recordings`,
      )
      const present = new Set(rows.map(({ name }) => name))
      assert.deepEqual(
        acknowledged.before.filter((name) => !present.has(name)),
        [],
      )
      // What was under way at the very end of the backup may have been asked before.
      const late = acknowledged.after.slice(5)
      assert.ok(late.length > 0)
      assert.deepEqual(
        late.filter((name) => present.has(name)),
        [],
      )
    })
  },
)

step('every guard of the database stands as it does in one that was never restored', async () => {
  const guards = (client: pg.Client) =>
    client.query(`
      select 'key', conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated::text from pg_constraint where connamespace = 'public'::regnamespace
      union all select 'trigger', tgrelid::regclass::text, tgname, tgenabled::text, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
      union all select 'rows', relname, relrowsecurity::text, relforcerowsecurity::text, relkind::text from pg_class where relnamespace = 'public'::regnamespace
      union all select 'policy', tablename, policyname, qual, with_check from pg_policies
      union all select 'index', tablename, indexname, indexdef, '' from pg_indexes where schemaname = 'public'
      order by 1, 2, 3`)
  const original = await inDatabaseOf(first.data, guards)
  const restored = await inDatabaseOf(second.data, async (client) => {
    await assert.rejects(client.query('delete from events'), /append-only/)
    await assert.rejects(client.query('truncate ledger_entries'), /append-only/)
    return guards(client)
  })
  assert.deepEqual(restored.rows, original.rows)
})

let send: Send

step('it starts held: alerts are taken in, pages are written, and nothing leaves the house', async () => {
  server = await startServer(second, { SMTP_URL: secondMail.url })
  send = sender(server.url, team.token)
  assert.match(server.said(), /held after a restore/)
  const { held } = (await send<InstallationShape>('GET', '/api/installation')).body
  assert.match(held?.reason ?? '', /^Restored from the backup of /)
  assert.equal(held?.backup?.id, backup.head.id)
  assert.equal(held?.backup?.takenAt, backup.head.takenAt)

  assert.equal(await fire(server.url, team.key, 'WaitsInTheBackup'), 200)
  assert.equal(await fire(server.url, team.key, 'AfterTheRestore'), 200)
  // The engine is at work, and it sees that the ledger was further before the fire than the backup is.
  await until('the ledger refuses to go on from an older head', async () => {
    const { body } = await send<LedgerView>('GET', '/api/evidence')
    return body.sequencer.state === 'stopped' && body.contradictions.length > 0 && body.pending > 0
  })
  const listed = async () => (await send<HeldShape>('GET', '/api/installation/held')).body
  await until(
    'the sighting of the repeated alert is written',
    async () => (await listed()).alertCounts.seenSince >= 2,
  )
  const { tasks, alerts, kinds } = await listed()
  const waits = tasks.find((task) => task.kind === 'page.send' && task.fromBackup)
  assert.deepEqual([waits?.person?.name, waits?.channel], ['Ada Example', 'email'])
  assert.match(waits?.page?.title ?? '', /WaitsInTheBackup/)
  const said = alerts.find((alert) => alert.name === 'WaitsInTheBackup')
  assert.deepEqual([said?.fromBackup, said?.seenSince], [true, true])
  const fresh = alerts.find((alert) => alert.name === 'AfterTheRestore')
  assert.deepEqual([fresh?.fromBackup, fresh?.seenSince], [false, true])
  assert.ok(kinds.some((row) => row.kind === 'session.abandon' && !row.standsStill))
  assert.equal(secondMail.received.length, 0)
})

step('what was encrypted before the fire opens after it, with the same keys', async () => {
  const reply = await fetch(`${server?.url}${attachmentPath}`, {
    headers: { authorization: `Bearer ${team.token}` },
  })
  assert.equal(reply.status, 200)
  assert.deepEqual(Buffer.from(await reply.arrayBuffer()), attachment)
})

step('released, what was expired ends with an outcome and everything else is sent', async () => {
  assert.equal(secondMail.received.length, 0, 'nothing was sent while it was held')
  const done = await run(
    ['release', '--reason', 'looked at all of it', '--expire', 'page.send'],
    second,
    server && { url: server.url, token: team.token },
  )
  assert.equal(done.code, 0, done.err)
  assert.match(done.out, /Expired: \d+ × page\.send/)
  const again = await send('POST', '/api/installation/held/release', { expire: [], reason: 'twice' })
  assert.deepEqual([again.status, again.body.code], [409, 'not-held'])

  // Promises that came with the backup are over; the page's own escalation, which was not expired, goes on and mails.
  // The built-in policy has a patience of a minute: on a quick machine the step is not due before.
  await until('somebody is mailed', async () => secondMail.received.length > 0, 150_000)
  assert.equal((await send<InstallationShape>('GET', '/api/installation')).body.held, null)
  await server?.stop()
  server = undefined
  await inDatabaseOf(second.data, async (client) => {
    const { rows } = await client.query(
      `select status, outcome from page_intents where intended_at < $1 and channel = 'email'`,
      [backup.head.takenAt],
    )
    assert.ok(
      rows.some((row) => row.status === 'cancelled' && row.outcome.startsWith('expired after restore')),
    )
    assert.deepEqual(
      rows.filter((row) => row.status === 'intended'),
      [],
    )
    const { rows: acts } = await client.query(
      `select type, count(*)::int as n from events where type like 'installation.%' group by 1 order by 1`,
    )
    assert.deepEqual(
      acts,
      [
        { type: 'installation.backed-up', n: 1 },
        { type: 'installation.created', n: 1 },
        { type: 'installation.released', n: 1 },
        { type: 'installation.restored', n: 1 },
        { type: 'installation.renamed', n: 1 },
        { type: 'installation.setup-link-issued', n: 1 },
      ].sort((a, b) => a.type.localeCompare(b.type, 'en')),
    )
  })
})
