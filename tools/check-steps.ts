// The steps of `npm run check`: everything that can be known about the sources in seconds and without a database.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { installed, projectRoot, runCommand } from './steps/run-command.ts'
import { runTestFiles } from './steps/run-test-files.ts'
import type { Step } from './steps/steps.ts'
import { noteFailure, type Tally } from './steps/tally.ts'
import { testFilesOf, type Phase } from './steps/test-files.ts'

/** Counts into the tally: each tool as one, each test as itself. */
export function checkSteps(tally: Tally): Step[] {
  const tool = (name: string, ...command: [string, ...string[]]): Step => ({
    name,
    run: async () => {
      const { code, output } = await runCommand(command)
      if (code === 0) tally.passed++
      else noteFailure(tally, `check: ${name}`)
      return { ok: code === 0, output }
    },
  })
  const types = (name: string, config: string): Step =>
    tool(name, installed('tsc'), '-p', config, '--noEmit', '--pretty', 'false')
  const hasWeb = existsSync(join(projectRoot, 'src', 'web'))
  return [
    testStep('domain and contract tests', 'rules', tally),
    types('types', 'tsconfig.json'),
    tool('lint', installed('oxlint'), '--deny-warnings'),
    testStep('tidy', 'tidy', tally),
    types('types of the domain alone', 'tsconfig.domain.json'),
    ...(hasWeb ? [types('types of the web', 'tsconfig.web.json')] : []),
    tool('format', installed('oxfmt'), '--check', '.'),
  ]
}

function testStep(name: string, phase: Phase, tally: Tally): Step {
  return {
    name,
    run: async () => {
      const files = testFilesOf(phase)
      if (files.length === 0) return { ok: true, output: '', note: 'none yet' }
      const { ok, output, tests } = await runTestFiles(name, files, tally, {
        limitMs: 300_000,
        oneProcess: phase === 'tidy',
      })
      return { ok, output: failingPart(output), note: `${tests} tests` }
    },
  }
}

/** The runner repeats the failed tests at the end; the long list of passed ones before it helps nobody. */
const failingPart = (output: string): string => {
  const at = output.lastIndexOf('failing tests:')
  return at < 0 ? output : output.slice(at)
}
