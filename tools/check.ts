// `npm run check`: format, lint, types, tidy and the rules' tests, in seconds and without a database.
import { checkSteps } from './check-steps.ts'
import { runSteps } from './steps/steps.ts'
import { newTally } from './steps/tally.ts'

const startedAt = performance.now()
const tally = newTally()
const failed = await runSteps(checkSteps(tally))
const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
console.log(
  failed === 0 ? `\nAll good in ${seconds} s.` : `\n${failed} of the steps failed, after ${seconds} s.`,
)
process.exitCode = failed === 0 ? 0 : 1
