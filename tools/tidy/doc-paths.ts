// Holds the documents to the tree: a path that a document names exists.
import type { Finding, SourceFile } from './source-files.ts'

const roots = /^(src|docs|bin|tools|migrations|acceptance|deploy|\.github|\.ci)\//
const rootFile =
  /^([A-Z]+\.md|package(-lock)?\.json|tsconfig[\w.]*\.json|vite\.config\.ts|compose\.yaml|Dockerfile)$/
/** Patterns, placeholders and commands are not paths. */
const notAPath = /[\s*<>{}$…|]|NNNN|\.\.\./

/** Paths in backticks that look like ours. `src/a/b.ts:12` and a trailing slash are understood. */
export function brokenPaths(documents: readonly SourceFile[], exists: (path: string) => boolean): Finding[] {
  return documents.flatMap(({ path, text }) => {
    const findings: Finding[] = []
    let fenced = false
    for (const [index, line] of text.split('\n').entries()) {
      if (/^\s*(```|~~~)/.test(line)) fenced = !fenced
      if (fenced) continue
      for (const [, quoted = ''] of line.matchAll(/`([^`]+)`/g)) {
        const named = quoted.replace(/:\d+$/, '').replace(/\/$/, '')
        if (notAPath.test(named) || !(roots.test(`${named}/`) || rootFile.test(named))) continue
        const beside = path.includes('/') ? `${path.slice(0, path.lastIndexOf('/'))}/${named}` : named
        if (!exists(named) && !exists(beside))
          findings.push({ path, line: index + 1, message: `names ${named}, which does not exist` })
      }
    }
    return findings
  })
}
