// Tells whether a build is still good by what its inputs hold, because times of files say nothing after a clone or a checkout.
import { createHash } from 'node:crypto'
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Digest over names and contents of all files that match. @param patterns globs from `root`; missing ones count as empty */
export function contentHash(root: string, patterns: readonly string[]): string {
  const digest = createHash('sha256')
  for (const path of globSync([...patterns], { cwd: root }).toSorted()) {
    if (!statSync(join(root, path)).isFile()) continue
    const content = readFileSync(join(root, path))
    digest.update(`${path}\0${content.length}\0`).update(content)
  }
  return digest.digest('hex')
}
