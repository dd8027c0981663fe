/** A database of its own for a test file, cloned in milliseconds from a template that was migrated once. */
import { advisoryLocks } from '../platform/advisory-locks.ts'
import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import pg from 'pg'
import { projectRoot } from '../platform/boot.ts'
import { testCluster } from '../platform/embedded-postgres/test-cluster.ts'
import { migrate, readMigrations } from '../platform/migrate.ts'
import { installClassGuard } from './class-guard.ts'

const withDatabase = (connectionString: string, name: string): string => {
  const url = new URL(connectionString)
  url.pathname = `/${name}`
  return url.toString()
}

const migrateTemplate = async (connectionString: string): Promise<void> => {
  const pool = new pg.Pool({ connectionString, max: 2 })
  pool.on('error', () => undefined)
  try {
    await migrate(pool, await readMigrations(join(projectRoot, 'migrations')), 'test')
  } finally {
    await pool.end()
  }
  const client = new pg.Client({ connectionString })
  await client.connect()
  await installClassGuard(client)
  await client.end()
}

/** The template's name holds the migrations' hash: another schema gets another template. */
const templateFor = async (admin: pg.Client, connectionString: string): Promise<string> => {
  const migrations = await readMigrations(join(projectRoot, 'migrations'))
  const digest = createHash('sha256')
    .update(migrations.map((migration) => migration.sha256).join())
    .digest('hex')
  const name = `fortnight_template_${digest.slice(0, 12)}`
  await admin.query('select pg_advisory_lock($1)', [advisoryLocks.testTemplate])
  try {
    const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [name])
    if (rowCount) return name
    const draft = `${name}_draft`
    await admin.query(`drop database if exists ${draft}`)
    await admin.query(`create database ${draft}`)
    await migrateTemplate(withDatabase(connectionString, draft))
    await admin.query(`alter database ${draft} rename to ${name}`)
    return name
  } finally {
    await admin.query('select pg_advisory_unlock($1)', [advisoryLocks.testTemplate])
  }
}

export type TestDatabase = { readonly connectionString: string; readonly drop: () => Promise<void> }

/** @param empty without schema, for tests of migrations */
export const testDatabase = async ({ empty = false } = {}): Promise<TestDatabase> => {
  const cluster = await testCluster()
  const admin = new pg.Client({ connectionString: cluster.connectionString })
  admin.on('error', () => undefined)
  await admin.connect()
  const name = `fortnight_test_${randomBytes(6).toString('hex')}`
  const from = empty ? '' : ` template ${await templateFor(admin, cluster.connectionString)}`
  await admin.query(`create database ${name}${from}`)
  await admin.end()
  return {
    connectionString: withDatabase(cluster.connectionString, name),
    drop: async () => {
      const client = new pg.Client({ connectionString: cluster.connectionString })
      client.on('error', () => undefined)
      await client.connect()
      await client.query(`drop database if exists ${name} with (force)`)
      await client.end()
    },
  }
}
