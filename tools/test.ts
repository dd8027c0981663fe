// `npm test`: everything there is to check, on a real PostgreSQL, a real Alertmanager and a real browser; skips nothing silently.
import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../src/server/platform/embedded-postgres/index.ts'
import { checkSteps } from './check-steps.ts'
import { findPrograms } from './steps/programs.ts'
import { runCommand } from './steps/run-command.ts'
import { runTestFiles } from './steps/run-test-files.ts'
import { runSteps } from './steps/steps.ts'
import { closingLines, exitCode, newTally, noteFailure } from './steps/tally.ts'
import { allTestFiles, idleWords, testFilesOf, type Phase } from './steps/test-files.ts'

const minute = 60_000
const limitMs: Record<Phase, number> = {
  tidy: 5 * minute,
  rules: 5 * minute,
  server: 20 * minute,
  acceptance: 25 * minute,
  chaos: 15 * minute,
}

const say = (line: string): void => console.log(line)
const heading = (text: string): void => say(`\n═══ ${text} ═══`)
const tally = newTally()
/** `npm test -- on-call` runs only the files whose path holds one of the words. */
const words = process.argv.slice(2)
const chosen = allTestFiles().filter(
  (path) => words.length === 0 || words.some((word) => path.includes(word)),
)

async function main(): Promise<void> {
  const startedAt = performance.now()
  const idle = idleWords(words)
  if (idle.length > 0) {
    say(`No test file has ${idle.map((word) => `"${word}"`).join(' or ')} in its path.`)
    process.exit(1)
  }
  const { env: programPaths, missing } = await findPrograms(say)
  if (missing.length > 0) {
    for (const line of missing) say(line)
    process.exit(1)
  }
  const seed = process.env['FORTNIGHT_SEED'] ?? String(randomInt(2 ** 31))
  say(
    `seed ${seed} (repeat with FORTNIGHT_SEED=${seed}), runs ${process.env['FORTNIGHT_RUNS'] ?? 'as each test says'}`,
  )
  if (words.length === 0) {
    heading('check')
    await runSteps(checkSteps(tally), say)
  }
  await withDatabase(async (database) => {
    const env = { ...programPaths, ...database, FORTNIGHT_SEED: seed }
    await build()
    const phases: Phase[] =
      words.length === 0
        ? ['server', 'acceptance', 'chaos']
        : ['tidy', 'rules', 'server', 'acceptance', 'chaos']
    for (const phase of phases) await runPhase(phase, env)
  })
  say(`\n${((performance.now() - startedAt) / 1000).toFixed(0)} s in all`)
}

async function runPhase(phase: Phase, env: Record<string, string>): Promise<void> {
  const files = testFilesOf(phase, chosen)
  if (files.length === 0) return
  heading(`${phase}: ${files.length} files`)
  await runTestFiles(phase, files, tally, { live: true, limitMs: limitMs[phase], env })
}

/** What people install elsewhere is built before it is tried. */
async function build(): Promise<void> {
  heading('build')
  const { code } = await runCommand([process.execPath, join(import.meta.dirname, 'build.ts')], {
    live: true,
    limitMs: 5 * minute,
  })
  if (code === 0) tally.passed++
  else noteFailure(tally, 'build')
}

/** One throw-away PostgreSQL for all files; each makes its own database in it. */
async function withDatabase(run: (env: Record<string, string>) => Promise<void>): Promise<void> {
  const given = process.env['FORTNIGHT_TEST_PG']
  if (given) return run({ FORTNIGHT_TEST_PG: given })
  const folder = mkdtempSync(join(tmpdir(), 'fortnight-tests-'))
  const database = await startEmbeddedPostgres({ folder, log: say, durable: false })
  try {
    await run({ FORTNIGHT_TEST_PG: database.connectionString })
  } finally {
    await database.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

try {
  await main()
} catch (fault) {
  noteFailure(tally, fault instanceof Error ? (fault.stack ?? fault.message) : String(fault))
}
// The last line stands alone: it is what a person and a machine look for.
for (const line of closingLines(tally)) say(line)
process.exitCode = exitCode(tally)
