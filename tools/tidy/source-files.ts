// What every guard works on: the project's files as text, their syntax trees, and findings that say where and why.
import { execFileSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'vite'

export const projectRoot = join(import.meta.dirname, '..', '..')

/** A file as a guard sees it; tests make them up. `path` is relative to the project's root, with slashes. */
export type SourceFile = { readonly path: string; readonly text: string }

export type Finding = { readonly path: string; readonly line?: number; readonly message: string }

/** The tracked files and the new ones that git does not ignore; without git, all but what is generated. */
export function projectPaths(): string[] {
  if (!existsSync(join(projectRoot, '.git'))) {
    return globSync('**/*', { cwd: projectRoot, exclude: ['node_modules', 'dist', '.fortnight'] }).toSorted()
  }
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: projectRoot,
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
  })
  return listed.split('\0').filter((path) => path !== '' && existsSync(join(projectRoot, path)))
}

let sources: SourceFile[] | undefined

/** Every file of ours written in TypeScript or JavaScript. */
export const projectSources = (): SourceFile[] => (sources ??= readFiles(/\.(ts|tsx|mjs|js)$/))

export const readFiles = (pattern: RegExp): SourceFile[] =>
  projectPaths()
    .filter((path) => pattern.test(path))
    .map((path) => ({ path, text: readFileSync(join(projectRoot, path), 'utf8') }))

export const isTest = (path: string): boolean => /\.(test|oracle|fixture)\.(ts|mjs)$/.test(path)

export const isGenerated = (path: string): boolean =>
  /(^|\/)_generated/.test(path) || path.endsWith('.gen.ts')

export type Parsed = ReturnType<typeof parseSync>
/** A node of the ESTree with TypeScript's additions, as far as the guards need it. */
export type Node = {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

const parsed = new WeakMap<SourceFile, Parsed>()

/** The syntax tree and the record of imports and exports. Throws when the file does not parse. */
export function parse(file: SourceFile): Parsed {
  const known = parsed.get(file)
  if (known) return known
  const result = parseSync(file.path, file.text)
  const [fault] = result.errors
  if (fault) throw new Error(`${file.path}: ${fault.message}`)
  parsed.set(file, result)
  return result
}

/** Visits every node with its parent. */
export function walk(
  root: unknown,
  visit: (node: Node, parent: Node | undefined, key: string) => void,
): void {
  const step = (value: unknown, parent: Node | undefined, key: string): void => {
    if (Array.isArray(value)) return value.forEach((one) => step(one, parent, key))
    if (typeof value !== 'object' || value === null) return
    const node = value as Node
    if (typeof node.type !== 'string') return
    visit(node, parent, key)
    for (const [name, child] of Object.entries(node)) {
      if (typeof child === 'object' && child !== null) step(child, node, name)
    }
  }
  step(root, undefined, '')
}

/** 1-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++
  return line
}

/** For assert: a list of sentences, empty when all is well. */
export const sentences = (findings: readonly Finding[]): string[] =>
  findings.map(({ path, line, message }) => `${path}${line === undefined ? '' : `:${line}`}  ${message}`)
