/** A span of a stored recording that was redacted: gone for every reader, declared in the log, and believed by both verifiers. */
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { resigned } from '../../../../acceptance/second-verifier/resigned.ts'
import { askSecondVerifier, noPython } from '../../../../acceptance/second-verifier/second-verifier.ts'
import { runVerify } from '../../../cli/verify/run-verify.ts'
import { readZip } from '../../../cli/verify/zip-read.ts'
import { zipOfFiles } from '../../../cli/verify/zip-write.ts'
import { blobFolder } from '../../platform/blobs.ts'
import type { SeededPerson } from '../../testing/seed.ts'
import { workedPeriod, type Period } from './period.fixture.ts'

let period: Period
let folder: string
let session: string

const HEADER = '{"version":3,"term":{"cols":80,"rows":24}}\n'
/** Chunk 1 begins at 1 s; the secret is shown at 2.5 s, its twin in chunk 3 has the same bytes. */
const CHUNKS = [
  `${HEADER}[1.000, "o", "first "]\n`,
  '[0.500, "o", "hello "]\n[1.000, "o", "s3cret-word "]\n[0.250, "o", "after "]\n',
  '[0.250, "o", "more "]\n[1.000, "o", "second-slip "]\n',
  '[0.500, "o", "hello "]\n[1.000, "o", "s3cret-word "]\n[0.250, "o", "after "]\n',
]

before(async () => {
  period = await workedPeriod()
  folder = mkdtempSync(join(tmpdir(), 'fortnight-redacted-'))
  const decision = await period.decide('Rotate a token')
  session = await period.recordShell(String(decision['number']), CHUNKS)
  period.server.clock.advance(60_000)
})
after(async () => {
  await period.stop()
  rmSync(folder, { recursive: true, force: true })
})

const query = async <T extends object>(text: string, values: unknown[] = []): Promise<T[]> =>
  (await period.server.platform.database.pool.query<T>(text, values)).rows

const cast = async (): Promise<string> => {
  const headers = { authorization: `Bearer ${period.team.auditor.token}` }
  return (await period.server.http.inject({ url: `/api/recordings/${session}/cast`, headers })).body
}

const redact = (fromMs: number, toMs: number, person: SeededPerson = period.team.administrator) =>
  period.ask(
    'POST',
    `/api/recordings/${session}/redactions`,
    { fromMs, toMs, why: 'A password was shown' },
    person,
  )

const readyPack = async (): Promise<Buffer> => {
  const pack = await period.pack({ to: period.server.clock.now() })
  assert.equal(pack['status'], 'ready', JSON.stringify(pack))
  return period.download(pack['id'])
}

const save = (name: string, bytes: Uint8Array): string => {
  const file = join(folder, name)
  writeFileSync(file, bytes)
  return file
}

/** Exit code of both verifiers, which have to agree. */
const verdictOn = async (
  name: string,
  zip: Uint8Array,
  since?: string,
): Promise<{ code: number; said: string }> => {
  const keys = save('keys.txt', (await period.ask('GET', '/evidence/keys.txt')).bytes)
  const words = [save(name, zip), '--policy', keys, ...(since ? ['--since', since] : [])]
  const said: string[] = []
  const write = (line: string): void => void said.push(line)
  const code = await runVerify(words, { out: write, err: write })
  if (!noPython) {
    const [answer] = await askSecondVerifier([words])
    assert.equal(answer?.code, code, `${said.join('\n')}\n${answer?.said}`)
  }
  return { code, said: said.join('\n') }
}

const filesOf = (zip: Uint8Array): ReadonlyMap<string, Uint8Array> => {
  const read = readZip(zip, 64 * 1024 * 1024)
  assert.ok('files' in read)
  return read.files
}
const castIn = (files: ReadonlyMap<string, Uint8Array>): [string, Uint8Array] => {
  const found = [...files].find(([path]) => path.endsWith(`${session}.cast`))
  assert.ok(found)
  return found
}

let before1: Buffer

test('whoever may not erase cannot redact a closed session, and a span is shown no more from the asking on', async () => {
  before1 = await readyPack()
  assert.equal((await verdictOn('before.zip', before1)).code, 0)
  assert.match(await cast(), /s3cret-word/)
  assert.equal((await redact(2_400, 2_600, period.team.engineers[0])).status, 403)
  assert.equal((await redact(2_400, 2_600, period.team.engineers[1])).status, 404)
  const asked = await redact(2_400, 2_600)
  assert.equal(asked.status, 202, JSON.stringify(asked.body))
  const shown = await cast()
  assert.equal(
    shown.match(/s3cret-word/g)?.length,
    1,
    'before the stored chunk is replaced: only the later one is left',
  )
  const { body } = await period.ask('GET', `/api/recordings/${session}`)
  const [cut] = body['cuts'] as { fromMs: number; why: string; done: boolean; by: { name: string } }[]
  assert.deepEqual(
    [cut?.fromMs, cut?.why, cut?.done, cut?.by.name],
    [2_400, 'A password was shown', false, period.team.administrator.name],
  )
})

test('the stored chunk is replaced and its file destroyed, with every chunk of the same bytes; the rest is as it was', async () => {
  const [old] = await query<{ name: string }>(`select name from blobs where name like $1`, [
    `recordings/${session}/000001`,
  ])
  const file = join(blobFolder(period.server.platform), `${old?.name}.enc`)
  assert.ok(existsSync(file))
  await period.server.tasks.drain()
  assert.ok(!existsSync(file))
  const names = await query<{ name: string }>(`select name from blobs where name like $1 order by name`, [
    `recordings/${session}/%`,
  ])
  assert.deepEqual(
    names.map(({ name }) => name.slice(-8).replace(/^.*\//, '')),
    ['000000', '000001-1', '000002', '000003-1'],
  )
  const shown = await cast()
  assert.doesNotMatch(shown, /s3cret-word/)
  assert.match(shown, /first .*hello .*redacted: 0.2 s.*after .*more .*second-slip/s)
  const { body } = await period.ask('GET', `/api/recordings/${session}`)
  assert.deepEqual(
    (body['cuts'] as { done: boolean }[]).map(({ done }) => done),
    [true],
  )
})

test('packs that held it are withdrawn; the next one verifies by both, says who and why, and an old checkpoint still leads to it', async () => {
  const packs = await query<{ status: string }>(`select status from audit_packs`)
  assert.ok(packs.every(({ status }) => status === 'withdrawn'))
  const zip = await readyPack()
  const files = filesOf(zip)
  const [, bytes] = castIn(files)
  assert.doesNotMatch(gunzipSync(bytes).toString(), /s3cret-word/)
  const kept = [...filesOf(before1)].find(([path]) => path.endsWith('checkpoint.end'))
  const { code, said } = await verdictOn('redacted.zip', zip, save('kept.note', kept?.[1] ?? Buffer.alloc(0)))
  assert.equal(code, 0, said)
  const disclosed = [...files].find(([path]) => path.endsWith('disclosures.ndjson'))
  assert.match(Buffer.from(disclosed?.[1] ?? []).toString(), /A password was shown/)
})

test('a redaction after a redaction of the same chunk is accounted for, too', async () => {
  assert.equal((await redact(1_400, 1_600)).status, 202)
  await period.server.tasks.drain()
  assert.match(await cast(), /"o", "after "/)
  assert.equal((await cast()).match(/hello/g), null, 'twins are one digest')
  const { code, said } = await verdictOn('twice.zip', await readyPack())
  assert.equal(code, 0, said)
})

test('a silent change is refused: other bytes in the place of a replacement, or of a chunk that nobody redacted', async () => {
  const zip = await readyPack()
  const files = filesOf(zip)
  const [path, bytes] = castIn(files)
  const [, honest] = castIn(filesOf(before1))
  for (const [name, forged] of [
    ['undone.zip', honest],
    ['cut-off.zip', bytes.subarray(0, -10)],
  ] as const) {
    const attack = zipOfFiles(resigned(new Map([...files, [path, forged]])))
    // Signed by a stranger's key, and a contradiction wins over that.
    assert.equal((await verdictOn(name, attack)).code, 1, name)
  }
  const stored = ['000001-2', '000003-2'].map((name) =>
    join(blobFolder(period.server.platform), `recordings/${session}/${name}.enc`),
  )
  const whole = stored.map((file) => readFileSync(file))
  for (const file of stored) rmSync(file)
  const refused = await period.pack({ to: period.server.clock.now() })
  assert.match(JSON.stringify(refused['failure']), /file-missing/)
  stored.forEach((file, i) => writeFileSync(file, whole[i] ?? ''))
})

test('the same span twice is one, and a pack waits while a redaction is under way', async () => {
  const count = async () => (await query<{ n: number }>('select count(*) as n from recording_cuts'))[0]?.n
  const was = await count()
  await redact(1_400, 1_600)
  assert.equal(await count(), was)
  assert.equal((await redact(4_200, 4_300)).status, 202)
  const asked = await period.ask(
    'POST',
    '/api/evidence/packs',
    { environments: ['acme-prod'], from: period.from, to: period.server.clock.now(), purpose: 'Sample' },
    period.team.auditor,
  )
  assert.equal(asked.status, 202)
  await period.sequencer.catchUp()
  const { gatherLog } = await import('./gather-log.ts')
  const { findLogsOf } = await import('./gather-store.ts')
  await assert.rejects(
    period.server.platform.database.db.transaction().execute(async (db) => {
      const [log] = await findLogsOf(db, [period.team.acmeProd.id])
      assert.ok(log)
      await gatherLog(db, log, { from: period.from, to: period.server.clock.now() }, 0)
    }),
    /waiting|entries/i,
  )
})
