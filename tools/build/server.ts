// Bundles the server into dist/server: a third of the memory and half the start of the sources, which each process would strip of types.
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { Plugin } from 'esbuild'
import { basename, dirname, join, relative } from 'node:path'
import { builds, inputsDigest, isBuilt, writeStamp } from '../../bin/built.mjs'

const projectRoot = join(import.meta.dirname, '..', '..')
const day = 24 * 3_600_000
/** A server that was started from an older build still loads its parts by name, the first time that somebody signs in by passkey. */
const keptMs = 30 * day

/** One program a process; each is written where its source lies, so that they find each other the same way. */
const entries = ['main.ts', 'worker.ts', 'watch/main.ts', 'pack-thread.ts', 'rules-thread.ts']

type File = { readonly path: string; readonly contents: Uint8Array }

/** @returns true when it built. Several at once and a running server beside it are safe: parts have their digest in their name. */
export async function buildServer(say: (line: string) => void, root = projectRoot): Promise<boolean> {
  const wanted = inputsDigest(root, 'server')
  if (isBuilt(root, 'server', wanted)) return false
  const startedAt = performance.now()
  const output = join(root, builds.server.output)
  const files = await bundle(root, output)
  // Entries last: whoever finds a new one finds everything that it imports.
  for (const file of files.toSorted((a, b) => Number(isEntry(output, a)) - Number(isEntry(output, b))))
    put(file)
  removeLeftovers(output, new Set(files.map(({ path }) => path)))
  writeStamp(output, wanted)
  say(`Bundled the server in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
  return true
}

/**
 * Resident after a start (web and engine / a worker that imports everything), measured one after another: from the
 * sources 141 / 124 MB, bundled with packages left outside 122 / 110, everything bundled 110 / 95, white space and
 * syntax reduced as well 100 / 89. Shorter names save 1 MB more and make stacks unreadable: not done.
 */
async function bundle(root: string, output: string): Promise<File[]> {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: entries.map((entry) => ({
      in: join('src', 'server', entry),
      out: entry.replace(/\.ts$/, ''),
    })),
    outdir: output,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'parts/[name]-[hash]',
    write: false,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node26',
    minifyWhitespace: true,
    minifySyntax: true,
    // Kept beside the bundle and not loaded: `--enable-source-maps` costs 80 MB a process. `tools/where.ts` reads stacks.
    sourcemap: 'external',
    sourcesContent: false,
    external: ['pg-native'],
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [oneLanguageOfZod],
    banner: {
      js: `import { createRequire as createRequireForBundle } from 'node:module'\nconst require = createRequireForBundle(import.meta.url)`,
    },
  })
  return outputFiles.map(({ path, contents }) => ({ path, contents: inAscii(path, contents) }))
}

/** zod brings fifty languages along, 300 kB in every process; checks of ours speak by our own catalogues. */
const oneLanguageOfZod: Plugin = {
  name: 'one language of zod',
  setup: ({ onLoad }) =>
    onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: `export { default as en } from './en.js'`,
    })),
}

/**
 * One letter beyond ASCII makes V8 keep the whole text of a part at two bytes a letter: 1.3 MB for seven of them. What
 * esbuild leaves as it is stands in tagged templates, whose text is the same when escaped.
 */
function inAscii(path: string, contents: Uint8Array): Uint8Array {
  if (!path.endsWith('.mjs')) return contents
  const text = Buffer.from(contents).toString('utf8')
  return Buffer.from(
    text.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  )
}

const isEntry = (output: string, { path }: File): boolean => !relative(output, path).startsWith('parts')

function put({ path, contents }: File): void {
  mkdirSync(dirname(path), { recursive: true })
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}`)
  writeFileSync(draft, contents)
  renameSync(draft, path)
}

function removeLeftovers(folder: string, current: ReadonlySet<string>): void {
  const tooOld = Date.now() - keptMs
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name)
    const found = statSync(path, { throwIfNoEntry: false })
    if (found?.isFile() && !current.has(path) && found.mtimeMs < tooOld) rmSync(path, { force: true })
  }
}
