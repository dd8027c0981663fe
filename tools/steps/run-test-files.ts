// Runs test files with node:test and returns what came of each test; the runner's own report goes to the terminal.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runCommand, type CommandOptions } from './run-command.ts'
import { addOutcomes, type Tally } from './tally.ts'

/** One test may not hang the run; long ones set their own timeout. */
const testLimitMs = 180_000

export type TestRun = {
  readonly ok: boolean
  readonly output: string
  readonly tests: number
  readonly timedOut: boolean
}

/**
 * Adds to the tally. A run that was cut off, failed without a failed test, or reported nothing counts one failure more.
 * @param what name of the phase for messages
 */
export async function runTestFiles(
  what: string,
  files: readonly string[],
  tally: Tally,
  options: CommandOptions & { readonly oneProcess?: boolean } = {},
): Promise<TestRun> {
  const folder = mkdtempSync(join(tmpdir(), 'fortnight-outcomes-'))
  const outcomesPath = join(folder, 'outcomes.jsonl')
  const reporter = pathToFileURL(join(import.meta.dirname, 'count-reporter.ts')).href
  const failedBefore = tally.failed
  const result = await runCommand(
    [
      process.execPath,
      '--test',
      ...(options.oneProcess ? ['--test-isolation=none'] : ['--test-concurrency=2']),
      `--test-timeout=${testLimitMs}`,
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      `--test-reporter=${reporter}`,
      `--test-reporter-destination=${outcomesPath}`,
      ...files,
    ],
    // A run inside a test would otherwise report to that test's runner.
    { ...options, env: { ...options.env, NODE_TEST_CONTEXT: undefined } },
  )
  const tests = addOutcomes(tally, readOutcomes(outcomesPath))
  rmSync(folder, { recursive: true, force: true })
  const unexplained = result.timedOut || tests === 0 || (result.code !== 0 && tally.failed === failedBefore)
  if (unexplained) {
    tally.failed++
    const why = result.timedOut
      ? 'took too long and was stopped'
      : tests === 0
        ? 'ran no test'
        : `ended with code ${result.code}`
    console.log(`${what}: ${why}`)
  }
  return { ok: tally.failed === failedBefore, output: result.output, tests, timedOut: result.timedOut }
}

function readOutcomes(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
