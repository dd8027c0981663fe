// Builds the web application into dist/web, only when something that goes into it has changed.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type * as vite from 'vite'
import { builds, inputsDigest, isBuilt, writeStamp } from '../../bin/built.mjs'

const brotli = promisify(brotliCompress)
const gzipped = promisify(gzip)
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
  await compressFiles(draft)
  const picture = await buildPicture(root, build)
  writeStamp(draft, wanted)
  replaceFolder(picture, join(root, pictureFolder))
  replaceFolder(draft, output)
  say(`Built the web application in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
  return true
}

/** What draws the home view on the server, of the same sources and with the same class names. */
const pictureFolder = 'dist/web-picture'

/** No other view is ever drawn there; what is not bundled is not built twice. */
const homeOnly = (specifier: unknown): { id: string; external: true } | null =>
  typeof specifier === 'string' && !specifier.endsWith('/Home.tsx') ? { id: specifier, external: true } : null

type Build = (typeof vite)['build']

async function buildPicture(root: string, build: Build): Promise<string> {
  const draft = join(root, `${pictureFolder}.new-${process.pid}`)
  await build({
    root: join(root, 'src', 'web'),
    configFile: configPath(root) ?? false,
    logLevel: 'warn',
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [{ name: 'home-only', resolveDynamicImport: homeOnly }],
    ssr: { noExternal: true },
    build: {
      outDir: draft,
      emptyOutDir: true,
      manifest: false,
      minify: true,
      ssr: join(root, 'src', 'web', 'first-picture.tsx'),
      rolldownOptions: {
        output: { entryFileNames: '[name].mjs', chunkFileNames: 'parts/[name]-[hash].mjs' },
      },
    },
  })
  return draft
}

const TEXT = /\.(js|css|html|svg|json|webmanifest|txt)$/
/** Below this a compressed file saves no packet. */
const COMPRESSED_FROM_BYTES = 1_024

/** Beside each file as a browser takes it, so that the server never compresses the same bytes twice: Brotli over TLS, gzip without. */
async function compressFiles(folder: string): Promise<void> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => TEXT.test(path))
  await Promise.all(
    files.map(async (path) => {
      const bytes = readFileSync(join(folder, path))
      if (bytes.length < COMPRESSED_FROM_BYTES) return
      const size = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
      writeFileSync(join(folder, `${path}.br`), await brotli(bytes, { params: size }))
      writeFileSync(join(folder, `${path}.gz`), await gzipped(bytes, { level: 9 }))
    }),
  )
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
