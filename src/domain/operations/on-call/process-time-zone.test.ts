/** Proves that the rota does not depend on where the server's own clock is set: the suites pass under zones far apart. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'

const suites = ['./who-is-on-call.test.ts', '../../time/zone.test.ts', '../../time/describe-instant.test.ts']

const runUnder = (TZ: string, suite: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    const file = fileURLToPath(new URL(suite, import.meta.url))
    const child = { env: { ...env, TZ, FORTNIGHT_RUNS: '4' }, timeout: 60_000 }
    execFile(process.execPath, [file], child, (error, stdout) =>
      error === null ? resolve() : reject(new Error(`${suite} under TZ=${TZ}:\n${stdout}`, { cause: error })),
    )
  })

for (const TZ of ['UTC', 'America/New_York', 'Pacific/Auckland']) {
  test(`the rota is the same on a machine set to ${TZ}`, async () => {
    await assert.doesNotReject(Promise.all(suites.map((suite) => runUnder(TZ, suite))))
  })
}
