/** A process that does nothing but migrate: `node migrate-once.fixture.ts <connection string> <folder> [patience in ms]`. */
import pg from 'pg'
import { migrate, readMigrations } from './migrate.ts'

const [connectionString = '', folder = '', patienceMs] = process.argv.slice(2)
const pool = new pg.Pool({ connectionString, max: 1 })
const applied = await migrate(
  pool,
  await readMigrations(folder),
  `process ${process.pid}`,
  patienceMs ? { patienceMs: Number(patienceMs) } : {},
)
await pool.end()
process.stdout.write(JSON.stringify(applied))
