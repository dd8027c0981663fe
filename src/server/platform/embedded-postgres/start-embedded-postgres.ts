/** The database that `npm start` brings along: a real PostgreSQL in the data folder, started and kept alive by us. */
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import {
  clusterFiles,
  connectionStringOf,
  databaseName,
  ensureCluster,
  prepareFolders,
  prepareSocketFolder,
  userName,
  writeSettings,
} from './cluster-files.ts'
import { holdFolder } from './hold-folder.ts'
import {
  copyNativeFiles,
  findNativeFiles,
  isTraversableByAll,
  linkLibraries,
  type NativeFiles,
} from './native-files.ts'
import { startPostmaster, type PostmasterOptions } from './postmaster.ts'
import { chooseRunAs, type RunAs } from './run-as.ts'
import { asDiskFull, pruneLogFiles } from './server-log.ts'
import type { Watched } from './watchdog.ts'

export type EmbeddedPostgresOptions = {
  /** made when missing; everything of the database lies in it */
  readonly folder: string
  readonly log: (line: string) => void
  /** false only for throw-away clusters of tests: nothing is flushed to the disk */
  readonly durable?: boolean
  /** for tests: skip the choice that root otherwise gets by trying */
  readonly runAs?: RunAs
}

export type EmbeddedPostgres = {
  /** of the database `fortnight`, over a unix socket; holds the password, so never log it */
  readonly connectionString: string
  /** of the present postmaster; another after a crash */
  readonly pid: number
  /** fast shutdown: open transactions are rolled back, connections closed. Safe to call twice. */
  stop(): Promise<void>
  /** lets the event loop end while the database runs; it then stops too */
  unref(): void
}

const pruneEveryMs = 60_000

/**
 * Starts the database of a folder, making it at the first start. Afterwards, should PostgreSQL end by itself, it is
 * started again until `stop()`; connections break meanwhile and pools must survive that.
 * Throws an Error with a sentence a person can act on (folder in use, disk full, unsupported system, …).
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const folder = resolve(options.folder)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const hold = holdFolder(folder)
  try {
    const durable = options.durable ?? true
    const files = clusterFiles(folder)
    const runAs = options.runAs ?? (await chooseRunAs(files.cluster))
    await prepareFolders(files, runAs)
    const native = await usableNativeFiles(folder, runAs)
    const password = await ensureCluster(files, native, runAs, durable)
    const socket = await prepareSocketFolder(files, runAs)
    await writeSettings(files, runAs, socket.path, durable)
    const postmaster: PostmasterOptions = { files, native, runAs, log: options.log }
    const first = await startPostmaster(postmaster)
    const connectionString = connectionStringOf(socket.path, password)
    try {
      await ensureDatabase(socket.path, password)
    } catch (fault) {
      await first.stop()
      throw fault
    }
    return keepRunning(first, postmaster, connectionString, async () => {
      if (socket.temporary) await rm(socket.path, { recursive: true, force: true })
      hold.release()
    })
  } catch (fault) {
    hold.release()
    throw asDiskFull(fault, folder)
  }
}

/** The installed binaries, or a copy in the data folder where those cannot be used as they are. */
async function usableNativeFiles(folder: string, runAs: RunAs): Promise<NativeFiles> {
  const installed = findNativeFiles()
  const { version } = JSON.parse(await readFile(join(installed.folder, '..', 'package.json'), 'utf8')) as {
    version: string
  }
  const copyFolder = join(folder, `native-${version}`)
  if (runAs.kind === 'other-user' && !(await isTraversableByAll(installed.folder))) {
    return copyNativeFiles(installed, copyFolder)
  }
  try {
    await linkLibraries(installed)
    return installed
  } catch {
    // node_modules may be read-only, and npm's install scripts may have been switched off.
    return copyNativeFiles(installed, copyFolder)
  }
}

/** Also the proof that the server answers with this password, before anybody is told that it is up. */
async function ensureDatabase(socketFolder: string, password: string): Promise<void> {
  const client = new pg.Client({ host: socketFolder, user: userName, password, database: 'postgres' })
  client.on('error', () => {})
  await client.connect()
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [databaseName])
    if (found.rowCount === 0) await client.query(`create database ${databaseName}`)
  } finally {
    await client.end()
  }
}

function keepRunning(
  first: Watched,
  options: PostmasterOptions,
  connectionString: string,
  afterStop: () => Promise<void>,
): EmbeddedPostgres {
  let server = first
  let released = false
  let stopping = false
  const pruning = setInterval(() => void pruneLogFiles(options.files.log).catch(() => {}), pruneEveryMs)
  pruning.unref()
  const kept = (async () => {
    for (;;) {
      const code = await server.exited
      if (stopping) return
      options.log(`PostgreSQL ended by itself (code ${code}); starting it again`)
      server = await restart(options, () => stopping, first)
      if (released) server.unref()
      if (stopping) await server.stop()
    }
  })()
  let stopped: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    stopping = true
    clearInterval(pruning)
    await server.stop()
    await kept
    await afterStop()
  }
  return {
    connectionString,
    get pid() {
      return server.pid
    },
    stop: () => (stopped ??= stop()),
    unref: () => {
      released = true
      server.unref()
    },
  }
}

/** Tries until it works: a full disk may be freed and a machine short of memory may recover. */
async function restart(
  options: PostmasterOptions,
  isStopping: () => boolean,
  previous: Watched,
): Promise<Watched> {
  for (let delayMs = 100; ; delayMs = Math.min(delayMs * 2, 10_000)) {
    try {
      return await startPostmaster(options)
    } catch (fault) {
      if (isStopping()) return previous
      options.log(`${(fault as Error).message} Trying again in ${delayMs / 1000} s.`)
    }
    await wait(delayMs)
    if (isStopping()) return previous
  }
}
