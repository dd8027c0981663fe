/** The verifier as a program of its own: bundled to one file that works with nothing but a pack and Node. */

import process from 'node:process'
import { runVerify } from './run-verify.ts'

process.exitCode = await runVerify(process.argv.slice(2), {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
})
