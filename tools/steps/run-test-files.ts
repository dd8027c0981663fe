// Runs test files with node:test and returns what came of each test; the runner's own report goes to the terminal.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runCommand, type CommandOptions } from './run-command.ts'
import { addOutcomes, addTally, newTally, noteFailure, type Tally } from './tally.ts'

/** One test may not hang the run; long ones set their own timeout. */
const testLimitMs = 180_000

export type TestRun = { readonly ok: boolean; readonly output: string; readonly tests: number }

/**
 * Adds to the tally of the whole. A run that was cut off, ended badly without a failed test, or reported nothing counts
 * one failure more.
 * @param what name of the phase for messages
 */
export async function runTestFiles(
  what: string,
  files: readonly string[],
  whole: Tally,
  options: CommandOptions & { readonly oneProcess?: boolean } = {},
): Promise<TestRun> {
  const folder = mkdtempSync(join(tmpdir(), 'fortnight-outcomes-'))
  const outcomesPath = join(folder, 'outcomes.jsonl')
  const result = await runCommand(nodeTest(files, outcomesPath, options.oneProcess ?? false), {
    ...options,
    // A run inside a test would otherwise report to that test's runner.
    env: { ...options.env, NODE_TEST_CONTEXT: undefined },
  })
  const tally = newTally()
  const tests = addOutcomes(tally, readOutcomes(outcomesPath))
  rmSync(folder, { recursive: true, force: true })
  if (result.timedOut) noteFailure(tally, `${what}: took too long and was stopped`)
  else if (tests === 0) noteFailure(tally, `${what}: ran no test`)
  else if (result.code !== 0 && tally.failed === 0)
    noteFailure(tally, `${what}: ended with code ${result.code}`)
  addTally(whole, tally)
  return { ok: tally.failed === 0, output: `${result.output}\n${tally.failures.join('\n')}`, tests }
}

function nodeTest(
  files: readonly string[],
  outcomesPath: string,
  oneProcess: boolean,
): [string, ...string[]] {
  return [
    process.execPath,
    '--test',
    ...(oneProcess ? ['--test-isolation=none'] : ['--test-concurrency=2']),
    `--test-timeout=${testLimitMs}`,
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${pathToFileURL(join(import.meta.dirname, 'count-reporter.ts')).href}`,
    `--test-reporter-destination=${outcomesPath}`,
    ...files,
  ]
}

function readOutcomes(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
