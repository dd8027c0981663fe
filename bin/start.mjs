// `npm start`: brings packages and builds up to date, then becomes the server. The compilers run in a child and are gone by then.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isBuilt } from './built.mjs'
import { projectRoot, runPinned } from './pinned-node.mjs'

const builder = join(projectRoot, 'tools', 'build.ts')

/** Where there are no tools (an image, a package), what was built with it is what runs. */
function buildWhenStale(node, env) {
  if (process.env.FORTNIGHT_NO_INSTALL || !existsSync(builder)) return
  const stale = ['server', 'web'].filter((name) => !isBuilt(projectRoot, name))
  if (stale.length === 0) return
  const { status, signal } = spawnSync(node, [builder, ...stale], { stdio: 'inherit', env })
  if (status !== 0)
    throw new Error(
      `The build failed (${signal ?? `code ${status}`}); it says why above. Nothing was started.`,
    )
}

await runPinned({
  script: join(projectRoot, 'dist', 'server', 'main.mjs'),
  args: process.argv.slice(2),
  // For node:sqlite, which is used for nothing but its file lock. And 8 MB for young objects instead of 16: at rest 123 MB
  // instead of 135; intake of repeated alerts 20,227 a second instead of 21,801 (4 MB: 117 MB at rest, intake not measured).
  flags: ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=8'],
  prepare: buildWhenStale,
})
