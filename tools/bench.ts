// `npm run bench [-- name]`: runs every bench in turn on an otherwise quiet machine; one that fails or lacks its peer fails the whole.
import { globSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { projectRoot, runCommand } from './steps/run-command.ts'
import { findPrograms } from './steps/programs.ts'

const benchLimitMs = 15 * 60_000
const words = process.argv.slice(2)
const files = globSync('tools/bench/*.bench.ts', { cwd: projectRoot })
  .toSorted()
  .filter((path) => words.length === 0 || words.some((word) => path.includes(word)))

const processors = cpus()
console.log(
  `${processors.length} × ${processors[0]?.model ?? 'unknown processor'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ` +
    `${process.platform} ${release()}, Node ${process.version}`,
)

if (files.length === 0) {
  console.log('There is no bench to run.')
  process.exit(1)
}

const { env } = await findPrograms((line) => console.log(line))
const failed: string[] = []
for (const file of files) {
  console.log(`\n═══ ${file} ═══`)
  const { code, timedOut } = await runCommand([process.execPath, file], {
    live: true,
    limitMs: benchLimitMs,
    env,
  })
  if (code !== 0) failed.push(`${file} (${timedOut ? 'took too long' : `code ${code}`})`)
}
console.log(failed.length === 0 ? `\nAll ${files.length} benches ran.` : `\nFailed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
