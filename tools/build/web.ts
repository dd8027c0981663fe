// Builds the web application into dist/web, only when something that goes into it has changed.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { builds, inputsDigest, isBuilt, writeStamp } from '../../bin/built.mjs'

const projectRoot = join(import.meta.dirname, '..', '..')

const configPath = (root: string): string | undefined =>
  ['vite.config.ts', 'src/web/vite.config.ts']
    .map((path) => join(root, path))
    .find((path) => existsSync(path))

/** @returns true when it built. Several at once are safe: each builds apart, and the last one is what is served. */
export async function buildWeb(say: (line: string) => void, root = projectRoot): Promise<boolean> {
  if (!existsSync(join(root, 'src', 'web', 'index.html'))) return false
  const output = join(root, builds.web.output)
  const wanted = inputsDigest(root, 'web')
  if (isBuilt(root, 'web', wanted)) return false
  say('Building the web application …')
  const startedAt = performance.now()
  const draft = `${output}.new-${process.pid}`
  const { build } = await import('vite')
  await build({
    root: join(root, 'src', 'web'),
    configFile: configPath(root) ?? false,
    logLevel: 'warn',
    build: { outDir: draft, emptyOutDir: true },
  })
  writeStamp(draft, wanted)
  replaceFolder(draft, output)
  say(`Built the web application in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
  return true
}

/** Atomic but for the moment between two renames; a second builder in that moment makes us try again. */
function replaceFolder(draft: string, target: string): void {
  const old = `${target}.old-${process.pid}`
  mkdirSync(join(target, '..'), { recursive: true })
  for (let tries = 1; ; tries++) {
    try {
      if (existsSync(target)) renameSync(target, old)
      renameSync(draft, target)
      break
    } catch (fault) {
      if (tries === 5) throw fault
    } finally {
      rmSync(old, { recursive: true, force: true })
    }
  }
}
