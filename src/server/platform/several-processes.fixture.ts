/** Several platforms on one database, each as it would be in a process of its own: own pool, own wake-ups, own id. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { testDatabase } from '../testing/test-database.ts'
import { boot, type Booted } from './boot.ts'
import type { Clock } from './clock.ts'
import { readConfig } from './config.ts'
import { silentLog, type Log } from './log.ts'

export type SeveralProcesses = {
  readonly connectionString: string
  readonly another: (given?: { clock?: Clock; log?: Log }) => Promise<Booted>
  /** Refuses connections and cuts those there are, until `comesBack`. */
  readonly databaseGoesAway: () => Promise<void>
  readonly databaseComesBack: () => Promise<void>
  /** Ends every process there is, then runs these statements, so that the next test begins anew. */
  readonly endAll: (...statements: string[]) => Promise<void>
  readonly stop: () => Promise<void>
}

export const severalProcesses = async (): Promise<SeveralProcesses> => {
  const database = await testDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'fortnight-test-'))
  const name = new URL(database.connectionString).pathname.slice(1)
  const elsewhere = new URL(database.connectionString)
  elsewhere.pathname = '/postgres'
  const booted: Booted[] = []
  const run = async (connectionString: string, statements: readonly string[]): Promise<void> => {
    const client = new pg.Client({ connectionString })
    await client.connect()
    for (const statement of statements) await client.query(statement)
    await client.end()
  }
  const admin = (...statements: string[]) => run(elsewhere.toString(), statements)
  const endAll = async (...statements: string[]): Promise<void> => {
    await Promise.all(booted.splice(0).map((one) => one.stop()))
    if (statements.length > 0) await run(database.connectionString, statements)
  }
  return {
    connectionString: database.connectionString,
    another: async ({ clock, log = silentLog() } = {}) => {
      const config = readConfig({ FORTNIGHT_DATA: folder, DATABASE_POOL: '4' })
      const next = await boot({
        config,
        connectionString: database.connectionString,
        roles: ['test'],
        log,
        ...(clock ? { clock } : {}),
      })
      booted.push(next)
      return next
    },
    databaseGoesAway: () =>
      admin(
        `alter database ${name} with allow_connections false`,
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
      ),
    databaseComesBack: () => admin(`alter database ${name} with allow_connections true`),
    endAll,
    stop: async () => {
      await endAll()
      await database.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
