// Holds functions to what fits on a screen; a file that wants to be long is missing a concept.
import { isGenerated, lineAt, parse, walk, type Finding, type Node, type SourceFile } from './source-files.ts'

export const functionLimit = 70
export const fileLimit = 600
export const fileAim = 400

const functionTypes = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'])

/** A factory and all its closures together. */
export const factoryLimit = 220

/**
 * Functions of more than 70 lines of their own. A closure of several lines is held to the limit by itself and counts as
 * one line of the function around it, which may have 220 lines in all: state shared by closures is read as one thing.
 */
export function longFunctions(files: readonly SourceFile[]): Finding[] {
  return files.filter(isOurs).flatMap((file) => {
    const findings: Finding[] = []
    walk(parse(file).program, (node, parent) => {
      if (!functionTypes.has(node.type) || groupsTests(parent)) return
      const all = linesOf(file, node)
      const own = all - nestedLines(file, node)
      const line = lineAt(file.text, node.start)
      if (own > functionLimit) {
        findings.push({
          path: file.path,
          line,
          message: `a function of ${own} lines; at most ${functionLimit}`,
        })
      } else if (all > factoryLimit) {
        const message = `a function of ${all} lines with its closures; at most ${factoryLimit}`
        findings.push({ path: file.path, line, message })
      }
    })
    return findings
  })
}

const linesOf = ({ text }: SourceFile, node: Node): number =>
  lineAt(text, node.end) - lineAt(text, node.start) + 1

/** Lines of the outermost functions within, but for one line each. */
const nestedLines = (file: SourceFile, outer: Node): number => {
  let lines = 0
  let coveredTo = -1
  walk(outer, (node) => {
    if (node === outer || !functionTypes.has(node.type) || node.start < coveredTo) return
    coveredTo = node.end
    lines += linesOf(file, node) - 1
  })
  return lines
}

/** The callback of describe() only holds tests together. */
const groupsTests = (parent: Node | undefined): boolean =>
  parent?.type === 'CallExpression' &&
  ['describe', 'suite'].includes((parent['callee'] as { name?: string }).name ?? '')

export function longFiles(files: readonly SourceFile[], limit: number): Finding[] {
  return files.filter(isOurs).flatMap(({ path, text }) => {
    const lines = text.split('\n').length - 1
    return lines > limit ? [{ path, message: `${lines} lines; more than ${limit}` }] : []
  })
}

const isOurs = ({ path }: SourceFile): boolean => !isGenerated(path) && !path.endsWith('.d.ts')
