// Bundles what is installed where no checkout is: the command line tool, and the verifier that needs nothing but Node.
import { existsSync } from 'node:fs'
import { join } from 'node:path'

export type Bundle = {
  readonly entry: string
  readonly output: string
  /** stay imports: they carry native code and are looked for beside the bundle */
  readonly external: readonly string[]
}

export const bundles: readonly Bundle[] = [
  { entry: 'src/cli/main.ts', output: 'dist/fortnight.mjs', external: ['@lydell/node-pty'] },
  { entry: 'src/cli/verify/main.ts', output: 'dist/fortnight-verify.mjs', external: [] },
]

const projectRoot = join(import.meta.dirname, '..', '..')

/** Builds those whose entry exists. CommonJS packages inside an ES module need a `require`, hence the first lines. */
export async function buildPrograms(say: (line: string) => void, root = projectRoot): Promise<void> {
  const present = bundles.filter(({ entry }) => existsSync(join(root, entry)))
  if (present.length === 0) return
  const { build } = await import('esbuild')
  for (const { entry, output, external } of present) {
    await build({
      entryPoints: [join(root, entry)],
      outfile: join(root, output),
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      external: [...external],
      legalComments: 'none',
      logLevel: 'warning',
      banner: {
        js: `#!/usr/bin/env node\nimport { createRequire as createRequireForBundle } from 'node:module'\nconst require = createRequireForBundle(import.meta.url)`,
      },
    })
  }
  say(`Bundled ${present.map(({ output }) => output).join(' and ')}`)
}
