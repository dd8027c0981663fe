/** Starts the recorder alone, as the CLI does, so that a test can run it in a terminal and kill it. */
import { processIo } from '../record-io.ts'
import { runRecord } from '../run-record.ts'

const fast = process.env['FORTNIGHT_TEST_RETRY_MS']
const io = processIo()
const code = await runRecord(process.argv.slice(2), {
  ...io,
  ...(fast === undefined
    ? {}
    : { timing: { retryMinMs: Number(fast), retryMaxMs: Number(fast) * 4, progressEveryMs: 500 } }),
})
process.exit(code)
