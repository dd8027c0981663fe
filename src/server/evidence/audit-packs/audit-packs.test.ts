/** A pack shows the whole period, verifies by two verifiers, is recorded, and is not made of what was tampered with. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { askSecondVerifier, noPython } from '../../../../acceptance/second-verifier/second-verifier.ts'
import { runVerify } from '../../../cli/verify/run-verify.ts'
import { readZip } from '../../../cli/verify/zip-read.ts'
import { workedPeriod, type Period } from './period.fixture.ts'

let period: Period
let folder: string

before(async () => {
  period = await workedPeriod()
  folder = mkdtempSync(join(tmpdir(), 'fortnight-pack-'))
})
after(async () => {
  await period.stop()
  rmSync(folder, { recursive: true, force: true })
})

const filesOf = (zip: Buffer): ReadonlyMap<string, Uint8Array> => {
  const read = readZip(zip, 64 * 1024 * 1024)
  assert.ok('files' in read)
  return read.files
}
const textOf = (files: ReadonlyMap<string, Uint8Array>, path: string): string =>
  Buffer.from(files.get(path) ?? []).toString()

const save = (name: string, bytes: Buffer | string): string => {
  const file = join(folder, name)
  writeFileSync(file, bytes)
  return file
}

const verify = async (...words: string[]): Promise<{ code: number; said: string }> => {
  const said: string[] = []
  const write = (line: string): void => void said.push(line)
  return { code: await runVerify(words, { out: write, err: write }), said: said.join('\n') }
}

const keys = async (): Promise<string> =>
  save('keys.txt', (await period.ask('GET', '/evidence/keys.txt')).bytes)

const ready = async (more: object = {}): Promise<{ pack: Record<string, unknown>; zip: Buffer }> => {
  const pack = await period.pack(more)
  assert.equal(pack['status'], 'ready', JSON.stringify(pack))
  return { pack, zip: await period.download(pack['id']) }
}

const query = async <T extends object>(text: string, values: unknown[] = []): Promise<T[]> =>
  (await period.server.platform.database.pool.query<T>(text, values)).rows

test('a pack is built, verified, downloaded, and both verifiers accept it with the keys of the installation', async () => {
  const { pack, zip } = await ready()
  assert.equal(createHash('sha256').update(zip).digest('hex'), pack['sha256'])
  const file = save('pack.zip', zip)
  const { code, said } = await verify(file, '--policy', await keys())
  assert.equal(code, 0, said)
  assert.equal((await verify(file)).code, 2, 'without a policy nobody is trusted')
  if (noPython) return
  const [answer] = await askSecondVerifier([[file, '--policy', await keys()]])
  assert.equal(answer?.code, 0, answer?.said ?? '')
})

test('the period is whole: one entry beyond each end, everything between, words, recording, file and received alerts', async () => {
  const { zip } = await ready()
  const files = filesOf(zip)
  const manifest = JSON.parse(textOf(files, 'manifest.json'))
  const [log] = manifest.logs
  const register = textOf(files, 'register.csv')
  for (const what of ['Before the period', 'Drain n1', 'After the period', 'Drained n1'])
    assert.ok(register.includes(what), what)
  assert.ok(!register.includes('Long after the period'), 'no more than one entry beyond the end')
  const cast = [...files].find(([path]) => path.endsWith('.cast'))
  assert.match(gunzipSync(cast?.[1] ?? Buffer.alloc(0)).toString(), /^\{"version":3.*\n\[0\.5,"o","hi"\]\n$/s)
  const attached = [...files].find(([path]) => path.startsWith('blobs/'))
  assert.equal(Buffer.from(attached?.[1] ?? []).toString(), 'plain notes')
  const rows = [...files].find(([path]) => path.startsWith(`log/${log.log}/observations/`))
  assert.equal(
    Buffer.from(rows?.[1] ?? [])
      .toString()
      .trim()
      .split('\n').length,
    2,
  )
  assert.equal(manifest.scope.environments, 'acme-prod')
  assert.ok(log.from > 0 && log.to < log.end)
})

test('entries of sessions and decisions say which signed head their writer had seen', async () => {
  await period.sequencer.catchUp()
  const { number } = await period.decide('Sees a head')
  await period.sequencer.catchUp()
  const [row] = await query<{ leaf: Buffer; seq: number }>(
    `select n.leaf, n.seq from ledger_entries n join events e on e.id = n.id join event_bodies b on b.event_id = e.id
     where e.type = 'decision.proposed' and array_to_string(b.disclosures, '') like '%Sees a head%'`,
  )
  assert.ok(row && number)
  const { prev_cp: seen } = JSON.parse(row.leaf.toString()) as { prev_cp: { size: number; root: string } }
  const known = await query(
    `select 1 from ledger_checkpoints where log_id = ${acmeLog} and size = $1 and root = $2`,
    [seen.size, Buffer.from(seen.root, 'base64')],
  )
  assert.equal(known.length, 1)
  assert.ok(seen.size > 0 && seen.size <= row.seq)
})

test('the same rows give the same files but for the time and the id', async () => {
  const [one, two] = [filesOf((await ready()).zip), filesOf((await ready()).zip)]
  const differing = [...one.keys()].filter(
    (path) => !Buffer.from(one.get(path) ?? []).equals(Buffer.from(two.get(path) ?? [])),
  )
  const changed = new Set(['README.html', 'manifest.json', 'manifest.note'])
  // The log has grown by the export of the first.
  const grown = differing.filter(
    (path) => !changed.has(path) && !/checkpoint\.end|range\.json|consistency/.test(path),
  )
  assert.deepEqual(grown, [])
})

test('README.html and the register name people, run nothing, and cannot be made to', async () => {
  const files = filesOf((await ready()).zip)
  const readme = textOf(files, 'README.html')
  assert.ok(readme.includes(period.team.engineers[0].name))
  assert.ok(readme.includes('Drained n1 &amp; moved &lt;its&gt; pods'))
  assert.ok(!/<script|javascript:|\son[a-z]+=/i.test(readme))
  assert.ok(!/https?:\/\/|url\(/.test(readme.replaceAll('http-equiv', '')), 'nothing is fetched')
  for (const section of ['Decision Log', 'Operator Log', 'Incidents', 'Pages', 'Who is who'])
    assert.ok(readme.includes(section))
  assert.match(readme, /kubectl drain n1/)
  for (const row of textOf(files, 'register.csv').split('\r\n'))
    assert.ok(!/(^|,)"?[=+@\t-]/.test(row.replaceAll('""', '')), 'no cell is a formula')
  const links = [...readme.matchAll(/href="([^"#]+)"/g)].map(([, path]) => path ?? '')
  assert.ok(links.length >= 2)
  for (const path of links) assert.ok(files.has(path), path)
})

test('that a pack was asked for, made and taken away is in the log; taking it twice at once is one taking', async () => {
  const { pack } = await ready()
  await period.download(pack['id'])
  const rows = await query<{ type: string; environment_id: string | null }>(
    'select type, environment_id from events where stream_id = $1 order by version',
    [pack['id']],
  )
  assert.deepEqual(
    rows.map(({ type, environment_id: environment }) => [type, environment]),
    [
      ['pack.requested', null],
      ['evidence.exported', period.team.acmeProd.id],
      ['evidence.downloaded', period.team.acmeProd.id],
    ],
  )
})

test('a later pack follows from the checkpoint of an earlier one', async () => {
  const first = filesOf((await ready()).zip)
  const path = [...first.keys()].find((name) => name.endsWith('checkpoint.end')) ?? ''
  const kept = save('kept.note', textOf(first, path))
  await period.decide('Something more')
  await period.sequencer.catchUp()
  const second = save('second.zip', (await ready()).zip)
  const { code, said } = await verify(second, '--policy', await keys(), '--since', kept)
  assert.equal(code, 0, said)
})

test('one pack, one customer; who may not export gets none; nonsense is refused with a reason', async () => {
  const { ask, team, from, to } = period
  const wanted = { environments: ['acme-prod'], from, to, purpose: 'Sample' }
  const post = (payload: object, person = team.auditor) => ask('POST', '/api/evidence/packs', payload, person)
  const mixed = await post({ ...wanted, environments: ['acme-prod', 'globex-prod'] })
  assert.equal(mixed.status, 409)
  assert.match(String(mixed.body['detail']), /several customers/)
  assert.equal((await post(wanted, team.engineers[1])).status, 403)
  assert.equal((await post({ ...wanted, environments: ['nowhere'] })).status, 404)
  for (const bad of [
    { to: from },
    { environments: [] },
    { purpose: '' },
    { organisation: true },
    { from: 'yesterday' },
  ])
    assert.equal((await post({ ...wanted, ...bad })).status, 422, JSON.stringify(bad))
})

test('two environments of one customer share a pack, and the organisation log has one of its own', async () => {
  for (const more of [
    { environments: ['acme-prod', 'acme-staging'] },
    { environments: undefined, organisation: true },
  ]) {
    const { zip } = await ready(more)
    const { code, said } = await verify(save('other.zip', zip), '--policy', await keys())
    assert.equal(code, 0, said)
  }
})

test('while entries wait to be signed the pack waits, says so, and gives up after a minute with the reason', async () => {
  const { ask, team, server, sequencer, from, to } = period
  await sequencer.stop()
  await period.decide('Not sequenced')
  const asked = await ask(
    'POST',
    '/api/evidence/packs',
    { environments: ['acme-prod'], from, to, purpose: 'Waits' },
    team.auditor,
  )
  const status = async () =>
    (await ask('GET', `/api/evidence/packs/${String(asked.body['id'])}`, undefined, team.auditor)).body
  await server.tasks.drain()
  assert.equal((await status())['status'], 'building')
  assert.match(String((await status())['step']), /Waiting for [12] entries/)
  server.clock.advance(61_000)
  await server.tasks.drain()
  const failed = await status()
  assert.equal(failed['status'], 'failed')
  assert.match(JSON.stringify(failed['failure']), /evidence-waits.*no process with the ledger key sequences/)
  await sequencer.catchUp()
  await ready()
})

test('a pack is withdrawn when words are erased, and the next one accounts for what is gone', async () => {
  const { ask, team } = period
  const { pack } = await ready()
  const [event] = await query<{ id: string }>(
    `select e.id from events e join event_bodies b on b.event_id = e.id
     where e.type = 'decision.proposed' and array_to_string(b.disclosures, '') like '%Drain n1%'`,
  )
  const erased = await ask(
    'POST',
    '/api/evidence/erasures',
    { eventId: event?.id, fields: ['why'], reason: 'Somebody was named in it.' },
    team.administrator,
  )
  assert.equal(erased.status, 200, JSON.stringify(erased.body))
  const gone = await ask('GET', `/api/evidence/packs/${String(pack['id'])}`, undefined, team.auditor)
  assert.equal(gone.body['status'], 'withdrawn')
  assert.equal(
    (await ask('GET', `/api/evidence/packs/${String(pack['id'])}/download`, undefined, team.auditor)).status,
    409,
  )
  assert.deepEqual(await query('select 1 from blob_keys where id = $1', [pack['id']]), [])
  const next = await ready()
  const { code, said } = await verify(save('erased.zip', next.zip), '--policy', await keys())
  assert.equal(code, 0, said)
  assert.match(said, /1 erased by a recorded act/)
  const readme = textOf(filesOf(next.zip), 'README.html')
  assert.ok(readme.includes('erased; an entry of the log says by whom and why'))
})

test('a pack is kept for seven days', async () => {
  const { pack } = await ready()
  period.server.clock.advance(7 * 24 * 3_600_000 + 1)
  await query(`update tasks set due_at = 0 where kind = 'pack.sweep'`)
  const { withdrawOldPacks } = await import('./withdraw-packs.ts')
  const { systemCtx } = await import('../../platform/context.ts')
  await withdrawOldPacks(systemCtx(period.server.platform, 'pack.sweep'), () => undefined)
  const { body } = await period.ask(
    'GET',
    `/api/evidence/packs/${String(pack['id'])}`,
    undefined,
    period.team.auditor,
  )
  assert.equal(body['status'], 'withdrawn')
  assert.match(JSON.stringify(body['failure']), /seven days/)
})

// What somebody with the database's own superuser, or the disk, might do.
const acmeLog = `(select id from ledger_logs where environment_id = (select id from environments where slug = 'acme-prod'))`
const drain = `(select e.id from events e join event_bodies b on b.event_id = e.id
  where e.type = 'decision.proposed' and array_to_string(b.disclosures, '') like '%Drain n1%' limit 1)`
const attacks: readonly { name: string; table: string; sql: string }[] = [
  {
    name: 'an entry is rewritten',
    table: 'ledger_entries',
    sql: `update ledger_entries set leaf = convert_to(replace(convert_from(leaf, 'UTF8'), '"via":"api"', '"via":"web"'), 'UTF8') where id = ${drain}`,
  },
  {
    name: 'an entry is rewritten and its hash fitted',
    table: 'ledger_entries',
    sql: `update ledger_entries set leaf = x.leaf, leaf_hash = sha256('\\x00'::bytea || x.leaf)
      from (select id, convert_to(replace(convert_from(leaf, 'UTF8'), '"via":"api"', '"via":"web"'), 'UTF8') as leaf from ledger_entries) x
      where x.id = ledger_entries.id and ledger_entries.id = ${drain}`,
  },
  {
    name: 'an entry is removed',
    table: 'ledger_entries',
    sql: `delete from ledger_entries where id = ${drain}`,
  },
  {
    name: 'two entries change places',
    table: 'ledger_entries',
    sql: `update ledger_entries a set leaf = b.leaf, leaf_hash = b.leaf_hash, at = b.at from ledger_entries b
      where a.log_id = ${acmeLog} and b.log_id = a.log_id and a.seq in (6, 7) and b.seq = 13 - a.seq`,
  },
  {
    name: 'the words of a decision are replaced',
    table: 'event_bodies',
    sql: `update event_bodies set disclosures = array(select replace(d, 'Drain n1', 'Drain n2') from unnest(disclosures) d) where event_id = ${drain}`,
  },
  {
    name: 'words are removed without an erasure',
    table: 'event_bodies',
    sql: `update event_bodies set disclosures = disclosures[2:] where event_id = ${drain}`,
  },
  {
    name: 'a removal passes for an erasure that never was',
    table: 'event_bodies',
    sql: `insert into erasures (event_id, digest, field, erased_at, erased_by_event_id)
        select ${drain}, 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'why', 0, n.id from ledger_entries n
        where n.log_id = ${acmeLog} order by seq desc limit 1`,
  },
  {
    name: 'a received alert is changed after it was sealed',
    table: 'alert_receipts',
    sql: `update alert_receipts set alert_count = 0, digest = sha256('other') where environment_id = (select environment_id from ledger_logs where id = ${acmeLog}) and number = 1`,
  },
  {
    name: 'a received alert is removed after it was sealed',
    table: 'alert_receipts',
    sql: `delete from alert_receipts where number = 2`,
  },
]

const KEYS: Readonly<Record<string, string>> = {
  ledger_entries: 'id',
  event_bodies: 'event_id',
  alert_receipts: 'number',
}

/** With triggers off, as a superuser can; afterwards every row that was there is as it was. */
const whileTampered = async (table: string, statement: string, work: () => Promise<void>): Promise<void> => {
  const key = KEYS[table]
  await query(`create table saved as select * from ${table}`)
  await query(`alter table ${table} disable trigger user`)
  try {
    await query(`begin; set local fortnight.class_guard = 'off'; ${statement}; commit`)
    await work()
  } finally {
    await query(`begin; set local fortnight.class_guard = 'off'; delete from erasures where digest like 'AAAA%';
      delete from ${table} where ${key} in (select ${key} from saved);
      insert into ${table} select * from saved; commit`)
    await query(`alter table ${table} enable trigger user`)
    await query('drop table saved')
  }
}

for (const { name, table, sql } of attacks) {
  test(`no pack is handed out when ${name}`, async () => {
    await whileTampered(table, sql, async () => {
      const pack = await period.pack()
      assert.equal(pack['status'], 'failed', JSON.stringify(pack))
      assert.match(JSON.stringify(pack['failure']), /evidence-contradicts/)
      assert.equal(pack['downloadUrl'], null)
    })
    assert.equal((await period.pack())['status'], 'ready', 'put back as it was')
  })
}

test('no pack is handed out when a stored file was changed or is gone', async () => {
  const [row] = await query<{ name: string }>(`select name from blobs where name like 'attachments/%'`)
  const file = join(period.server.platform.config.FORTNIGHT_DATA, 'blobs', `${row?.name}.enc`)
  const bytes = readFileSync(file)
  const changed = Buffer.from(bytes)
  changed.writeUInt8(changed.readUInt8(20) ^ 1, 20)
  for (const tamper of [() => writeFileSync(file, changed), () => rmSync(file)]) {
    tamper()
    const pack = await period.pack()
    assert.equal(pack['status'], 'failed')
    assert.match(JSON.stringify(pack['failure']), /file-missing.*gone or was changed/)
    writeFileSync(file, bytes)
  }
  await ready()
})
