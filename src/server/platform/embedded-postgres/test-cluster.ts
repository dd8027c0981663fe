/** One throw-away PostgreSQL for all test files of a run, whether a tool started it or the first file must. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createConnection, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

export type TestCluster = {
  /** of an empty database as a superuser; make your own databases beside it (`create database …`) */
  readonly connectionString: string
}

const longestStartMs = 60_000

let asked: Promise<TestCluster> | undefined

/**
 * The cluster named by FORTNIGHT_TEST_PG, or else one that all test processes of this checkout share: the first starts a
 * holder process, each keeps a connection to it, and when the last is gone, however it ended, the holder removes everything.
 * Nothing is flushed to the disk there (fsync = off): a test about crashes starts its own with startEmbeddedPostgres.
 */
export const testCluster = (): Promise<TestCluster> => (asked ??= findCluster())

async function findCluster(): Promise<TestCluster> {
  const given = process.env['FORTNIGHT_TEST_PG']
  if (given) return { connectionString: given }
  const folder = sharedFolder()
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const deadline = Date.now() + longestStartMs
  let startHolderAt = 0
  let failed = false
  while (Date.now() < deadline && !failed) {
    const answer = await askHolder(join(folder, 'holder.sock'))
    if (answer !== undefined) return { connectionString: answer }
    if (Date.now() >= startHolderAt) {
      startHolder(folder, () => {
        failed = true
      })
      startHolderAt = Date.now() + 2000
    }
    await wait(30)
  }
  const said = await readFile(join(folder, 'holder.log'), 'utf8').catch(() => '')
  throw new Error(
    `No test database could be started. Its holder said last: ${said.trim().split('\n').at(-1)}`,
  )
}

/** Short, because a unix socket lies in it; per checkout and user. */
function sharedFolder(): string {
  const name = createHash('sha256')
    .update(import.meta.dirname)
    .digest('hex')
    .slice(0, 12)
  return join(tmpdir(), `fn-test-${process.getuid?.() ?? 0}-${name}`)
}

/** Its first line is the connection string. The connection stays open, without keeping this process alive, as our sign of life. */
function askHolder(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = ''
    const socket: Socket = createConnection(path)
    socket.on('data', (chunk) => {
      text += String(chunk)
      if (!text.includes('\n')) return
      socket.unref()
      resolve(text.trim())
    })
    socket.on('error', () => resolve(undefined))
    socket.on('close', () => resolve(undefined))
  })
}

function startHolder(folder: string, onFailure: () => void): void {
  const script = join(import.meta.dirname, 'test-cluster-holder.ts')
  const holder = spawn(process.execPath, [script, folder], { detached: true, stdio: 'ignore' })
  holder.on('exit', (code) => code !== 0 && onFailure())
  holder.unref()
}
