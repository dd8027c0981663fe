// Holds migrations to being append-only: what a released version has run can never be changed, only added to.
import { execFileSync } from 'node:child_process'
import { projectRoot, type Finding, type SourceFile } from './source-files.ts'

/** What git knows of one migration; undefined where it was never there. */
export type MigrationHistory = {
  /** text in the first release that had it */
  readonly released: (path: string) => string | undefined
  /** text when it was first committed after that release */
  readonly firstCommitted: (path: string) => string | undefined
  readonly releasedPaths: readonly string[]
}

/** A released migration equals what was released; a newer one equals what was first committed, because colleagues have run it. */
export function changedMigrations(present: readonly SourceFile[], history: MigrationHistory): Finding[] {
  const texts = new Map(present.map(({ path, text }) => [path, text]))
  const gone = history.releasedPaths
    .filter((path) => !texts.has(path))
    .map((path) => ({ path, message: 'was released and is gone; a migration stays for ever' }))
  const changed = present.flatMap(({ path, text }) => {
    const original = history.released(path) ?? history.firstCommitted(path)
    return original === undefined || original === text
      ? []
      : [{ path, message: 'was changed; write a new migration instead' }]
  })
  return [...gone, ...changed]
}

/** Names are NNNN-area.sql, each number once. */
export function badlyNumbered(paths: readonly string[]): Finding[] {
  const seen = new Map<string, string>()
  return paths.flatMap((path) => {
    const number = /^migrations\/(\d{4})-[a-z0-9-]+\.sql$/.exec(path)?.[1]
    if (number === undefined) return [{ path, message: 'migrations are called NNNN-area.sql' }]
    const twin = seen.get(number)
    seen.set(number, path)
    return twin === undefined ? [] : [{ path, message: `has the number of ${twin}` }]
  })
}

/** From git's tags v*; undefined while nothing has been released or the history is not here (a shallow clone). */
export function historyFromGit(): MigrationHistory | undefined {
  const tags = git('tag', '--list', 'v*', '--sort=creatordate').split('\n').filter(Boolean)
  if (tags.length === 0) return undefined
  const firstTagOf = new Map<string, string>()
  for (const tag of tags) {
    for (const path of git('ls-tree', '-r', '--name-only', tag, '--', 'migrations')
      .split('\n')
      .filter(Boolean)) {
      if (!firstTagOf.has(path)) firstTagOf.set(path, tag)
    }
  }
  return {
    releasedPaths: [...firstTagOf.keys()],
    released: (path) => {
      const tag = firstTagOf.get(path)
      return tag === undefined ? undefined : git('show', `${tag}:${path}`)
    },
    firstCommitted: (path) => {
      const commit = git('log', '--diff-filter=A', '--format=%H', '--', path).trim().split('\n').at(-1)
      return commit ? git('show', `${commit}:${path}`) : undefined
    },
  }
}

function git(...args: string[]): string {
  try {
    return execFileSync('git', args, {
      cwd: projectRoot,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch {
    return ''
  }
}
