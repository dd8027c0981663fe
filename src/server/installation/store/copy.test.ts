/** COPY through our own few lines carries every type of every table without changing a byte, and errors arrive as errors. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import pg from 'pg'
import { testDatabase, type TestDatabase } from '../../testing/test-database.ts'
import { copyIn, copyOut } from './copy.ts'

let database: TestDatabase
let client: pg.Client

before(async () => {
  database = await testDatabase({ empty: true })
  client = new pg.Client({ connectionString: database.connectionString })
  await client.connect()
})
after(async () => {
  await client.end()
  await database.drop()
})

const numRuns = Number(process.env['FORTNIGHT_RUNS'] ?? 60)
const columns = `n bigint, s smallint, i integer, t text, b bytea, j jsonb, a text[], x xid8, d date, u uuid, y boolean, f float8`

const collected = async (statement: string): Promise<{ bytes: Buffer; rows: number }> => {
  const blocks: Buffer[] = []
  const reading = copyOut(client, statement)
  for (;;) {
    const next = await reading.next()
    if (next.done === true) return { bytes: Buffer.concat(blocks), rows: next.value }
    blocks.push(next.value)
  }
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

// What PostgreSQL itself refuses (NUL in text, lone surrogates) is not of a stored row.
const text = fc
  .string({ unit: 'binary', maxLength: 40 })
  .map((given) => given.toWellFormed().replaceAll('\0', ''))
const awkward = fc.oneof(
  text,
  fc.constantFrom('', '\\N', '\\.', '\t', '\n', '\r\n', '\\', '"', '{NULL}', 'å\u2028\u{1f4a5}'),
)
const json: fc.Arbitrary<unknown> = fc
  .jsonValue({ maxDepth: 3 })
  .map((value) => JSON.parse(JSON.stringify(value).toWellFormed().replaceAll('\\u0000', '')))
const perhaps = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(of, { nil: null })
const row = fc.tuple(
  perhaps(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)),
  perhaps(fc.integer({ min: -32_768, max: 32_767 })),
  perhaps(fc.integer()),
  perhaps(awkward),
  perhaps(fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes))),
  perhaps(json.map((value) => JSON.stringify(value).replaceAll(/\\ud[89a-f][0-9a-f]{2}/gi, ''))),
  perhaps(fc.array(perhaps(awkward), { maxLength: 4 })),
  perhaps(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String)),
  perhaps(fc.constantFrom('2026-11-22', '0044-03-15 BC', 'infinity', '1999-12-31')),
  perhaps(fc.uuid()),
  perhaps(fc.boolean()),
  perhaps(fc.double()),
)

test('every type comes back to the byte, however the stream is cut', async () => {
  await client.query(`create table source (${columns}); create table target (${columns})`)
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 12 }),
      fc.integer({ min: 1, max: 400 }),
      async (rows, size) => {
        await client.query('truncate source, target')
        for (const values of rows)
          await client.query(
            `insert into source values ($1::bigint, $2, $3, $4, $5, $6::jsonb, $7::text[], $8::text::xid8, $9::date, $10::uuid, $11, $12)`,
            values as unknown[],
          )
        const out = await collected('copy source to stdout')
        assert.equal(out.rows, rows.length)
        assert.equal(await copyIn(client, 'copy target from stdin', pieces(out.bytes, size)), rows.length)
        assert.deepEqual((await collected('copy target to stdout')).bytes, out.bytes)
        // And by the database's own comparison, which knows nothing of COPY.
        const { rows: differing } = await client.query(`
        (select source::text from source except all select target::text from target) union all
        (select target::text from target except all select source::text from source)`)
        assert.deepEqual(differing, [])
      },
    ),
    { numRuns },
  )
})

test('a reader that stands still makes the database wait, instead of filling the memory', async () => {
  const reader = new pg.Client({ connectionString: database.connectionString })
  await reader.connect()
  const reading = copyOut(reader, `copy (select repeat('x', 1000) from generate_series(1, 100000)) to stdout`)
  const first = (await reading.next()).value as Buffer
  const { processID } = reader as unknown as { processID: number }
  const waitsFor = async (): Promise<string> =>
    (await client.query('select wait_event from pg_stat_activity where pid = $1', [processID])).rows[0]
      .wait_event
  const deadline = Date.now() + 5_000
  while ((await waitsFor()) !== 'ClientWrite')
    assert.ok(Date.now() < deadline, 'the database never had to wait')
  let total = first.length
  for await (const block of reading) total += block.length
  assert.equal(total, 100_000 * 1001)
  await reader.end()
})

test('a row larger than a block arrives whole', async () => {
  const large = 3_000_000
  const { bytes, rows } = await collected(`copy (select repeat('y', ${large})) to stdout`)
  assert.deepEqual([bytes.length, rows], [large + 1, 1])
})

test('a refusal of the database is thrown, and the connection goes on', async () => {
  await assert.rejects(collected('copy no_such_table to stdout'), /no_such_table/)
  await assert.rejects(
    copyIn(client, 'copy no_such_table from stdin', pieces(Buffer.from('1\n'), 1)),
    /no_such_table/,
  )
  await client.query('create table numbers (n integer)')
  await assert.rejects(
    copyIn(client, 'copy numbers from stdin', pieces(Buffer.from('1\nzwei\n3\n'), 3)),
    /zwei/,
  )
  assert.deepEqual((await client.query('select * from numbers')).rows, [])
})

test('when the source breaks off nothing is stored, and its own error is thrown', async () => {
  const broken = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from('1\n2\n')
    throw new Error('the file ends here')
  }
  await assert.rejects(copyIn(client, 'copy numbers from stdin', broken()), /the file ends here/)
  assert.deepEqual((await client.query('select * from numbers')).rows, [])
})

test('a lost connection is an error for the reader and for the writer', async () => {
  for (const use of [
    async (lost: pg.Client): Promise<unknown> => {
      const reading = copyOut(
        lost,
        `copy (select repeat('x', 1000) from generate_series(1, 100000)) to stdout`,
      )
      await reading.next()
      await cut(lost)
      for (;;) if ((await reading.next()).done === true) return undefined
    },
    async (lost: pg.Client): Promise<unknown> =>
      copyIn(
        lost,
        'copy numbers from stdin',
        (async function* (): AsyncGenerator<Uint8Array> {
          yield Buffer.from('1\n')
          await cut(lost)
          for (;;) {
            yield Buffer.from('2\n'.repeat(10_000))
            await new Promise(setImmediate)
          }
        })(),
      ),
  ]) {
    const lost = new pg.Client({ connectionString: database.connectionString })
    lost.on('error', () => undefined)
    await lost.connect()
    await assert.rejects(use(lost), /Connection terminated|terminating connection|ECONNRESET|EPIPE/)
  }
})

const cut = async (other: pg.Client): Promise<void> => {
  const { processID } = other as unknown as { processID: number }
  await client.query('select pg_terminate_backend($1)', [processID])
}
