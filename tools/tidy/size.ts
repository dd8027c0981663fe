// Holds functions to what fits on a screen; a file that wants to be long is missing a concept.
import { isGenerated, lineAt, parse, walk, type Finding, type Node, type SourceFile } from './source-files.ts'

export const functionLimit = 70
export const fileLimit = 600
export const fileAim = 400

const functionTypes = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'])

/** Functions of more than 70 lines, counted from their first to their last line, whatever is nested inside. */
export function longFunctions(files: readonly SourceFile[]): Finding[] {
  return files.filter(isOurs).flatMap((file) => {
    const findings: Finding[] = []
    walk(parse(file).program, (node, parent) => {
      if (!functionTypes.has(node.type) || groupsTests(parent)) return
      const first = lineAt(file.text, node.start)
      const lines = lineAt(file.text, node.end) - first + 1
      if (lines > functionLimit) {
        findings.push({
          path: file.path,
          line: first,
          message: `a function of ${lines} lines; at most ${functionLimit}`,
        })
      }
    })
    return findings
  })
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
