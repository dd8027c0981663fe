// Proves that test processes share one database, and that it goes when the last of them is gone, even by kill -9.
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

const module = JSON.stringify(join(import.meta.dirname, 'test-cluster.ts'))
const pgModule = JSON.stringify(import.meta.resolve('pg'))

function guest(temp: string, thenDo: string): ChildProcess {
  const code = `const { testCluster } = await import(${module})
    const { default: pg } = await import(${pgModule})
    const { connectionString } = await testCluster()
    const client = new pg.Client({ connectionString })
    await client.connect()
    await client.query('select 1')
    await client.end()
    console.log(connectionString)
    ${thenDo}`
  const env: NodeJS.ProcessEnv = { ...process.env, TMPDIR: temp }
  delete env['FORTNIGHT_TEST_PG']
  return spawn(process.execPath, ['--input-type=module', '-e', code], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function firstLine(child: ChildProcess): Promise<string> {
  const ended = once(child, 'exit').then(() => assert.fail('it ended without a word'))
  const [text] = (await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), ended])) as [
    Buffer,
  ]
  return String(text).trim()
}

test('files that start together share one database, and nothing is left after the last', async (t) => {
  const temp = mkdtempSync(join(tmpdir(), 'fn-'))
  t.after(() => rmSync(temp, { recursive: true, force: true }))
  chmodSync(temp, 0o711)
  const short = guest(temp, '')
  const ends = once(short, 'exit')
  const long = guest(temp, 'setInterval(() => {}, 1000)')
  const lines = await Promise.all([firstLine(short), firstLine(long)])
  assert.equal(lines[0], lines[1])
  assert.deepEqual((await ends)[0], 0, 'the connection to the holder does not keep a test process alive')
  long.kill('SIGKILL')
  const folder = join(temp, readdirSync(temp)[0] as string)
  const deadline = Date.now() + 20_000
  while (existsSync(join(folder, 'database'))) {
    assert.ok(Date.now() < deadline, 'the database is still there')
    await wait(50)
  }
  assert.equal(
    await firstLine(guest(temp, '')).then((line) => line.startsWith('postgresql://')),
    true,
    'and it can be had again',
  )
})

test('a database given by the tool that runs the tests is taken as it is', async () => {
  process.env['FORTNIGHT_TEST_PG'] = 'postgresql://given'
  const { testCluster } = await import('./test-cluster.ts')
  assert.deepEqual(await testCluster(), { connectionString: 'postgresql://given' })
})
