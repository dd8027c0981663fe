// Finds every test file and gives each to exactly one phase, so that none is forgotten.
import { globSync } from 'node:fs'
import { projectRoot } from './run-command.ts'

export type Phase = 'tidy' | 'rules' | 'server' | 'acceptance' | 'chaos'

/** Rules (domain and contract) and tidy need no database and belong to `npm run check`; whatever is not named is a server test. */
export function phaseOf(path: string): Phase {
  if (path.startsWith('tools/tidy/')) return 'tidy'
  if (/(^|\/)chaos\//.test(path) || path.endsWith('.chaos.test.ts')) return 'chaos'
  if (path.startsWith('acceptance/')) return 'acceptance'
  if (path.startsWith('src/domain/') || path.startsWith('src/contract/')) return 'rules'
  return 'server'
}

/** All test files of the project in stable order, relative to its root. */
export const allTestFiles = (): string[] =>
  globSync('{src,tools,acceptance,bin}/**/*.test.{ts,mjs}', { cwd: projectRoot }).toSorted()

export const testFilesOf = (phase: Phase, files: readonly string[] = allTestFiles()): string[] =>
  files.filter((path) => phaseOf(path) === phase)

/** A mistyped word chooses nothing, and nothing run is not a pass. */
export const idleWords = (words: readonly string[], files: readonly string[] = allTestFiles()): string[] =>
  words.filter((word) => !files.some((path) => path.includes(word)))
