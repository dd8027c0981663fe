// `node bin/run.mjs <entry.ts> [args]`: the one door from npm's scripts (on any Node from 20) to the pinned Node.
import { isAbsolute, join } from 'node:path'
import { projectRoot, runPinned } from './pinned-node.mjs'

const [entry, ...args] = process.argv.slice(2)
if (!entry) {
  process.stderr.write('Usage: node bin/run.mjs <entry.ts> [arguments]\n')
  process.exit(2)
}
await runPinned({ script: isAbsolute(entry) ? entry : join(projectRoot, entry), args })
