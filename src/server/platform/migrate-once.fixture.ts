/** A process that does nothing but migrate: `node migrate-once.fixture.ts <connection string> <folder>`. */
import pg from 'pg'
import { migrate, readMigrations } from './migrate.ts'

const [connectionString = '', folder = ''] = process.argv.slice(2)
const pool = new pg.Pool({ connectionString, max: 1 })
const applied = await migrate(pool, await readMigrations(folder), `process ${process.pid}`)
await pool.end()
process.stdout.write(JSON.stringify(applied))
